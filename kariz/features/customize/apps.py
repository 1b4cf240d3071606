from django.apps import AppConfig


class CustomizeConfig(AppConfig):
    name = "kariz.features.customize"
    label = "customize"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.customize import entries, handing_over  # noqa: F401  they register on import
