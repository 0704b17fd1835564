"""What can be said about keys only when it is known who deploys, and where."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from timestream_baseline.inputs import Place
from timestream_baseline.inputs.encryption import Key
from timestream_baseline.inputs.mistakes import shown
from timestream_baseline.inputs.texts import ROLE_ARN
from timestream_baseline.key_policies import check_key_policies
from timestream_baseline.location import Location, partition_of


def check_keys(component: pulumi.Resource, keys: Key, location: Location, place: Place) -> None:
    """Refuse keys that the deploying role could not manage or AWS would not make."""
    _check_deployer(component, keys.administrators, location, place)
    check_key_policies(keys, location, place)
    for index, region in enumerate(keys.replica_regions):
        here = place.field("replica_regions").at(index)
        if region == location.region:
            here.mistake(f"is {shown(region)}, where the keys themselves are made; name other regions")
        elif partition_of(region) != location.partition:
            here.mistake(
                f"is {shown(region)}, which is in the partition {partition_of(region)}; keys are replicated "
                f"within {location.partition} only"
            )


def _check_deployer(
    component: pulumi.Resource, administrators: Sequence[str], location: Location, place: Place
) -> None:
    """Refuse keys that the deploying role could not manage any more once they exist."""
    if not administrators:
        return
    context = aws.iam.get_session_context(
        arn=location.caller_arn, opts=pulumi.InvokeOptions(parent=component)
    )
    if context.issuer_arn in administrators:
        return
    # Users and the root of an account have no place in this list.
    way = "add it" if ROLE_ARN.fits(context.issuer_arn) else "deploy with one of these roles"
    place.field("administrators").mistake(
        f"lacks {context.issuer_arn}, which deploys this stack and could not manage the keys that it "
        f"makes; {way}"
    )
