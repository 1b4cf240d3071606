"""Addresses of the internet: whose a request is, and whether it is in one of some networks."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def parse(text: str) -> IPv4Address | IPv6Address | None:
    """The address, that of an IPv4 machine in IPv6 spelling as IPv4; nothing where the text is none."""
    try:
        found = ip_address(text.strip().partition("%")[0])  # without the zone of a link-local address
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def client(remote: str, forwarded: str, proxies: int) -> str:
    """Who asks, where so many trusted proxies stand before us, each adding one address to X-Forwarded-For.

    Whatever stands further to the left the client may have written itself. Without as many, it came past the proxies.
    """
    named = [part for part in forwarded.split(",") if part.strip()]
    told = named[-proxies] if 0 < proxies <= len(named) else remote
    found = parse(told)
    return str(found) if found else ""


def is_in(address: str, networks: Iterable[str]) -> bool:
    """Whether the address is in one of the networks, such as `10.0.0.0/8` or `2001:db8::/32`."""
    found = parse(address)
    return found is not None and any(found in ip_network(one, strict=False) for one in networks)


def neighbourhood(address: str) -> str:
    """What one client can choose its addresses from: the address itself, with IPv6 the network of 64 bits."""
    found = parse(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found or "")
