from django.urls import path

import kariz.web.urls  # noqa: F401  registers the converter `rt`
from kariz.features.webhooks.views import deliveries, narrowing, webhooks

app_name = "webhooks"

urlpatterns = [
    path("settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/add/", webhooks.add, name="add"),
    path("settings/webhooks/<int:pk>/", deliveries.webhook, name="webhook"),
    path("settings/webhooks/<int:pk>/change/", webhooks.change, name="change"),
    path("settings/webhooks/<int:pk>/narrow/<rt:record_type>/", narrowing.narrow, name="narrow"),
    path("settings/webhooks/<int:pk>/secret/", webhooks.new_secret, name="secret"),
    path("settings/webhooks/<int:pk>/delete/", webhooks.delete, name="delete"),
    path("settings/webhooks/<int:pk>/test/", deliveries.test, name="test"),
    path("settings/webhooks/<int:pk>/again/", deliveries.failed_again, name="failed_again"),
    path("settings/webhooks/<int:pk>/deliveries/<int:delivery_pk>/", deliveries.delivery, name="delivery"),
    path("settings/webhooks/<int:pk>/deliveries/<int:delivery_pk>/again/", deliveries.again, name="again"),
]
