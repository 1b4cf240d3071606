from django.apps import AppConfig


class AuditScreensConfig(AppConfig):
    name = "kariz.features.audit"
    label = "audit_screens"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.audit import (  # noqa: F401  they register on import
            daily,
            entries,
            looks,
            previews,
            traces,
            viewed,
        )
