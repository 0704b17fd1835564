"""Texts that several sections know: names and ARNs, each with the words that say what to give."""

from __future__ import annotations

from typing import Final

import pulumi

from timestream_baseline.inputs.kinds import Text

TextInput = str | pulumi.Output[str]
TextsInput = tuple[TextInput, ...] | pulumi.Output[tuple[str, ...]]

# The service allows 256 bytes, Pulumi's AWS provider 3 to 64 characters.
TIMESTREAM_NAME: Final = Text(
    "a name of 3 to 64 letters, digits and the characters _ . -", r"[A-Za-z0-9_.-]{3,64}"
)
TABLE_PATH: Final = Text('a table as "database/table"', r"[A-Za-z0-9_.-]{3,64}/[A-Za-z0-9_.-]{3,64}")
REGION: Final = Text("a region such as eu-west-1", r"([a-z]{2,}(-[a-z]+)+-\d+)?")
# Timestream keeps the ARN of the key and never an alias: with an alias every preview would show a change.
KEY_ARN: Final = Text(
    "the ARN of a key, not of an alias (arn:aws:kms:REGION:ACCOUNT:key/ID)",
    r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
)
ROLE_ARN: Final = Text(
    "the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)", r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+"
)
POLICY_ARN: Final = r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]+"
PROVIDER_ARN: Final = Text(
    "the ARN of an identity provider (arn:aws:iam::ACCOUNT:oidc-provider/HOST)",
    r"arn:aws[a-z-]*:iam::\d{12}:oidc-provider/\S+",
)
TOPIC_ARN: Final = Text(
    "the ARN of a topic (arn:aws:sns:REGION:ACCOUNT:NAME)",
    r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+",
)
SERVICE: Final = Text(
    "a service principal such as lambda.amazonaws.com", r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?"
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
EXTERNAL_ID: Final = Text(
    "2 to 1224 letters, digits and the characters + = , . @ : / -", r"[\w+=,.@:\\/-]{2,1224}"
)
AUDIENCE: Final = Text("the audience of the tokens, without wildcards and variables", r"[^*?$\s]+")
# IAM would replace a variable by the token's own value, which every token has.
SUBJECT: Final = Text("a subject of the tokens, without variables", r"[^$\s]+")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
ROLE_NAME: Final = Text(
    "a name of 1 to 64 letters, digits and the characters + = , . @ _ -", r"[\w+=,.@-]{1,64}"
)
EMAIL: Final = Text("an e-mail address", r"[^@\s]+@[^@\s]+\.[^@\s]+")
ROLE_PATH: Final = Text("a path that begins and ends with / such as /timestream/", r"/([!-.0-~]+/)*")
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontimestream.html
DATABASE_ARN: Final = Text(
    "the ARN of a database (arn:aws:timestream:REGION:ACCOUNT:database/NAME)",
    r"arn:aws[a-z-]*:timestream:[a-z0-9-]+:\d{12}:database/[A-Za-z0-9_.-]{3,256}",
)
TABLE_ARN: Final = Text(
    "the ARN of a table (arn:aws:timestream:REGION:ACCOUNT:database/NAME/table/NAME)",
    r"arn:aws[a-z-]*:timestream:[a-z0-9-]+:\d{12}:database/[A-Za-z0-9_.-]{3,256}/table/[A-Za-z0-9_.-]{3,256}",
)
BUCKET_ARN: Final = Text("the ARN of a bucket (arn:aws:s3:::NAME)", r"arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63}")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET_NAME: Final = Text("the name of a bucket", r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
TRAIL_ARN: Final = Text(
    "the ARN of a trail (arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME)",
    r"arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:trail/[A-Za-z0-9._-]{3,128}",
)
VAULT_ARN: Final = Text(
    "the ARN of a backup vault (arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME)",
    r"arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}",
)
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
LOG_GROUP: Final = Text("the name of a log group of 1 to 512 characters", r"[.\-_/#A-Za-z0-9]{1,512}")
VPC_ID: Final = Text("the id of a VPC such as vpc-0123456789abcdef0", r"vpc-[0-9a-f]{8,17}")
SUBNET_ID: Final = Text("the id of a subnet such as subnet-0123456789abcdef0", r"subnet-[0-9a-f]{8,17}")
SECURITY_GROUP_ID: Final = Text(
    "the id of a security group such as sg-0123456789abcdef0", r"sg-[0-9a-f]{8,17}"
)
ENDPOINT_ID: Final = Text(
    "the id of an interface endpoint such as vpce-0123456789abcdef0", r"vpce-[0-9a-f]{8,17}"
)
SCHEDULE: Final = Text("a schedule such as rate(1 hour) or cron(0 3 * * ? *)", r"(rate|cron)\([^()]{1,249}\)")
