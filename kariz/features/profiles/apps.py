from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "kariz.features.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.profiles import entries, traces  # noqa: F401  they register on import
