"""The import wizard, a step a module. Nothing is written before "Run"."""

from kariz.features.transfer.views.checks import check
from kariz.features.transfer.views.columns import columns
from kariz.features.transfer.views.matches import matches
from kariz.features.transfer.views.reading import reread
from kariz.features.transfer.views.reports import failures, report, save_plan, stop
from kariz.features.transfer.views.uploads import upload
from kariz.features.transfer.views.values import values

__all__ = [
    "check",
    "columns",
    "failures",
    "matches",
    "report",
    "reread",
    "save_plan",
    "stop",
    "upload",
    "values",
]
