"""One part of the baseline alone: least-privilege roles for a database that another stack manages."""

import pulumi

from timestream_baseline import AccessRoles

config = pulumi.Config()

roles = AccessRoles(
    "metrics",
    {
        "databases": {"metrics": ["cpu", "disk"]},
        "key_arns": {"metrics": config.require("keyArn")},
        "writers": {"ingest": {"tables": ["metrics/cpu"], "trust": {"services": ["lambda.amazonaws.com"]}}},
        "readers": {"dashboards": {"trust": {"services": ["ec2.amazonaws.com"]}}},
    },
)

pulumi.export("roleArns", roles.role_arns)
