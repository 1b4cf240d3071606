from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "kariz.records.leads"
    label = "leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.records.leads import entries  # noqa: F401  registers on import
