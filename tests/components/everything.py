"""One baseline with everything on: what the tests of documents and of roles judge."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import pulumi

from tests.components.arns import ACCOUNT, REGION
from tests.components.recorder import DEPLOYER, Deployment, deploy
from timestream_baseline import TimestreamBaseline

NAME: Final = "baseline"
OTHER_ACCOUNT: Final = "111122223333"
ORGANIZATION: Final = "o-a1b2c3d4e5"
BREAK_GLASS: Final = f"arn:aws:iam::{ACCOUNT}:role/break-glass"
GRAFANA: Final = f"arn:aws:iam::{OTHER_ACCOUNT}:role/grafana"
GITHUB: Final = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
OWN_KEY: Final = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/99999999-8888-7777-6666-555555555555"
NEIGHBOUR: Final = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/neighbour"
EXPORTS: Final = "arn:aws:s3:::exports"
IMPORTS: Final = "arn:aws:s3:::imports"
COPIES: Final = f"arn:aws:backup:eu-central-1:{ACCOUNT}:backup-vault:copies"

_LAMBDA: Final[Any] = {"services": ["lambda.amazonaws.com"]}
_TOKENS: Final[Any] = {
    "oidc": [
        {
            "provider_arn": GITHUB,
            "audience": "sts.amazonaws.com",
            "subjects": ["repo:example/telemetry:ref:refs/heads/main", "repo:example/edge/*"],
        }
    ]
}
_TEAM: Final[Any] = {"team": "${aws:PrincipalTag/team}"}

ACCESS: Final[Any] = {
    "writers": {
        "ingest": {
            "databases": ["metrics"],
            "trust": {"services": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]},
        },
        "edge": {"tables": ["metrics/cpu"], "trust": _TOKENS, "require_endpoint": True},
        "everywhere": {"trust": _LAMBDA},
        "team": {"trust": _LAMBDA, "tags_required": {"resource": _TEAM}},
    },
    "readers": {
        "dashboards": {
            "databases": ["metrics"],
            "trust": {"role_arns": [GRAFANA], "external_id": "telemetry-42"},
            "max_session_hours": 4,
        },
        "pods": {"tables": ["fleet/trips"], "trust": {"eks_pod_identity": True}, "require_endpoint": True},
        "team": {"trust": _LAMBDA, "tags_required": {"resource": _TEAM}},
    },
    "admins": {
        "schema": {"databases": ["metrics"], "trust": _LAMBDA},
        "team": {"trust": _LAMBDA, "tags_required": {"resource": _TEAM, "request": _TEAM}},
    },
    "auditors": {"compliance": {"trust": _LAMBDA, "path": "/audit/"}},
    "unloaders": {"export": {"databases": ["metrics"], "trust": _LAMBDA, "bucket_arn": EXPORTS}},
    "batch_loaders": {"import": {"databases": ["metrics"], "trust": _LAMBDA, "bucket_arn": IMPORTS}},
    "permissions_boundary": "create",
    "break_glass_role_arns": [BREAK_GLASS],
}

EVERYTHING: Final[Any] = {
    "databases": {
        "metrics": {
            "tables": {
                "cpu": {"partition_key": {"dimension": "host", "enforcement": "optional"}},
                "disk": {"memory_retention_hours": 48, "partition_key": {"measure": True}},
            },
            "tags": {"team": "blue"},
        },
        "fleet": {"tables": {"trips": {}, "stops": {"magnetic_writes": False}}, "tags": {"team": "red"}},
        "legacy": {"tables": {"events": {}}, "key_arn": OWN_KEY},
    },
    "influxdb": {
        "factory": {
            "vpc_id": "vpc-0123456789abcdef0",
            "subnet_ids": ["subnet-0123456789abcde0a", "subnet-0123456789abcde0b"],
            "allowed_security_group_ids": ["sg-0123456789abcdef0"],
        },
        "plant": {
            "engine": "v3",
            "parameter_group": "InfluxDBV3Core",
            "vpc_id": "vpc-0123456789abcdef0",
            "subnet_ids": ["subnet-0123456789abcde0a", "subnet-0123456789abcde0b"],
            "allowed_security_group_ids": ["sg-0123456789abcdef0"],
        },
    },
    "scheduled_queries": {
        "hourly": {
            "query": "SELECT host, bin(time, 1h) AS hour, avg(load) AS load FROM metrics.cpu GROUP BY 1, 2",
            "schedule": "rate(1 hour)",
            "sources": ["metrics/cpu", "legacy/events"],
            "target": {
                "table": "fleet/trips",
                "time_column": "hour",
                "dimensions": {"host": "VARCHAR"},
                "measures": {"load": {"type": "DOUBLE"}},
            },
        }
    },
    "encryption": {
        "administrators": [DEPLOYER, BREAK_GLASS],
        "multi_region": True,
        "replica_regions": ["eu-central-1"],
        "client_side_key": True,
    },
    "network": {
        "vpc_id": "vpc-0123456789abcdef0",
        "subnet_ids": ["subnet-0123456789abcde0a", "subnet-0123456789abcde0b"],
        "client_security_group_ids": ["sg-0123456789abcdef0"],
        "client_cidrs": ["10.0.0.0/16"],
        "ingest_cell": "cell2",
        "query_cell": "cell3",
        "also": ["kms", "sts", "logs", "secretsmanager"],
        "also_allow_databases": [NEIGHBOUR],
    },
    "access": ACCESS,
    "audit": {},
    "monitoring": {"emails": ["ops@example.org"]},
    "backup": {"copy_to_vault_arn": COPIES, "cold_after_days": 7, "retention_days": 120},
    "tags": {"owner": "telemetry"},
}


def changed(args: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change arguments at paths such as `network.organization_id`."""
    result = dict(args)
    for path, value in changes.items():
        head, _, rest = path.partition(".")
        result[head] = changed(result.get(head, {}), {rest: value}) if rest else value
    return result


@cache
def everything() -> Deployment:
    """Deploy the baseline with everything on, once for all tests of a process."""
    return deployed({})


def deployed(changes: Mapping[str, Any]) -> Deployment:
    """Deploy the baseline with everything on but for some changes."""

    def program() -> dict[str, pulumi.Output[Any]]:
        return TimestreamBaseline(NAME, changed(EVERYTHING, changes)).outputs()  # type: ignore[arg-type]

    return deploy(program)
