from django.urls import path

import kariz.web.urls  # noqa: F401  registers the converter `rt`
from kariz.features.rights.views import profiles, readers, roles, rules, shares

app_name = "rights"

SHARING = "settings/sharing/<rt:record_type>"

urlpatterns = [
    path("settings/roles/", roles.roles, name="roles"),
    path("settings/roles/new/", roles.add, name="role_add"),
    path("settings/roles/<int:pk>/", roles.change, name="role"),
    path("settings/roles/<int:pk>/delete/", roles.delete, name="role_delete"),
    path("settings/profiles/", profiles.profiles, name="profiles"),
    path("settings/profiles/new/", profiles.add, name="profile_add"),
    path("settings/profiles/<int:pk>/", profiles.profile, name="profile"),
    path("settings/profiles/<int:pk>/name/", profiles.rename, name="profile_name"),
    path("settings/profiles/<int:pk>/delete/", profiles.delete, name="profile_delete"),
    path("settings/profiles/<int:pk>/fields/<rt:record_type>/", profiles.fields, name="profile_fields"),
    path(f"{SHARING}/", rules.sharing, name="sharing"),
    path(f"{SHARING}/new/", rules.add, name="rule_add"),
    path(f"{SHARING}/<int:pk>/", rules.change, name="rule"),
    path(f"{SHARING}/<int:pk>/switch/", rules.switch, name="rule_switch"),
    path(f"{SHARING}/<int:pk>/delete/", rules.delete, name="rule_delete"),
    path(f"{SHARING}/<int:pk>/count/", rules.count, name="rule_count"),
    path("share/<rt:record_type>/", shares.share_many, name="share_many"),
    path("share/<rt:record_type>/<int:pk>/", shares.share, name="share"),
    path("share/<rt:record_type>/<int:pk>/<int:share_pk>/", shares.take_back, name="take_back"),
    path("readers/<rt:record_type>/<int:pk>/", readers.readers, name="readers"),
]
