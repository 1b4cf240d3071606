"""How a person is drawn where there is no room for the name: initials on a colour of his own."""

COLOURS = ("teal", "violet", "amber", "blue", "green", "pink", "indigo", "orange", "cyan", "lime")
ZERO_WIDTH_NON_JOINER = "\u200c"  # keeps two Persian letters from growing together


def initials(name: str) -> str:
    """The first letters of the first and the last word."""
    words = name.split()
    letters = [word[0].upper() for word in (words[:1] + words[1:][-1:])]
    return ZERO_WIDTH_NON_JOINER.join(letters) if name and not name.isascii() else "".join(letters)


def colour(pk: int | None) -> str:
    return COLOURS[(pk or 0) % len(COLOURS)]
