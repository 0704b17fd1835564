"""Where a baseline is deployed, and what the policies of the deploying role are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from timestream_baseline.documents.parts import Statement, allow


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where a baseline is deployed, and how its names begin."""

    partition: str
    account: str
    regions: Sequence[str]
    dns_suffix: str
    # The component's name as roles, alarms, topics and trails carry it, and as buckets do.
    name: str
    bucket_name: str

    def arns(self, service: str, *resources: str) -> list[str]:
        """Build the ARNs of resources of a regional service, in every region of the baseline."""
        return [
            f"arn:{self.partition}:{service}:{region}:{self.account}:{resource}"
            for region in self.regions
            for resource in resources
        ]

    def via(self, *services: str) -> list[str]:
        """Name services as KMS knows calls that come through them."""
        return [f"{service}.{region}.{self.dns_suffix}" for region in self.regions for service in services]

    def iam(self, *resources: str) -> list[str]:
        """Build the ARNs of IAM resources."""
        return [f"arn:{self.partition}:iam::{self.account}:{resource}" for resource in resources]

    def buckets(self, suffix: str = "") -> list[str]:
        """Build the ARN of the baseline's buckets, or of what is in them."""
        return [f"arn:{self.partition}:s3:::{self.bucket_name}-*{suffix}"]

    def roles(self) -> list[str]:
        """Build the ARNs of the baseline's roles, under any path."""
        return self.iam(f"role/{self.name}-*", f"role/*/{self.name}-*")


def actions(service: str, names: str) -> list[str]:
    """Name the actions of one service."""
    return [f"{service}:{name}" for name in names.split()]


def pass_role(sid: str, scope: Scope, service: str) -> Statement:
    """Let the roles of the baseline be passed to one service."""
    return allow(
        sid,
        ["iam:PassRole"],
        scope.roles(),
        condition={"StringEquals": {"iam:PassedToService": service}},
    )
