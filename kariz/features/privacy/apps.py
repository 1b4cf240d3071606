from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "kariz.features.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.privacy import agreeing, entries, looks, marking, retaining, traces  # noqa: F401  they register on import
