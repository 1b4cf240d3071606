from django.urls import path

import kariz.web.urls  # noqa: F401  registers the converter `rt`
from kariz.features.privacy.views import consents, erasures, retention, settings

app_name = "privacy"

urlpatterns = [
    path("consent/<rt:record_type>/", consents.bulk, name="consent_bulk"),
    path("consent/<rt:record_type>/<int:pk>/", consents.add, name="consent"),
    path("erase/<rt:record_type>/<int:pk>/", erasures.erase, name="erase"),
    path("erase/<rt:record_type>/<int:pk>/known/", erasures.known, name="known"),
    path("settings/privacy/channels/", settings.channels, name="channels"),
    path("settings/privacy/channels/<int:pk>/", settings.channel, name="channel"),
    path("settings/privacy/personal/<rt:record_type>/", settings.personal, name="personal"),
    path("settings/privacy/erasures/", erasures.erasures, name="erasures"),
    path("settings/privacy/erasures/<int:pk>/", erasures.certificate, name="certificate"),
    path("settings/privacy/erasures/<int:pk>/file/", erasures.certificate_file, name="certificate_file"),
    path("settings/privacy/retention/", retention.rules, name="retention"),
    path("settings/privacy/retention/new/<rt:record_type>/", retention.new, name="rule_new"),
    path("settings/privacy/retention/<int:pk>/", retention.rule, name="rule"),
    path("settings/privacy/retention/<int:pk>/run/", retention.run, name="rule_run"),
]
