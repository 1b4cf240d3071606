"""Browsers and systems by the headers that they really send."""

import pytest

from kariz.lib import devices

CHROME = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/131.0 Mobile Safari/537.36"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36 Edg/131.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (CHROME, "Chrome", "Android"),
        (EDGE, "Edge", "Windows"),
        (SAFARI, "Safari", "iPhone"),
        (FIREFOX, "Firefox", "Linux"),
        ("", "", ""),
        ("something", "", ""),
    ],
)
def test_a_header_tells_browser_and_system(agent, browser, system):
    assert (devices.browser(agent), devices.system(agent)) == (browser, system)
