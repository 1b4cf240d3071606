from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kariz.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.accounts import company

        company.forget_between_requests()
