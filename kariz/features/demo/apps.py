from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "kariz.features.demo"
    label = "demo"
