"""Browsers are sent back where a program was registered, letter for letter; on one's own computer to any port."""

import pytest

from kariz.features.programs.oauth import addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://planner.example/back", "https://planner.example", "https://planner.example:8443/a?b=c",
        "http://127.0.0.1/back", "http://127.0.0.1:4711/back", "http://[::1]:4711/back", "http://localhost:1/",
        "com.example.planner:/back", "com.example.planner://back",
    ],
)  # fmt: skip
def test_these_can_be_registered(address):
    assert addresses.is_possible(address)
    assert addresses.is_among(address, [address])


@pytest.mark.parametrize(
    "address",
    [
        "", "planner.example/back", "http://planner.example/back", "http://127.0.0.2/", "http://localhost.evil.example/",
        "http://127.0.0.1@evil.example/", "https://user:pass@planner.example/", "https://planner.example/#x",
        "https://planner.example\\@evil.example/", "https://planner.example/ back", "https://planner.example/\n",
        "https://planner.example/;'\"", "https://[::1]/back", "https://plañer.example/", "https://*.example/",
        "javascript:alert(1)", "data:text/html,x", "planner:/back", "file:///etc/passwd", "//planner.example/back",
        "ftp://planner.example/", "com.example.planner:back", "https://" + "a" * 1000,
    ],
)  # fmt: skip
def test_these_cannot(address):
    assert not addresses.is_possible(address)
    assert not addresses.is_among(address, [address])


@pytest.mark.parametrize(
    ("registered", "asked", "is_one"),
    [
        ("http://127.0.0.1/back", "http://127.0.0.1:53211/back", True),
        ("http://[::1]:1/back", "http://[::1]:53211/back", True),
        ("http://127.0.0.1/back", "http://127.0.0.1:53211/other", False),
        ("http://127.0.0.1/back", "http://localhost/back", False),
        ("http://127.0.0.1/back", "https://127.0.0.1/back", False),
        ("http://127.0.0.1/back", "http://127.0.0.1:x/back", False),
        ("https://planner.example/back", "https://planner.example:444/back", False),
        ("https://planner.example/back", "https://planner.example/back/", False),
        ("com.example.planner:/back", "com.example.planner:/other", False),
    ],
)
def test_one_is_among_the_registered_or_not(registered, asked, is_one):
    assert addresses.is_among(asked, ["https://other.example/", registered]) is is_one


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://planner.example:8443/back?x=1", "https://planner.example:8443"),
        ("https://planner.example/back", "https://planner.example"),
        ("http://127.0.0.1:4711/back", "http://127.0.0.1:4711"),
        ("http://127.0.0.1/back", "http://127.0.0.1:80"),
        ("http://[::1]:4711/back", "http://*:4711"),
        ("com.example.planner:/back", "com.example.planner:"),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_policy_names_one_machine_and_port(address, source):
    assert addresses.source(address) == source
