from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "kariz.core.tests"
    label = "fleet"
    default_auto_field = "django.db.models.BigAutoField"
