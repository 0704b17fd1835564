"""The trail that records who did what, and where its records are kept."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

from collections.abc import Sequence
from functools import partial
from typing import Any, Never, cast

import pulumi
from pulumi_aws import cloudtrail

from timestream_baseline.audit_warnings import weakened_defaults
from timestream_baseline.documents.selectors import INSIGHTS, event_selectors
from timestream_baseline.documents.trails import trail_arn, trail_key_policy
from timestream_baseline.encryption import encryption_key
from timestream_baseline.existing_trail import name_is_taken, review_existing_trail
from timestream_baseline.inputs.audit import AuditTrailPart, AuditTrailPartArgs
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.location import Location
from timestream_baseline.naming import trail_name
from timestream_baseline.part import Part
from timestream_baseline.resources import data_child_of, engine_calls_back, output_map
from timestream_baseline.trail_storage import (
    PURPOSE,
    Delivery,
    access_log_bucket,
    bucket_arns,
    delivery,
    log_bucket,
    write_down_use,
)


class AuditTrail(pulumi.ComponentResource):
    """A trail of management events and of every query, with proof that its files were not changed.

    Its bucket is locked, encrypted with a key of its own, and takes files from this trail only; who reads it
    is written down in a second bucket. A log group under another key lets alarms watch the trail. CloudTrail
    never records WriteRecords, nor what an endpoint's policy refuses: no trail shows these.
    """

    trail_arn: pulumi.Output[str] | None = None
    """The trail that is made, or the one that exists."""
    log_bucket: pulumi.Output[str] | None = None
    """The bucket that the trail delivers to, if the trail is made here."""
    log_group_name: pulumi.Output[str] | None = None
    """The log group that gets the trail's events, or the existing one that was named."""
    key_arns: pulumi.Output[dict[str, str]]
    """The ARN of each key that is made, by what it encrypts: "trail", "logGroup"."""

    def __init__(
        self,
        name: str,
        args: AuditTrailPartArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Validate the arguments, then make the trail, or read the one that exists."""
        part = Part("AuditTrail", AuditTrailPart, name, args, unexpected)
        settings = part.settings
        super().__init__("timestream-baseline:index:AuditTrail", name, {"trail": settings.trail}, opts)
        self._owner = name
        self._settings = settings
        self._location: Location = part.locate(self)
        for message in weakened_defaults(settings, "" if part.alone else "audit."):
            pulumi.log.warn(message, resource=self)
        self.keys: dict[str, pulumi.Output[str]] = {}
        # Where alarms can see management events; None: nowhere that is known.
        self.management_log_group: TextInput | None = settings.existing_log_group_name
        if settings.existing_log_group_name is not None:
            self.log_group_name = pulumi.Output.from_input(settings.existing_log_group_name)
        if settings.trail == "create":
            self._make_trail()
        elif settings.trail_arn is not None:
            review_existing_trail(self, name, settings.trail_arn, settings, self._location)
            self.trail_arn = pulumi.Output.from_input(settings.trail_arn)
        self.key_arns = output_map(self.keys)
        self.register_outputs(self.outputs())

    def outputs(self) -> dict[str, pulumi.Output[Any]]:
        """All outputs by their names in state and in other languages."""
        outputs: dict[str, pulumi.Output[Any] | None] = {
            "trailArn": self.trail_arn,
            "logBucket": self.log_bucket,
            "logGroupName": self.log_group_name,
            "keyArns": self.key_arns,
        }
        return {name: output for name, output in outputs.items() if output is not None}

    def _make_trail(self) -> None:
        owner, settings, location = self._owner, self._settings, self._location
        name, logical_name = trail_name(owner), f"{owner}-{PURPOSE}"
        arn = trail_arn(
            partition=location.partition, region=location.region, account=location.account, trail=name
        )
        key = encryption_key(
            self,
            owner=owner,
            purpose=PURPOSE,
            policy=partial(trail_key_policy, trail_arn=arn, buckets=bucket_arns(owner, location)),
            encryption=settings.encryption,
            location=location,
            tags=settings.tags,
            protect_data=settings.protect_data,
        )
        self.keys[PURPOSE] = key.arn
        access_logs = None
        if settings.access_logs:
            access_logs = access_log_bucket(self, owner=owner, settings=settings, location=location)
            write_down_use(self, owner=owner, settings=settings, access_logs=access_logs, location=location)
        bucket = log_bucket(
            self,
            owner=owner,
            settings=settings,
            location=location,
            trail_arn=arn,
            key=key,
            access_logs=access_logs,
        )
        logs = self._delivery() if settings.log_group else None
        selectors = event_selectors(
            management_events=settings.management_events, data_events=settings.data_events
        )
        insights = INSIGHTS if settings.insights and settings.management_events else ()
        # CloudTrail tries at once whether it may write: everything that lets it must stand before.
        options = data_child_of(
            self,
            protect_data=settings.protect_data,
            depends_on=[*bucket.settings, *([logs.policy] if logs else ())],
        )
        if engine_calls_back():
            options.hooks = pulumi.ResourceHookBinding(on_error=[name_is_taken(self, logical_name, arn)])
        trail = cloudtrail.Trail(
            logical_name,
            name=name,
            s3_bucket_name=bucket.name,
            kms_key_id=key.arn,
            enable_logging=True,
            enable_log_file_validation=True,
            include_global_service_events=True,
            is_multi_region_trail=settings.multi_region,
            advanced_event_selectors=cast(Sequence[cloudtrail.TrailAdvancedEventSelectorArgsDict], selectors),
            insight_selectors=[{"insight_type": insight} for insight in insights],
            cloud_watch_logs_group_arn=logs.log_group_arn if logs else None,
            cloud_watch_logs_role_arn=logs.role_arn if logs else None,
            sns_topic_name=self._topic(),
            tags=dict(settings.tags),
            region=location.region,
            opts=options,
        )
        self.trail_arn = trail.arn
        self.log_bucket = bucket.name

    def _delivery(self) -> Delivery:
        """Let the trail fill a log group, and keep what others need to know of it."""
        settings = self._settings
        logs = delivery(self, owner=self._owner, settings=settings, location=self._location)
        if logs.key_arn is not None:
            self.keys["logGroup"] = logs.key_arn
            self.log_group_name = pulumi.Output.from_input(logs.log_group)
            if settings.management_events:
                self.management_log_group = self.log_group_name
        return logs

    def _topic(self) -> pulumi.Output[str] | None:
        """Name the topic of deliveries as AWS keeps it: one of this account and region without its ARN."""
        if self._settings.topic_arn is None:
            return None
        here = f":{self._location.region}:{self._location.account}:"
        return pulumi.Output.from_input(self._settings.topic_arn).apply(
            lambda arn: arn.rpartition(":")[2] if here in arn else arn
        )
