from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "kariz.features.insights"
    label = "insights"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.insights import entries  # noqa: F401  registers on import
