import json

from tests.sandbox.examples import Example, Need

_SECRET = Need(token="aws:secretsmanager/secret:Secret", inputs={"name": "timestream-influx"})
_OTHER = Need(token="aws:secretsmanager/secret:Secret", inputs={"name": "timestream-other"})


def _policy(action: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
                    "Action": action,
                    "Resource": "*",
                }
            ],
        }
    )


EXAMPLES: dict[str, Example] = {
    "aws:secretsmanager/secret:Secret": Example(
        inputs={
            "name": "timestream-influx-admin",
            "description": "The administrator of InfluxDB",
            "kmsKeyId": "alias/secrets",
            "recoveryWindowInDays": 7,
            "tags": {"team": "billing"},
        },
        change={"description": "The first administrator", "tags": {"team": "metering"}},
        replace={"name": "timestream-influx-root"},
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Example(
        needs={"secret": _SECRET},
        inputs={"secretId": "${secret.arn}", "secretString": '{"username": "admin"}'},
        change={"versionStages": ["AWSCURRENT", "blue"]},
        replace={"secretString": '{"username": "root"}'},
        stays="a secret always has a current version",
    ),
    "aws:secretsmanager/secretPolicy:SecretPolicy": Example(
        needs={"secret": _SECRET, "other": _OTHER},
        inputs={"secretArn": "${secret.arn}", "policy": _policy("secretsmanager:GetSecretValue")},
        change={"policy": _policy("secretsmanager:DescribeSecret")},
        replace={"secretArn": "${other.arn}"},
    ),
}
