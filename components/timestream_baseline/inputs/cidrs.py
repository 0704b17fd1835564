"""Ranges of IP addresses as arguments."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

from timestream_baseline.inputs.kinds import INVALID, wrong
from timestream_baseline.inputs.mistakes import Place, shown


@dataclass(frozen=True)
class Cidr:
    """A range of addresses, IPv4 or IPv6, in the one way in which AWS writes it."""

    def read(self, value: object, place: Place) -> Any:
        """Read a range; one of all addresses names nobody."""
        expected = "a range of addresses such as 10.0.0.0/16"
        if not isinstance(value, str) or "/" not in value:
            return wrong(value, expected, place)
        try:
            network = ipaddress.ip_network(value, strict=False)
        except ValueError:
            return wrong(value, expected, place)
        if network.prefixlen == 0:
            place.mistake(f"is {shown(value)}, which is everybody; name the addresses of the clients")
            return INVALID
        if str(network) != value:
            place.mistake(f"is {shown(value)}, which AWS writes as {network}; write it so")
            return INVALID
        return value
