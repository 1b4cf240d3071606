from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "kariz.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.accounts import company, role_tree, sessions

        company.forget_between_requests()
        sessions.connect()
        post_migrate.connect(role_tree.plant, sender=self, dispatch_uid="kariz.roles")
