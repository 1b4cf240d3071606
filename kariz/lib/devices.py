"""The browser and the system that a User-Agent header names, for people to recognise their own."""

# The first that is found; those that name themselves beside another stand before it.
BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "YaBrowser": "Yandex", "Vivaldi": "Vivaldi",
    "FxiOS": "Firefox", "Firefox": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
    "curl": "curl", "python": "Python",
}  # fmt: skip
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "CrOS": "ChromeOS",
    "Mac OS X": "macOS", "Linux": "Linux",
}  # fmt: skip
PHONES = {"Android", "iPhone", "iPad"}


def browser(agent: str) -> str:
    """Empty where it is none that we know."""
    return next((name for mark, name in BROWSERS.items() if mark in agent), "")


def system(agent: str) -> str:
    """Empty where it is none that we know."""
    return next((name for mark, name in SYSTEMS.items() if mark in agent), "")
