from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "kariz.features.health"
    label = "health"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.health import entries, fixing, shipped  # noqa: F401  they register on import
