from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "kariz.records.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"
