"""Whose a request is, and whether an address is in a network."""

import pytest

from kariz.lib import networks


@pytest.mark.parametrize(
    ("forwarded", "proxies", "client"),
    [
        ("", 0, "10.0.0.1"),
        ("6.6.6.6", 0, "10.0.0.1"),
        ("6.6.6.6, 1.2.3.4", 1, "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4, 10.0.0.9", 2, "1.2.3.4"),
        ("", 1, "10.0.0.1"),
        ("1.2.3.4", 2, "10.0.0.1"),
        ("nonsense", 1, ""),
        ("6.6.6.6, ::ffff:1.2.3.4", 1, "1.2.3.4"),
        ("2001:DB8::0001", 1, "2001:db8::1"),
        ("fe80::1%eth0", 1, "fe80::1"),
    ],
)
def test_only_what_trusted_proxies_have_added_is_believed(forwarded, proxies, client):
    assert networks.client("10.0.0.1", forwarded, proxies) == client


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("192.168.1.7", True),
        ("::ffff:192.168.1.7", True),
        ("192.168.2.7", False),
        ("2001:db8:5::1", True),
        ("2001:db9::1", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_addresses_are_looked_for_in_networks_of_both_kinds(address, is_inside):
    assert networks.is_in(address, ["192.168.1.0/24", "2001:db8::/32"]) == is_inside


def test_who_has_a_whole_network_of_ipv6_is_one():
    assert (
        networks.neighbourhood("2001:db8::1") == networks.neighbourhood("2001:db8::ffff") == "2001:db8::/64"
    )
    assert networks.neighbourhood("10.0.0.1") == "10.0.0.1"
