"""The encrypted topic on which alarms are announced."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
from pulumi_aws import sns

from timestream_baseline.documents.limits import compact
from timestream_baseline.documents.parts import topic_arn
from timestream_baseline.documents.topics import PUBLISHERS, topic_key_policy, topic_policy
from timestream_baseline.encryption import encryption_key
from timestream_baseline.inputs import Place
from timestream_baseline.inputs.encryption import Encryption
from timestream_baseline.location import Location
from timestream_baseline.naming import topic_name
from timestream_baseline.resources import child_of

# What happens all day long, and needs nobody: each log file that the trail delivers, each run of a scheduled
# query that went well. A subscription that filters by messages gets those in JSON only, so everything that
# people must see is: alarms, events, the failures of scheduled queries. The plain text of a vault is not.
# https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
# https://docs.aws.amazon.com/timestream/latest/developerguide/scheduledqueries-notification.html
_ABSENT: Final = {"exists": False}
EXCEPT_ROUTINE: Final = {
    "s3ObjectKey": [_ABSENT],
    "type": [_ABSENT, {"anything-but": ["AUTO_TRIGGER_SUCCESS", "MANUAL_TRIGGER_SUCCESS"]}],
}


class Notifications(pulumi.ComponentResource):
    """One topic, encrypted with a key of its own that AWS's publishers may use, and its subscriptions.

    A topic under the AWS managed key would stay silent: CloudWatch, EventBridge, CloudTrail and Backup may
    not use that key.
    """

    topic_arn: pulumi.Output[str]
    key_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        owner: str,
        emails: Sequence[str],
        encryption: Encryption,
        location: Location,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the topic of the baseline named `owner`."""
        super().__init__("timestream-baseline:index:Notifications", name, {"emails": list(emails)}, opts)
        key = encryption_key(
            self,
            owner=owner,
            purpose="topic",
            policy=topic_key_policy,
            encryption=encryption,
            location=location,
            tags=tags,
            protect_data=False,
        )
        topic = sns.Topic(
            name,
            name=topic_name(owner),
            kms_master_key_id=key.arn,
            tags=dict(tags),
            region=location.region,
            opts=child_of(self),
        )
        policy = sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=compact(
                topic_policy(
                    topic_arn=topic_arn(
                        partition=location.partition,
                        region=location.region,
                        account=location.account,
                        topic=topic_name(owner),
                    ),
                    partition=location.partition,
                    region=location.region,
                    account=location.account,
                )
            ),
            region=location.region,
            opts=child_of(self),
        )
        for email in emails:
            sns.TopicSubscription(
                f"{name}/{email}",
                topic=topic.arn,
                protocol="email",
                endpoint=email,
                filter_policy=compact(EXCEPT_ROUTINE),
                filter_policy_scope="MessageBody",
                region=location.region,
                opts=child_of(self, depends_on=[policy]),
            )
        self.topic_arn = topic.arn
        # For services that try the topic at once: it is known when the policy stands.
        self.announcements = policy.arn
        self.key_arn = key.arn
        self.register_outputs({"topicArn": self.topic_arn, "keyArn": self.key_arn})


def check_topic_region(arn: pulumi.Input[str] | None, location: Location, place: Place) -> None:
    """Refuse a topic of another region: alarms and rules reach those of their own only.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """
    if isinstance(arn, str) and (region := arn.split(":")[3]) != location.region:
        place.field("topic_arn").mistake(
            f"is a topic of {region}, but alarms in {location.region} can only tell one of that region; "
            "name such a topic, or leave it out"
        )


def say_what_a_topic_must_allow(component: pulumi.Resource, arn: pulumi.Input[str]) -> None:
    """Say once what the owner of an existing topic has to see to: nothing of it is changed here."""
    shown = f" {arn}" if isinstance(arn, str) else ""
    pulumi.log.warn(
        f"the existing topic{shown} is not changed: its policy must let {', '.join(PUBLISHERS)} publish, "
        "and the policy of its key, if it has one, must let them use kms:Decrypt and kms:GenerateDataKey*",
        resource=component,
    )
