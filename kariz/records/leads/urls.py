from django.urls import path

import kariz.web.urls  # noqa: F401  registers the converter `rt`
from kariz.records.leads import views

app_name = "leads"

urlpatterns = [
    path("<rt:record_type>/<int:pk>/convert/", views.convert, name="convert"),
    path("settings/conversion/", views.conversion_triggers, name="triggers"),
    path("settings/conversion/<slug:target>/", views.conversion_fields, name="mapping"),
]
