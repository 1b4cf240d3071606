from django.apps import AppConfig


class ExportConfig(AppConfig):
    name = "kariz.features.export"
    label = "export"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.export import entries, keeping, running, traces  # noqa: F401  they register on import
