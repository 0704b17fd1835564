"""Whoever deploys must be able to manage the keys afterwards."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from timestream_baseline.inputs import Place
from timestream_baseline.location import Location


def check_deployer(
    component: pulumi.Resource, administrators: Sequence[str], location: Location, place: Place
) -> None:
    """Refuse keys that the deploying role could not manage any more once they exist."""
    if not administrators:
        return
    context = aws.iam.get_session_context(
        arn=location.caller_arn, opts=pulumi.InvokeOptions(parent=component)
    )
    if context.issuer_arn not in administrators:
        place.field("administrators").mistake(
            f"lacks {context.issuer_arn}, which deploys this stack and could not manage the keys that it "
            "makes; add it"
        )
