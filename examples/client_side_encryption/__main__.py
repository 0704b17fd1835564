"""A database, and a key with which applications encrypt single values themselves."""

import pulumi

from timestream_baseline import TimestreamBaseline

baseline = TimestreamBaseline(
    "clinic",
    {
        "databases": {"clinic": {"tables": {"visits": {}}}},
        "encryption": {"client_side_key": True},
        "access": {
            "writers": {"ward": {"trust": {"services": ["lambda.amazonaws.com"]}}},
            "readers": {"doctors": {"trust": {"services": ["lambda.amazonaws.com"]}}},
        },
    },
)

pulumi.export("keyArn", baseline.key_arns["clientSide"])
pulumi.export("endpointUrls", baseline.endpoint_urls)
