from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "kariz.features.rights"
    label = "rights"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.rights import entries  # noqa: F401  registers on import
