from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "kariz.records.organizations"
    label = "organizations"
    default_auto_field = "django.db.models.BigAutoField"
