"""Days as year, month and day of a calendar, and back."""

from datetime import date, timedelta

from persiantools.jdatetime import JalaliDate

CALENDARS = ("gregorian", "jalali")
FIRST_JALALI = date(622, 3, 22)
LAST_JALALI = date(9999, 3, 19)


class NotADay(ValueError):
    """`text` names no day; `code` says why: `unreadable`, or `no_such_day` such as the 31st of February."""

    def __init__(self, text: str, code: str = "unreadable") -> None:
        super().__init__(code, text)
        self.text = text
        self.code = code


def reaching(calendar: str, day: date) -> str:
    """`calendar`, or the Gregorian one for the ends of time that the Jalali has no years for."""
    return calendar if calendar != "jalali" or FIRST_JALALI <= day <= LAST_JALALI else "gregorian"


def parts(day: date, calendar: str) -> tuple[int, int, int]:
    """Year, month and day of the month."""
    if reaching(calendar, day) != "jalali":
        return day.year, day.month, day.day
    jalali = JalaliDate.to_jalali(day.year, day.month, day.day)  # type: ignore[no-untyped-call]
    return jalali.year, jalali.month, jalali.day


def day_of(year: int, month: int, day: int, calendar: str) -> date:
    try:
        if calendar == "jalali":
            return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
        return date(year, month, day)
    except (ValueError, OverflowError):
        raise NotADay(f"{year}-{month}-{day}", "no_such_day") from None


def first_of_month(year: int, month: int, calendar: str) -> date:
    """The first day of a month, which may be the 13th or the 0th of its year; the last day of all beyond the end."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    try:
        return day_of(year, month, 1, calendar)
    except NotADay:
        return date.max


def shift_month(day: date, n: int, calendar: str) -> date:
    """The same day `n` months on, or the month's last where it is shorter."""
    year, month, of_month = parts(day, calendar)
    start, end = first_of_month(year, month + n, calendar), first_of_month(year, month + n + 1, calendar)
    return min(start + timedelta(of_month - 1), end - timedelta(1))


def month_grid(year: int, month: int, calendar: str, first_weekday: int) -> list[list[date | None]]:
    """The weeks of a month, seven days each, None before its first day and after its last. Monday is 0."""
    start, end = day_of(year, month, 1, calendar), first_of_month(year, month + 1, calendar)
    cells: list[date | None] = [None] * ((start.weekday() - first_weekday) % 7)
    cells += [start + timedelta(n) for n in range((end - start).days)]
    cells += [None] * (-len(cells) % 7)
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]
