"""VPC flow logs."""

from collections.abc import Iterator
from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import found, from_aws, refused, to_aws
from aws_sandbox.services.ec2._common import arn, change_tags, tag_specifications

_FLOW_LOG = {
    "iamRoleArn": "DeliverLogsPermissionArn",
    "logDestination": "LogDestination",
    "logDestinationType": "LogDestinationType",
    "logFormat": "LogFormat",
    "maxAggregationInterval": "MaxAggregationInterval",
    "trafficType": "TrafficType",
}
_SOURCES = {
    "vpcId": ("VPC", "vpc-"),
    "subnetId": ("Subnet", "subnet-"),
    "eniId": ("NetworkInterface", "eni-"),
}
_NOT_APPLIED = dict.fromkeys(
    (
        "deliverCrossAccountRole",
        "destinationOptions",
        "regionalNatGatewayId",
        "tagFieldSpecifications",
        "transitGatewayAttachmentId",
        "transitGatewayId",
    ),
    "AWS on this machine logs VPCs, subnets and network interfaces in the default format: leave it out.",
)


def _check(inputs: Properties) -> Iterator[tuple[str, str]]:
    yield from refused(inputs, _NOT_APPLIED)
    others = ("regionalNatGatewayId", "transitGatewayAttachmentId", "transitGatewayId")
    if sum(bool(inputs.get(name)) for name in (*_SOURCES, *others)) != 1:
        yield "vpcId", "give exactly one of `vpcId`, `subnetId` and `eniId`."


def _create(aws: Aws, inputs: Properties) -> str:
    kind, source = next((kind, inputs[name]) for name, (kind, _) in _SOURCES.items() if inputs.get(name))
    request = to_aws(_FLOW_LOG, inputs)
    if "LogDestination" in request:
        # The ARN of a log group may end in the wildcard for its streams.
        request["LogDestination"] = request["LogDestination"].removesuffix(":*")
    answer = aws.client("ec2").create_flow_logs(
        ResourceType=kind,
        ResourceIds=[source],
        **request,
        **tag_specifications("vpc-flow-log", inputs),
    )
    for failure in answer.get("Unsuccessful", []):
        raise RuntimeError(f"CreateFlowLogs: {failure['Error']['Code']}: {failure['Error']['Message']}")
    return str(answer["FlowLogIds"][0])


def _describe(client: Any, flow_log: str) -> dict[str, Any] | None:
    by_id = [{"Name": "flow-log-id", "Values": [flow_log]}]
    answer = client.describe_flow_logs(Filters=by_id)["FlowLogs"]
    return answer[0] if answer else None


def _read(aws: Aws, flow_log: str, state: Properties) -> Properties | None:
    described = _describe(aws.client("ec2"), flow_log)
    if described is None:
        return None
    source = described["ResourceId"]
    return {
        **from_aws(_FLOW_LOG, described),
        **{name: source for name, (_, prefix) in _SOURCES.items() if source.startswith(prefix)},
        "arn": arn(aws, "vpc-flow-log", flow_log),
        "tagsAll": _tags.from_list(described.get("Tags", [])),
    }


def _update(aws: Aws, flow_log: str, state: Properties, inputs: Properties) -> None:
    change_tags(aws, flow_log, state, inputs)


def _delete(aws: Aws, flow_log: str, state: Properties) -> None:
    client = aws.client("ec2")
    found(lambda: client.delete_flow_logs(FlowLogIds=[flow_log]), "InvalidFlowLogId.NotFound")


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:ec2/flowLog:FlowLog",
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        # A flow log cannot be changed: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-basics.html
        replaces=frozenset({*_FLOW_LOG, *_SOURCES, *_NOT_APPLIED}),
        check=_check,
        defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
    ),
)
