from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "kariz.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.jobs import retention  # noqa: F401  its task registers on import
