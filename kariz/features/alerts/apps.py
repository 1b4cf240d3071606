from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "kariz.features.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.alerts import assigned  # noqa: F401  registers on import
