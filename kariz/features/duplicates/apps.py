from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DuplicatesConfig(AppConfig):
    name = "kariz.features.duplicates"
    label = "duplicates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.core import duplicates
        from kariz.features.duplicates import (  # noqa: F401  register on import
            automatic,
            entries,
            entries_merge,
            keys,
            marking,
            merging,
            rebuilding,
            recognising,
            scanning,
            traces,
        )

        autodiscover_modules("recognition")
        duplicates.recognise_by(recognising)
