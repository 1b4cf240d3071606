"""Keys for an order made by hand: there is always another one between two neighbours, so a move writes one row."""

# Digits and small letters only: every database collation puts these in one order.
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
FIRST = "i"
_WIDTH = 6


def between(before: str | None, after: str | None) -> str:
    """A key above `before` and below `after`; None is the open end of the list."""
    if before is not None and after is not None and before >= after:
        raise ValueError(f"{before!r} is not below {after!r}")
    if before is None and after is None:
        return FIRST
    if after is None and before is not None:
        return _stepped(before, 1) or _middle(before, None)
    if before is None and after is not None:
        return _stepped(after, -1) or _middle("", after)
    return _middle(before or "", after)


def _stepped(key: str, step: int) -> str:
    """The next key in that direction, no longer than six digits, so that adding at an end never makes keys grow."""
    number = int(key[:_WIDTH].ljust(_WIDTH, "0"), 36) + step
    # No key ends in 0: nothing would fit between it and the same key without the 0.
    number += step if number % 36 == 0 else 0
    return _written(number) if 0 < number < 36**_WIDTH else ""


def _written(number: int) -> str:
    text = ""
    for _ in range(_WIDTH):
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text


def _middle(low: str, high: str | None) -> str:
    """The shortest text about halfway between two fractions in base 36; `high` None is the whole."""
    if high is not None:
        same = 0
        while same < len(high) and (low[same : same + 1] or "0") == high[same]:
            same += 1
        if same == len(high):
            raise ValueError(f"no key fits between {low!r} and {high!r}")
        if same:
            return high[:same] + _middle(low[same:], high[same:])
    least = DIGITS.index(low[0]) if low else 0
    most = DIGITS.index(high[0]) if high else len(DIGITS)
    if most - least > 1:
        return DIGITS[(least + most) // 2]
    if high and len(high) > 1:
        return high[0]
    return DIGITS[least] + _middle(low[1:], None)
