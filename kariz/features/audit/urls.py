from django.urls import path

from kariz.features.audit import views

app_name = "audit"

urlpatterns = [
    path("settings/audit/", views.log, name="log"),
    path("settings/audit/verify/", views.verify, name="verify"),
    path("settings/audit/settings/", views.settings, name="settings"),
    path("settings/audit/export/<slug:name>/", views.export, name="export"),
    path("settings/audit/<int:pk>/", views.entry, name="entry"),
]
