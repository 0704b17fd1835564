import json

from tests.sandbox.examples import Example, Need

_KEY = Need(token="aws:kms/key:Key", inputs={"description": "meters"})
_OTHER = Need(token="aws:kms/key:Key", inputs={"description": "invoices"})


def _policy(*actions: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
                    "Action": list(actions),
                    "Resource": "*",
                }
            ],
        }
    )


EXAMPLES: dict[str, Example] = {
    "aws:kms/key:Key": Example(
        inputs={
            "description": "Meters",
            "deletionWindowInDays": 14,
            "enableKeyRotation": True,
            "rotationPeriodInDays": 180,
            "policy": _policy("kms:*"),
            "tags": {"team": "meters"},
        },
        change={
            "description": "Meters of all regions",
            "rotationPeriodInDays": 365,
            "policy": _policy("kms:*", "kms:Decrypt"),
            "tags": {"team": "billing", "cost": "7"},
        },
        replace={"multiRegion": True},
    ),
    "aws:kms/alias:Alias": Example(
        needs={"key": _KEY, "other": _OTHER},
        inputs={"name": "alias/meters", "targetKeyId": "${key.keyId}"},
        change={"targetKeyId": "${other.keyId}"},
        replace={"name": "alias/invoices"},
    ),
    "aws:kms/keyPolicy:KeyPolicy": Example(
        needs={"key": _KEY, "other": _OTHER},
        inputs={"keyId": "${key.keyId}", "policy": _policy("kms:*", "kms:Encrypt")},
        change={"policy": _policy("kms:*", "kms:Decrypt")},
        replace={"keyId": "${other.keyId}"},
        stays="a key always has a policy: deletion puts the default one back",
    ),
    "aws:kms/replicaKey:ReplicaKey": Example(
        needs={
            "primary": Need(
                token="aws:kms/key:Key",
                inputs={"multiRegion": True, "region": "eu-central-1", "description": "p"},
            ),
            "other": Need(
                token="aws:kms/key:Key",
                inputs={"multiRegion": True, "region": "eu-central-1", "description": "o"},
            ),
        },
        inputs={
            "primaryKeyArn": "${primary.arn}",
            "description": "Replica of meters",
            "deletionWindowInDays": 7,
            "tags": {"team": "meters"},
        },
        change={"description": "The replica of meters", "tags": {"team": "billing"}},
        replace={"primaryKeyArn": "${other.arn}"},
    ),
    "aws:kms/grant:Grant": Example(
        needs={"key": _KEY, "other": _OTHER},
        inputs={
            "keyId": "${key.keyId}",
            "name": "backup",
            "granteePrincipal": "arn:aws:iam::000000000000:role/backup",
            "operations": ["Decrypt", "GenerateDataKey"],
        },
        replace={"keyId": "${other.keyId}"},
    ),
}
