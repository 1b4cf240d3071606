from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "kariz.features.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.webhooks import entries, recording, retention, sending, traces  # noqa: F401  register on import
