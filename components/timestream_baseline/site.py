"""What every part of one baseline needs: whose part it is, and where it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi

from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.inputs.shared import Shared
from timestream_baseline.location import Location
from timestream_baseline.part import values_of
from timestream_baseline.resources import child_of


@dataclass(frozen=True, kw_only=True)
class Site:
    """What every part needs: whose part it is, its settings, and where it is made."""

    component: pulumi.ComponentResource
    name: str
    settings: Baseline
    location: Location
    # The spelling of the arguments, for messages about them.
    camel: bool

    @property
    def shared(self) -> dict[str, Any]:
        """Return the settings that all parts share."""
        settings = self.settings
        return values_of(
            Shared(
                encryption=settings.encryption,
                protect_data=settings.protect_data,
                tags=settings.tags,
                region=self.location.region,
            )
        )

    @property
    def place(self) -> dict[str, Any]:
        """Return what internal parts take beside their own arguments."""
        return {
            "owner": self.name,
            "location": self.location,
            "tags": self.settings.tags,
            "opts": child_of(self.component),
        }
