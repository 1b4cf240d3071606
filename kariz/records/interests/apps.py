from django.apps import AppConfig


class InterestsConfig(AppConfig):
    name = "kariz.records.interests"
    label = "interests"
    default_auto_field = "django.db.models.BigAutoField"
