"""Examples for the rules on resource options and on secrets in plain properties."""

from timestream_policies.examples import example
from timestream_policies.model import Options
from timestream_policies.types import DATABASE, KEY, SECRET_VERSION, TABLE, TOPIC_SUBSCRIPTION
from timestream_policies.values import SECRET, SIGNATURE

SNIPPET = """\
import pulumi
import pulumi_aws as aws

key = aws.kms.Key(
    "metrics",
    enable_key_rotation=True,
    opts=pulumi.ResourceOptions(ignore_changes=["description"]),
)
"""
MARKED_SNIPPET = """\
import pulumi
import pulumi_aws as aws

token = pulumi.Config().get_secret("token")
secret = aws.secretsmanager.Secret("token", name="influxdb-token")
version = aws.secretsmanager.SecretVersion("token", secret_id=secret.id, secret_string=token)
"""

IGNORES_GOOD = (
    example("nothing is ignored", DATABASE, {}),
    example("a description is ignored", KEY, {}, options=Options(ignore_changes=("description",))),
)
IGNORES_BAD = (
    example("the key is ignored", DATABASE, {}, options=Options(ignore_changes=("kmsKeyId",))),
    example(
        "a part of the retention is ignored",
        TABLE,
        {},
        options=Options(ignore_changes=("retentionProperties.memoryStoreRetentionPeriodInHours",)),
    ),
    example("everything is ignored", KEY, {}, options=Options(ignore_changes=("*",))),
)

PLAIN_GOOD = (
    example(
        "a secret",
        SECRET_VERSION,
        {"secretString": {SIGNATURE: SECRET, "plaintext": '"a long pass phrase"'}},
    ),
    example("an address without a password", TOPIC_SUBSCRIPTION, {"endpoint": "https://example.com/hook"}),
)
PLAIN_BAD = (
    example("a plain text", SECRET_VERSION, {"secretString": "a long pass phrase"}),
    example("a password in an address", TOPIC_SUBSCRIPTION, {"endpoint": "https://me:word@example.com/"}),
)
