from django.urls import path

import kariz.web.urls  # noqa: F401  registers the converter `rt`
from kariz.features.comments import views

app_name = "comments"

urlpatterns = [
    path("comments/<rt:record_type>/", views.bulk, name="bulk"),
    path("comments/<rt:record_type>/<int:pk>/", views.add, name="add"),
    path("comments/<int:pk>/remove/", views.remove, name="remove"),
]
