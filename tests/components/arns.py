"""ARNs and ids as AWS gives them to what is made, so that documents can be judged by tools that know AWS."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

ACCOUNT: Final = "000000000000"
REGION: Final = "eu-west-1"
# What Pulumi adds to names that it makes itself.
SUFFIX: Final = "-1a2b3c4"

Inputs = Mapping[str, Any]


def physical_name(name: str, inputs: Inputs) -> str:
    """Return the name that was given, or the one that Pulumi makes."""
    given = inputs.get("name") or inputs.get("bucket") or inputs.get("dashboardName")
    return given if isinstance(given, str) else f"{name}{SUFFIX}"


def key_arn(name: str, region: str = REGION) -> str:
    """Return the ARN of the key that is registered under a name."""
    return f"arn:aws:kms:{region}:{ACCOUNT}:key/{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _regional(service: str, resource: str) -> Callable[[str, Inputs], str]:
    def write(name: str, inputs: Inputs) -> str:
        region = inputs.get("region") or REGION
        return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}".replace("NAME", physical_name(name, inputs))

    return write


def _global(kind: str) -> Callable[[str, Inputs], str]:
    return lambda name, inputs: (
        f"arn:aws:iam::{ACCOUNT}:{kind}{inputs.get('path', '/')}{physical_name(name, inputs)}"
    )


def _database(_name: str, inputs: Inputs) -> str:
    return f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/{inputs['databaseName']}"


_ARNS: Final[Mapping[str, Callable[[str, Inputs], str]]] = {
    "aws:kms/key:Key": lambda name, inputs: key_arn(name, inputs.get("region") or REGION),
    "aws:kms/replicaKey:ReplicaKey": lambda name, inputs: key_arn(name, inputs.get("region") or REGION),
    "aws:timestreamwrite/database:Database": _database,
    "aws:timestreamwrite/table:Table": lambda name, inputs: (
        f"{_database(name, inputs)}/table/{inputs['tableName']}"
    ),
    "aws:timestreamquery/scheduledQuery:ScheduledQuery": _regional(
        "timestream", "scheduled-query/NAME-1a2b3c4d"
    ),
    "aws:s3/bucket:Bucket": lambda name, inputs: f"arn:aws:s3:::{physical_name(name, inputs)}",
    "aws:iam/role:Role": _global("role"),
    "aws:iam/policy:Policy": _global("policy"),
    "aws:sns/topic:Topic": _regional("sns", "NAME"),
    "aws:sqs/queue:Queue": _regional("sqs", "NAME"),
    "aws:cloudtrail/trail:Trail": _regional("cloudtrail", "trail/NAME"),
    "aws:cloudwatch/logGroup:LogGroup": _regional("logs", "log-group:NAME"),
    "aws:cloudwatch/eventRule:EventRule": _regional("events", "rule/NAME"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _regional("cloudwatch", "alarm:NAME"),
    "aws:cloudwatch/dashboard:Dashboard": _regional("cloudwatch", "dashboard/NAME"),
    "aws:backup/vault:Vault": _regional("backup", "backup-vault:NAME"),
    "aws:secretsmanager/secret:Secret": _regional("secretsmanager", "secret:NAME-AbCdEf"),
}
_IDS: Final[Mapping[str, str]] = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
}


def arn_of(type_: str, name: str, inputs: Inputs) -> str:
    """Return the ARN of what is registered under a type and a name."""
    write = _ARNS.get(type_)
    return write(name, inputs) if write else f"arn:aws:mock:::{type_}/{name}"


def id_of(type_: str, name: str) -> str:
    """Return the id of what is registered under a type and a name."""
    prefix = _IDS.get(type_)
    return f"{prefix}-{hashlib.sha256(name.encode()).hexdigest()[:17]}" if prefix else f"{name}-id"
