from django.urls import path

import kariz.web.urls  # noqa: F401  registers the converter `rt`
from kariz.features.duplicates import views, views_merge, views_rules, views_warning

app_name = "duplicates"

urlpatterns = [
    *views_merge.urlpatterns,
    path("duplicates/<rt:record_type>/", views.queue_page, name="queue"),
    path("duplicates/<rt:record_type>/scan/", views.scan, name="scan"),
    path("duplicates/<rt:record_type>/merge/", views.merge_many, name="merge_many"),
    path("duplicates/<rt:record_type>/check/", views_warning.check, name="check"),
    path("duplicates/<rt:record_type>/<int:pk>/", views.decide, name="decide"),
    path("settings/types/<rt:record_type>/duplicates/", views_rules.rule, name="rule"),
]
