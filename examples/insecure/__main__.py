"""A Timestream stack with the mistakes that people really make. The policies must stop it.

Each mistake names the rule that finds it. Do not copy anything from here.
"""

import json

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id


def statement(**parts: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [parts]})


# TS-KMS-002: enable_key_rotation is missing, so the key is never rotated.
key = aws.kms.Key(
    "telemetry",
    description="Telemetry",
    # TS-KMS-003: the key is gone a week after somebody deletes it.
    deletion_window_in_days=7,
    # TS-KMS-001: anybody with an AWS account may use the key.
    policy=statement(Sid="Simple", Effect="Allow", Principal={"AWS": "*"}, Action="kms:*", Resource="*"),
)

# TS-CW-001: no alarm watches the UserErrors of the two databases. None watches their SystemErrors either,
# for the only alarm on them, at the end of this program, never fires.

# TS-DB-001: the database has no key of its own, so it is encrypted with the one that AWS manages.
metrics = aws.timestreamwrite.Database("metrics", database_name="metrics")

# TS-DB-002: the key of the database is the one above, which is never rotated.
fleet = aws.timestreamwrite.Database("fleet", database_name="fleet", kms_key_id=key.arn)

machines = aws.timestreamwrite.Table(
    "machines",
    database_name=metrics.database_name,
    table_name="machines",
    retention_properties={
        "memory_store_retention_period_in_hours": 24,
        # TS-TBL-001: data is kept for 200 years.
        "magnetic_store_retention_period_in_days": 73000,
    },
    # TS-TBL-003: no place is named for the records that the magnetic store rejects, so they are lost.
    magnetic_store_write_properties={"enable_magnetic_store_writes": True},
)

positions = aws.timestreamwrite.Table(
    "positions",
    database_name=fleet.database_name,
    table_name="positions",
    retention_properties={
        "memory_store_retention_period_in_hours": 72,
        "magnetic_store_retention_period_in_days": 90,
    },
    magnetic_store_write_properties={
        "enable_magnetic_store_writes": True,
        "magnetic_store_rejected_data_location": {
            # TS-TBL-004: rejected records are encrypted with a key of S3, not with the key of the database.
            "s3_configuration": {"bucket_name": "fleet-rejected", "encryption_option": "SSE_S3"},
        },
    },
)

writer = aws.iam.Role(
    "writer",
    # TS-IAM-007: anybody with an AWS account can assume the role.
    assume_role_policy=statement(
        Sid="Anyone", Effect="Allow", Principal={"AWS": "*"}, Action="sts:AssumeRole"
    ),
)
aws.iam.RolePolicy(
    "writer",
    role=writer.name,
    # TS-IAM-003: timestream:* also deletes databases; a writer needs two actions.
    # TS-IAM-004: the resource * is every database and table.
    # TS-IAM-005: kms:Decrypt on the resource * decrypts with every key.
    policy=statement(Sid="Write", Effect="Allow", Action=["timestream:*", "kms:Decrypt"], Resource="*"),
)

dashboards = aws.iam.Role(
    "dashboards",
    assume_role_policy=statement(
        Sid="Grafana",
        Effect="Allow",
        Principal={"AWS": f"arn:aws:iam::{account}:role/grafana"},
        Action="sts:AssumeRole",
    ),
)
aws.iam.RolePolicyAttachment(
    "dashboards",
    role=dashboards.name,
    # TS-IAM-008: this managed policy also deletes databases; a dashboard only reads.
    policy_arn="arn:aws:iam::aws:policy/AmazonTimestreamFullAccess",
)

# TS-SNS-001: kms_master_key_id is missing, so the topic is not encrypted with a key.
topic = aws.sns.Topic("alarms", name="alarms")
aws.sns.TopicPolicy(
    "alarms",
    arn=topic.arn,
    # TS-SNS-002: everybody may publish on the topic.
    policy=statement(
        Sid="Publish",
        Effect="Allow",
        Principal="*",
        Action="sns:Publish",
        Resource=f"arn:aws:sns:eu-west-1:{account}:alarms",
    ),
)

# TS-CW-003: alarm_actions is missing, so nobody is told when the alarm goes off.
aws.cloudwatch.MetricAlarm(
    "system-errors",
    namespace="AWS/Timestream",
    metric_name="SystemErrors",
    # TS-CW-002: SystemErrors is published by Operation only; by DatabaseName the alarm never fires.
    dimensions={"DatabaseName": metrics.database_name},
    statistic="Sum",
    period=300,
    evaluation_periods=1,
    threshold=1,
    comparison_operator="GreaterThanOrEqualToThreshold",
    ok_actions=[topic.arn],
)

pulumi.export("writer", writer.arn)
