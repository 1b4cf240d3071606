from django.urls import path

import kariz.web.urls  # noqa: F401  registers the converter `rt`
from kariz.features.profiles import views

app_name = "profiles"

urlpatterns = [
    path("profiles/", views.profiles, name="profiles"),
    path("profiles/<rt:record_type>/new/", views.new, name="new"),
    path("profiles/<int:pk>/", views.profile, name="profile"),
]
