from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "kariz.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.core import (  # noqa: F401  checks, jobs and what follows an undo register on import
            checks,
            events,
            indexes,
            looks,
            merging,
            metadata,
            picklists,
            sharing,
            sql,
            traces,
            undoing,
        )  # fmt: skip

        connection_created.connect(sql.teach_connection, dispatch_uid="kariz.sql")
        autodiscover_modules("record_type", "actions")
        post_migrate.connect(picklists.seed_choices, sender=self, dispatch_uid="kariz.choices")
        post_migrate.connect(indexes.remake_missing, sender=self, dispatch_uid="kariz.indexes")
