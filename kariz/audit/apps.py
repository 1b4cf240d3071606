from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "kariz.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.audit import guards, signing_in

        signing_in.listen()
        post_migrate.connect(guards.install, sender=self, dispatch_uid="kariz.audit")
