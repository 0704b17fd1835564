"""What VPC endpoints lead to, and what they are made of."""

import re
from collections.abc import Iterator
from typing import Literal

from timestream_policies.model import Resource
from timestream_policies.stack import Stack
from timestream_policies.types import (
    DEFAULT_SUBNET,
    SECURITY_GROUP,
    SECURITY_GROUP_ASSOCIATION,
    SUBNET,
    VPC_ENDPOINT_SUBNET,
)
from timestream_policies.undecided import holds

Kind = Literal["ingest", "query", "influxdb"]

_PREFIX = r"(?:cn\.)?com\.amazonaws(?:\.cn)?\.([a-z0-9-]+)"
# Timestream Developer Guide, "Creating an interface VPC endpoint": each account has its cells.
_CELL = re.compile(rf"{_PREFIX}\.timestream\.(ingest|query)-cell[0-9]+")
_INFLUXDB = re.compile(rf"{_PREFIX}\.timestream-influxdb(?:-fips)?")
_MEANT = re.compile(r"timestr?eam|timstream")
# Services of a Timestream stack that take an endpoint policy; without one everything is allowed.
_TAKE_A_POLICY = frozenset(
    {"s3", "dynamodb", "kms", "sts", "logs", "monitoring", "events", "sns", "sqs", "secretsmanager", "ssm"}
    | {"lambda", "kinesis-streams", "backup", "ecr.api", "ecr.dkr", "ec2"}
)


def service_of(endpoint: Resource) -> str:
    """Return the name of the service that an endpoint leads to."""
    return str(endpoint.get("serviceName", "")).lower()


def means_timestream(service: str) -> bool:
    """Tell whether a service name is meant to be one of Timestream, right or not."""
    return _MEANT.search(service) is not None


def kind_of(service: str) -> Kind | None:
    """Return which service of Timestream a name is; None if it is none."""
    if cell := _CELL.fullmatch(service):
        return "ingest" if cell.group(2) == "ingest" else "query"
    return "influxdb" if _INFLUXDB.fullmatch(service) else None


def region_in(service: str) -> str:
    """Return the region in the name of a service of Timestream."""
    match = _CELL.fullmatch(service) or _INFLUXDB.fullmatch(service)
    return match.group(1) if match else ""


def takes_a_policy(service: str) -> bool:
    """Tell whether an endpoint for a service can have a policy, as far as is known."""
    match = re.fullmatch(rf"{_PREFIX}\.(.+)", service)
    return means_timestream(service) or (match is not None and match.group(2) in _TAKE_A_POLICY)


def is_interface(endpoint: Resource) -> bool:
    """Tell whether an endpoint is an interface; without a type it is a gateway."""
    return str(endpoint.get("vpcEndpointType", "Gateway")).lower() == "interface"


def leads_to(endpoint: Resource, kind: Kind) -> bool:
    """Tell whether an endpoint is an interface to a service of Timestream."""
    return holds(endpoint, is_interface, lambda it: kind_of(service_of(it)) == kind)


def is_for_timestream(endpoint: Resource) -> bool:
    """Tell whether an endpoint is an interface that is meant for Timestream."""
    return holds(endpoint, is_interface, lambda it: means_timestream(service_of(it)))


def groups_of_endpoint(endpoint: Resource, stack: Stack) -> Iterator[Resource]:
    """Yield the security groups of an endpoint in this stack, named there or associated."""
    yield from stack.behind(endpoint, "securityGroupIds", SECURITY_GROUP)
    for association in stack.each_referring(endpoint, SECURITY_GROUP_ASSOCIATION, "vpcEndpointId"):
        yield from stack.behind(association, "securityGroupId", SECURITY_GROUP)


def subnets_of(endpoint: Resource, stack: Stack) -> tuple[list[Resource], set[str]]:
    """Return the subnets of an endpoint that are in this stack, and the ids of the others."""
    places = [(endpoint, "subnetIds")]
    places += [
        (association, "subnetId")
        for association in stack.each_referring(endpoint, VPC_ENDPOINT_SUBNET, "vpcEndpointId")
    ]
    here: dict[str, Resource] = {}
    ids: set[str] = {str(it.get("subnetId", "")) for it in endpoint.each("subnetConfigurations")} - {""}
    for resource, path in places:
        found = stack.find_behind(resource, path, SUBNET, DEFAULT_SUBNET)
        here.update((subnet.urn, subnet) for subnet in found)
        known = {str(value) for value in resource.words(path).known}
        # Before subnets are made, their ids are not known, and a value that is shown may be theirs.
        ids |= set() if any(not subnet.has_known_identity for subnet in found) else known
    return list(here.values()), ids - {subnet.id for subnet in here.values()}
