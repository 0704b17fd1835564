"""Customer managed keys."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Final, Never

import pulumi
from pulumi_aws import kms

from timestream_baseline.documents.keys import database_key_policy
from timestream_baseline.documents.limits import compact
from timestream_baseline.documents.parts import Document
from timestream_baseline.inputs.encryption import Encryption, EncryptionKeyPart, EncryptionKeyPartArgs, Key
from timestream_baseline.key_policies import key_policy, primary_key_policy
from timestream_baseline.location import Location
from timestream_baseline.naming import key_alias
from timestream_baseline.part import Part, checked
from timestream_baseline.resources import child_of, data_child_of, output_map

# What is read in another region after a disaster: keys of other purposes are of no use there.
REPLICATED: Final = ("databases", "backup", "clientSide")


class EncryptionKey(pulumi.ComponentResource):
    """One customer managed key that rotates by itself, its alias, and its replicas in other regions.

    Its policy lets administrators manage it without using it, and others use it through one AWS service only:
    Timestream, when the key is made alone. Each replica has the same policy for its own region.
    """

    arn: pulumi.Output[str]
    """The ARN of the key."""
    replica_arns: pulumi.Output[dict[str, str]] | None = None
    """The ARN of each replica, by its region."""

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
        self._settings = settings
        self._owner = settings.owner or name
        self._write = settings.policy or database_key_policy
        key = kms.Key(
            name,
            description=self._description,
            policy=compact(primary_key_policy(self._write, settings, location)),
            enable_key_rotation=True,
            rotation_period_in_days=settings.rotation_period_days,
            deletion_window_in_days=settings.deletion_window_days,
            bypass_policy_lockout_safety_check=False,
            # Not set means not multi-Region: a key that exists keeps its inputs.
            multi_region=settings.multi_region or None,
            tags=dict(settings.tags),
            region=location.region,
            opts=data_child_of(self, protect_data=settings.protect_data),
        )
        self._alias(name, key, location.region)
        self.arn = key.arn
        replicas = {
            region: self._replica(f"{name}/{region}", key, replace(location, region=region))
            for region in settings.replica_regions
        }
        outputs: dict[str, pulumi.Output[str] | pulumi.Output[dict[str, str]]] = {"arn": self.arn}
        if replicas:
            self.replica_arns = output_map({region: replica.arn for region, replica in replicas.items()})
            outputs["replicaArns"] = self.replica_arns
        self.register_outputs(outputs)

    @property
    def _description(self) -> str:
        return f"{self._owner}: {self._settings.purpose}"

    def _replica(self, name: str, primary: "kms.Key", location: Location) -> "kms.ReplicaKey":
        """Replicate the key. A replica rotates with its primary; its policy and its deletion are its own."""
        replica = kms.ReplicaKey(
            name,
            primary_key_arn=primary.arn,
            description=self._description,
            policy=compact(key_policy(self._write, self._settings, location)),
            deletion_window_in_days=self._settings.deletion_window_days,
            bypass_policy_lockout_safety_check=False,
            tags=dict(self._settings.tags),
            region=location.region,
            opts=data_child_of(self, protect_data=self._settings.protect_data),
        )
        self._alias(name, replica, location.region)
        return replica

    def _alias(self, name: str, key: "kms.Key | kms.ReplicaKey", region: str) -> None:
        kms.Alias(
            name,
            name=key_alias(self._owner, self._settings.purpose),
            target_key_id=key.key_id,
            region=region,
            opts=child_of(self),
        )


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

    `policy` writes the key policy for a place and the administrators. Keys whose data is of use in another
    region are multi-Region and replicated if that is asked for.
    """
    kept = {field.name: getattr(encryption, field.name) for field in fields(Key)}
    if purpose.partition("/")[0] not in REPLICATED:
        kept |= {"multi_region": False, "replica_regions": ()}
    settings = EncryptionKeyPart(
        **kept,
        purpose=purpose,
        protect_data=protect_data,
        tags=dict(tags),
        owner=owner,
        policy=policy,
    )
    return EncryptionKey(f"{owner}-{purpose}", checked(settings, location), child_of(parent))
