from django.urls import path

from kariz.features.backups import views

app_name = "backups"

urlpatterns = [
    path("settings/backups/", views.backups, name="backups"),
    path("settings/backups/make/", views.make, name="make"),
    path("settings/backups/state/", views.state, name="state"),
    path("settings/backups/<str:name>/", views.download, name="download"),
    path("settings/backups/<str:name>/delete/", views.delete, name="delete"),
]
