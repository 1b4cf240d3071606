from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class WebConfig(AppConfig):
    name = "kariz.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kariz.core import attached
        from kariz.web import bulk, saved, tidying, traces  # noqa: F401  the jobs register on import
        from kariz.web.models import Submission, Visit

        attached.attach(Visit, one_per=["user"])
        attached.attach(Submission)

        autodiscover_modules("home")
        post_migrate.connect(saved.seed, sender=self, dispatch_uid="kariz.views")
