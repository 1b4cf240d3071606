"""The one place that knows calendars. Days are Gregorian `date`s everywhere else; bounds are half-open."""

from kariz.lib.calendars.days import CALENDARS, NotADay, day_of, month_grid, parts, shift_month
from kariz.lib.calendars.names import month_names, weekday_names
from kariz.lib.calendars.periods import (
    PERIODS,
    fiscal_year_bounds,
    month_bounds,
    period_bounds,
    quarter_bounds,
    week_bounds,
    year_bounds,
)
from kariz.lib.calendars.reading import parse_day, parse_moment
from kariz.lib.calendars.showing import month_label, quarter_label, relative, show_day, show_moment

__all__ = [
    "CALENDARS",
    "PERIODS",
    "NotADay",
    "day_of",
    "fiscal_year_bounds",
    "month_bounds",
    "month_grid",
    "month_label",
    "month_names",
    "parse_day",
    "parse_moment",
    "parts",
    "period_bounds",
    "quarter_bounds",
    "quarter_label",
    "relative",
    "shift_month",
    "show_day",
    "show_moment",
    "week_bounds",
    "weekday_names",
    "year_bounds",
]
