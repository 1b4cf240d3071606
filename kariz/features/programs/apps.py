from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "kariz.features.programs"
    label = "programs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.programs import entries, tidying, traces  # noqa: F401  they register on import
        from kariz.features.programs.oauth import joining, registering  # noqa: F401
