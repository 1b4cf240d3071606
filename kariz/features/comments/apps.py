from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "kariz.features.comments"
    label = "comments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.comments import entries  # noqa: F401  registers on import
