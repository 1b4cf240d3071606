from django.urls import path

import kariz.web.urls  # noqa: F401  registers the converter `rt`
from kariz.features.health import views

app_name = "health"

urlpatterns = [
    path("health/", views.first, name="first"),
    path("health/<rt:subject>/", views.health, name="health"),
    path("health/<rt:subject>/phones/", views.phones, name="phones"),
    path("health/<rt:subject>/hand-over/", views.hand_over, name="hand_over"),
]
