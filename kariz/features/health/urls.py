from django.urls import path

from kariz.features.health import views

app_name = "health"

urlpatterns = [
    path("health/", views.first, name="first"),
    path("health/<slug:type_name>/", views.health, name="health"),
    path("health/<slug:type_name>/phones/", views.phones, name="phones"),
    path("health/<slug:type_name>/hand-over/", views.hand_over, name="hand_over"),
]
