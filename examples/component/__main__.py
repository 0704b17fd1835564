"""The baseline as one component in a program of your own."""

import pulumi

from timestream_baseline import TimestreamBaseline

baseline = TimestreamBaseline(
    "telemetry",
    {
        "databases": {"metrics": {"tables": {"cpu": {"magnetic_retention_days": 90}}}},
        "access": {
            "writers": {"ingest": {"trust": {"services": ["lambda.amazonaws.com"]}}},
            "readers": {
                "dashboards": {"databases": ["metrics"], "trust": {"services": ["ec2.amazonaws.com"]}}
            },
        },
    },
)

pulumi.export("writerRole", baseline.role_arns["writers/ingest"])
pulumi.export("endpointUrls", baseline.endpoint_urls)
