from importlib import import_module
from importlib.util import find_spec

import kariz.web.urls  # noqa: F401  registers the converter `rt`

app_name = "duplicates"

urlpatterns = []
if find_spec("kariz.features.duplicates.views_merge"):
    urlpatterns += import_module("kariz.features.duplicates.views_merge").urlpatterns
