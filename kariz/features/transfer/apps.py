from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "kariz.features.transfer"
    label = "transfer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.features.transfer import (  # noqa: F401  they register on import
            checking,
            entries,
            running,
            surveying,
            taking_back,
            tidying,
            traces,
        )
