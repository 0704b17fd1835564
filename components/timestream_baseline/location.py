"""Where resources are made: partition, region and account, known before anything is created."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

DNS_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn"}


@dataclass(frozen=True, kw_only=True)
class Location:
    """What ARNs and host names are made of."""

    partition: str
    region: str
    account: str
    # The ARN of whoever deploys, as STS names it (an assumed role has the ARN of its session).
    caller_arn: str

    @property
    def dns_suffix(self) -> str:
        """What host names and service names end in."""
        return DNS_SUFFIXES.get(self.partition, "amazonaws.com")


def locate(component: pulumi.ComponentResource, region: str) -> Location:
    """Ask AWS, through the component's provider, who and where we are. No region given: the provider's."""
    options = pulumi.InvokeOptions(parent=component)
    caller = aws.get_caller_identity(opts=options)
    return Location(
        partition=caller.arn.split(":")[1],
        region=region or aws.get_region(opts=options).region,
        account=caller.account_id,
        caller_arn=caller.arn,
    )
