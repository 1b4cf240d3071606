from django.urls import path

from kariz.features.programs import views, views_api, views_consent, views_oauth, views_registered

app_name = "programs"

urlpatterns = [
    path("me/tokens/", views.tokens, name="tokens"),
    path("me/tokens/new/", views.new, name="new"),
    path("me/tokens/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("settings/tokens/", views.everybody, name="everybody"),
    path("settings/tokens/new/", views.new_service, name="new_service"),
    path("settings/tokens/<int:pk>/revoke/", views.revoke_any, name="revoke_any"),
    path("me/tokens/programs/<int:pk>/disconnect/", views.disconnect, name="disconnect"),
    path("settings/programs/", views_registered.registered, name="registered"),
    path("settings/programs/add/", views_registered.add, name="add_program"),
    path("settings/programs/<int:pk>/", views_registered.program, name="program"),
    path("settings/programs/<int:pk>/change/", views_registered.change, name="change_program"),
    path("settings/programs/<int:pk>/secret/", views_registered.new_secret, name="program_secret"),
    path("settings/programs/<int:pk>/delete/", views_registered.delete, name="delete_program"),
    path(
        "settings/programs/<int:pk>/people/<int:user_pk>/disconnect/",
        views_registered.disconnect,
        name="disconnect_any",
    ),
    path("oauth/authorize/", views_consent.authorize, name="authorize"),
    path("oauth/token/", views_oauth.token, name="token"),
    path("oauth/revoke/", views_oauth.revoke_token, name="revoke_token"),
    path(".well-known/oauth-authorization-server", views_oauth.metadata, name="metadata"),
    path("api/docs/", views_api.api, name="api"),
    path("api/docs/<slug:type_name>/", views_api.api, name="api_of"),
]
