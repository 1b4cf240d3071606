from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "kariz.features.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.backups import daily, entries, traces  # noqa: F401  they register on import
