"""Customer managed keys."""

import json
from collections.abc import Callable, Mapping

import pulumi
from pulumi_aws import kms

from timestream_baseline.documents.parts import Document
from timestream_baseline.inputs.settings import Encryption
from timestream_baseline.location import Location
from timestream_baseline.naming import key_alias
from timestream_baseline.resources import child_of, data_child_of


class EncryptionKey(pulumi.ComponentResource):
    """One customer managed key that rotates by itself, and its alias.

    Its policy lets administrators manage it without using it, and others use it through one AWS service only.
    """

    arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        owner: str,
        purpose: str,
        policy: Callable[..., Document],
        settings: Encryption,
        location: Location,
        tags: Mapping[str, str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the key for `purpose` ("databases/metrics", "topic") of the baseline named `owner`.

        `policy` writes the key policy for a place and the administrators.
        """
        super().__init__("timestream-baseline:index:EncryptionKey", name, {"purpose": purpose}, opts)
        document = policy(
            partition=location.partition,
            region=location.region,
            account=location.account,
            dns_suffix=location.dns_suffix,
            administrators=settings.administrators,
        )
        key = kms.Key(
            name,
            description=f"{owner}: {purpose}",
            policy=json.dumps(document),
            enable_key_rotation=True,
            rotation_period_in_days=settings.rotation_period_days,
            deletion_window_in_days=settings.deletion_window_days,
            bypass_policy_lockout_safety_check=False,
            tags=dict(tags),
            region=location.region,
            opts=data_child_of(self, protect_data=protect),
        )
        kms.Alias(
            name,
            name=key_alias(owner, purpose),
            target_key_id=key.key_id,
            region=location.region,
            opts=child_of(self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
