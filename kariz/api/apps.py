from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class APIConfig(AppConfig):
    name = "kariz.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.api import resources, tidying, traces  # noqa: F401  they register on import

        autodiscover_modules("endpoints")
