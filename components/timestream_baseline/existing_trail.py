"""A trail that exists already: one that is used as it is, or one that stands in the way of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi_aws import cloudtrail

from timestream_baseline.documents.selectors import shortcomings
from timestream_baseline.inputs.audit import Audit
from timestream_baseline.location import Location
from timestream_baseline.resources import child_of

_READ: Final = (
    "advanced_event_selectors",
    "arn",
    "cloud_watch_logs_group_arn",
    "enable_log_file_validation",
    "enable_logging",
    "event_selectors",
    "is_multi_region_trail",
    "kms_key_id",
)


def review_existing_trail(
    component: pulumi.ComponentResource, name: str, trail_arn: str, audit: Audit, location: Location
) -> None:
    """Read a trail and say in one warning what it lacks. One of another account could not be read."""
    _, _, _, region, account, _ = trail_arn.split(":", 5)
    if account != location.account:
        pulumi.log.warn(
            f"{trail_arn} belongs to account {account} and could not be read from {location.account}; see "
            "to it there that it records management events and queries",
            resource=component,
        )
        return
    trail = cloudtrail.Trail.get(f"{name}-existing-trail", trail_arn, region=region, opts=child_of(component))

    def review(properties: Mapping[str, Any]) -> None:
        # A preview knows nothing of properties that the trail does not have.
        known = {
            key: value for key, value in properties.items() if not isinstance(value, pulumi.output.Unknown)
        }
        if "arn" not in known:  # the provider itself is not configured yet: nothing was read
            return
        lacks = shortcomings(known, management_events=audit.management_events, data_events=audit.data_events)
        if lacks:
            pulumi.log.warn(
                f"{trail_arn} is used as it is, and nothing of it is changed. What it lacks: "
                + "; ".join(lacks),
                resource=component,
            )

    properties = {name: getattr(trail, name) for name in _READ}
    pulumi.Output.all(**properties).apply(review, run_with_unknowns=True)


def name_is_taken(component: pulumi.ComponentResource, logical_name: str, trail_arn: str) -> pulumi.ErrorHook:
    """Make the hook that says what to do when a trail of our name exists, such as one that was retained.

    Our trail's name has no random suffix, since its ARN stands in policies before it exists.
    """
    _, _, _, region, _, resource = trail_arn.split(":", 5)
    name = resource.removeprefix("trail/")

    async def explain(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation == "create" and "TrailAlreadyExistsException" in args.errors[0]:
            parent = await component.urn.future()
            pulumi.log.error(
                f"A trail named {name} exists already in {region}, perhaps one that was retained. Do one of "
                "these, and run pulumi up again.\n"
                "Keep it under this stack, which then changes it to what is wanted here:\n"
                f"  pulumi import aws:cloudtrail/trail:Trail {logical_name} {trail_arn} "
                f"--parent 'parent={parent}' --generate-code=false\n"
                "Delete it; its log files stay in their bucket:\n"
                f"  aws cloudtrail delete-trail --name {trail_arn} --region {region}\n"
                "Rename it: a trail gets its name from its component, so give that another name.",
                resource=component,
            )
        return False  # no second attempt

    # The ARN makes the name of the hook unique: the engine takes each name once per update.
    return pulumi.ErrorHook(f"creation of {trail_arn}", explain)
