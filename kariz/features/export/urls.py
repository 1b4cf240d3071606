from django.urls import path

import kariz.web.urls  # noqa: F401  registers the converter `rt`
from kariz.features.export import views, views_approval

app_name = "export"

urlpatterns = [
    path("export/<rt:record_type>/", views.export, name="export"),
    path("exports/", views.runs, name="runs"),
    path("exports/<int:pk>/", views.run, name="run"),
    path("exports/<int:pk>/file/", views.file, name="file"),
    path("exports/<int:pk>/stop/", views.stop, name="stop"),
    path("exports/<int:pk>/decide/", views_approval.decide, name="decide"),
    path("settings/exports/", views.everybody, name="everybody"),
]
