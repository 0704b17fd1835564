"""Where resources are made: partition, region and account, known before anything is created."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from timestream_baseline.inputs import Place, refuse_mistakes

DNS_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn"}
_INVOKE: Final = re.compile(r"^(invoke of \S+ failed: )?(invocation of \S+ returned an error: )?")
# The words of the provider: pulumi-aws says "Missing region information".
_NO_REGION: Final = re.compile(r"no region is set|missing region", re.IGNORECASE)

_PARTITIONS: Final = {"us-gov-": "aws-us-gov", "cn-": "aws-cn"}


def partition_of(region: str) -> str:
    """Say to which partition a region belongs."""
    return next((it for prefix, it in _PARTITIONS.items() if region.startswith(prefix)), "aws")


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


def locate(component: pulumi.Resource, subject: str, region: str, place: Place) -> Location:
    """Ask AWS, through the component's provider, who and where we are. No region given: the provider's."""
    options = pulumi.InvokeOptions(parent=component)
    try:
        caller = aws.get_caller_identity(opts=options)
        found = region or aws.get_region(opts=options).region
    except Exception as error:
        # The SDK raises nothing more exact. A bare exception would end the program with a stack trace.
        reason = reason_of(error)
        if _NO_REGION.search(reason):
            place.field("region").mistake(_no_region(region))
            refuse_mistakes(subject, place)
        raise pulumi.RunError(f"{subject} cannot ask AWS who deploys: {reason}") from None
    return Location(
        partition=caller.arn.split(":")[1],
        region=found,
        account=caller.account_id,
        caller_arn=caller.arn,
    )


def reason_of(error: Exception) -> str:
    """Leave out what the SDK and the engine put before the provider's words."""
    return _INVOKE.sub("", str(error)).strip()


def _no_region(region: str) -> str:
    if region:
        # The region of the resources does not tell the provider where to ask who deploys.
        return f"is {region}, but the AWS provider has none; run pulumi config set aws:region {region}"
    return "is not set; run pulumi config set aws:region eu-west-1"
