from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "kariz.features.comments"
    label = "comments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.comments import entries, traces  # noqa: F401  they register on import
