"""Customer managed keys."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Never

import pulumi
from pulumi_aws import kms

from timestream_baseline.documents.keys import database_key_policy
from timestream_baseline.documents.parts import Document
from timestream_baseline.inputs.encryption import Encryption, EncryptionKeyPart, EncryptionKeyPartArgs, Key
from timestream_baseline.location import Location
from timestream_baseline.naming import key_alias
from timestream_baseline.part import Part, checked
from timestream_baseline.resources import child_of, data_child_of


class EncryptionKey(pulumi.ComponentResource):
    """One customer managed key that rotates by itself, and its alias.

    Its policy lets administrators manage it without using it, and others use it through one AWS service only:
    Timestream, when the key is made alone.
    """

    arn: pulumi.Output[str]
    """The ARN of the key."""

    def __init__(
        self,
        name: str,
        args: EncryptionKeyPartArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Validate the arguments, then make the key and its alias."""
        part = Part("EncryptionKey", EncryptionKeyPart, name, args, unexpected)
        settings = part.settings
        super().__init__("timestream-baseline:index:EncryptionKey", name, {"purpose": settings.purpose}, opts)
        location = part.locate(self)
        owner = settings.owner or name
        write_policy = settings.policy or database_key_policy
        document = write_policy(
            partition=location.partition,
            region=location.region,
            account=location.account,
            dns_suffix=location.dns_suffix,
            administrators=settings.administrators,
        )
        key = kms.Key(
            name,
            description=f"{owner}: {settings.purpose}",
            policy=json.dumps(document),
            enable_key_rotation=True,
            rotation_period_in_days=settings.rotation_period_days,
            deletion_window_in_days=settings.deletion_window_days,
            bypass_policy_lockout_safety_check=False,
            tags=dict(settings.tags),
            region=location.region,
            opts=data_child_of(self, protect_data=settings.protect_data),
        )
        kms.Alias(
            name,
            name=key_alias(owner, settings.purpose),
            target_key_id=key.key_id,
            region=location.region,
            opts=child_of(self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})


def encryption_key(
    parent: pulumi.Resource,
    *,
    owner: str,
    purpose: str,
    policy: Callable[..., Document],
    encryption: Encryption,
    location: Location,
    tags: Mapping[str, str],
    protect_data: bool,
) -> EncryptionKey:
    """Make the key for `purpose` ("databases/metrics", "topic") of the baseline named `owner`.

    `policy` writes the key policy for a place and the administrators.
    """
    settings = EncryptionKeyPart(
        **{field.name: getattr(encryption, field.name) for field in fields(Key)},
        purpose=purpose,
        protect_data=protect_data,
        tags=dict(tags),
        owner=owner,
        policy=policy,
    )
    return EncryptionKey(f"{owner}-{purpose}", checked(settings, location), child_of(parent))
