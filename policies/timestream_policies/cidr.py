"""Address ranges as EC2 takes them: which are the internet, which are private, which are wide."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from timestream_policies.settings import Thresholds

Network = IPv4Network | IPv6Network

_EVERYTHING = ip_network("0.0.0.0/0")
_PRIVATE = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)
# Nobody owns a public range wider than these: who writes one means everybody, be it in halves.
_WIDEST_OWNED = {4: 8, 6: 16}
_WIDEST_PUBLIC = {4: 24, 6: 48}


@lru_cache(maxsize=4096)
def network(text: str) -> Network:
    """Return the range that a text names; what is none counts as everything. Host bits are dropped."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return _EVERYTHING


@lru_cache(maxsize=4096)
def is_private(text: str) -> bool:
    """Tell whether a range lies in a private one altogether."""
    found = network(text)
    return any(_within(found, private) for private in _PRIVATE)


@lru_cache(maxsize=4096)
def is_internet(text: str) -> bool:
    """Tell whether a range is the internet, or so much of it that nobody owns it."""
    found = network(text)
    return found.prefixlen < _WIDEST_OWNED[found.version] and not is_private(text)


def is_wide(text: str, thresholds: Thresholds) -> bool:
    """Tell whether a range is wider than one network: for a private one the thresholds say what that is."""
    found = network(text)
    if is_private(text):
        return found.prefixlen < _widest_allowed(found, thresholds)
    return found.prefixlen < _WIDEST_PUBLIC[found.version]


def is_wider_than_allowed(text: str, thresholds: Thresholds) -> bool:
    """Tell whether a range, private or public, is wider than the thresholds allow."""
    found = network(text)
    return found.prefixlen < _widest_allowed(found, thresholds)


def lies_within(text: str, outer: str) -> bool:
    """Tell whether a range lies in another one."""
    return _within(network(text), network(outer))


def _widest_allowed(found: Network, thresholds: Thresholds) -> int:
    return thresholds.widest_ipv4_prefix if found.version == 4 else thresholds.widest_ipv6_prefix


def _within(inner: Network, outer: Network) -> bool:
    if isinstance(inner, IPv4Network):
        return isinstance(outer, IPv4Network) and inner.subnet_of(outer)
    return isinstance(outer, IPv6Network) and inner.subnet_of(outer)
