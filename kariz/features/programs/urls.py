from django.urls import path

from kariz.features.programs import views, views_api

app_name = "programs"

urlpatterns = [
    path("me/tokens/", views.tokens, name="tokens"),
    path("me/tokens/new/", views.new, name="new"),
    path("me/tokens/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("settings/tokens/", views.everybody, name="everybody"),
    path("settings/tokens/new/", views.new_service, name="new_service"),
    path("settings/tokens/<int:pk>/revoke/", views.revoke_any, name="revoke_any"),
    path("api/docs/", views_api.api, name="api"),
    path("api/docs/<slug:type_name>/", views_api.api, name="api_of"),
]
