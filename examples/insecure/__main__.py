"""A Timestream stack with the mistakes that people really make. The policies must stop it.

Each mistake names the rule that finds it. Do not copy anything from here.
"""

import json

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id


def statement(**parts: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [parts]})


# A key that never rotates (TS-KMS-002), is gone a week after somebody deletes it (TS-KMS-003),
# and that anybody with an AWS account may use (TS-KMS-001).
key = aws.kms.Key(
    "telemetry",
    description="Telemetry",
    deletion_window_in_days=7,
    policy=statement(Sid="Simple", Effect="Allow", Principal={"AWS": "*"}, Action="kms:*", Resource="*"),
)

# Two databases: one without a key (TS-DB-001), one with the weak key above (TS-DB-002).
# Nobody watches their user errors (TS-CW-001).
metrics = aws.timestreamwrite.Database("metrics", database_name="metrics")
fleet = aws.timestreamwrite.Database("fleet", database_name="fleet", kms_key_id=key.arn)

# A table that is kept for 200 years (TS-TBL-001). Late records that do not fit are lost (TS-TBL-003).
machines = aws.timestreamwrite.Table(
    "machines",
    database_name=metrics.database_name,
    table_name="machines",
    retention_properties={
        "memory_store_retention_period_in_hours": 24,
        "magnetic_store_retention_period_in_days": 73000,
    },
    magnetic_store_write_properties={"enable_magnetic_store_writes": True},
)

# Rejected records of this one are kept, but not under the key of the database (TS-TBL-004).
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
            "s3_configuration": {"bucket_name": "fleet-rejected", "encryption_option": "SSE_S3"},
        },
    },
)

# A role that anybody can assume (TS-IAM-007) and that may do everything with Timestream
# (TS-IAM-003), on every table (TS-IAM-004), and decrypt with every key (TS-IAM-005).
writer = aws.iam.Role(
    "writer",
    assume_role_policy=statement(
        Sid="Anyone", Effect="Allow", Principal={"AWS": "*"}, Action="sts:AssumeRole"
    ),
)
aws.iam.RolePolicy(
    "writer",
    role=writer.name,
    policy=statement(Sid="Write", Effect="Allow", Action=["timestream:*", "kms:Decrypt"], Resource="*"),
)

# A dashboard does not need to delete databases (TS-IAM-008).
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
    policy_arn="arn:aws:iam::aws:policy/AmazonTimestreamFullAccess",
)

# A topic without encryption (TS-SNS-001) that everybody may publish on (TS-SNS-002).
topic = aws.sns.Topic("alarms", name="alarms")
aws.sns.TopicPolicy(
    "alarms",
    arn=topic.arn,
    policy=statement(
        Sid="Publish",
        Effect="Allow",
        Principal="*",
        Action="sns:Publish",
        Resource=f"arn:aws:sns:eu-west-1:{account}:alarms",
    ),
)

# SystemErrors is published by Operation only: with DatabaseName this alarm never fires (TS-CW-002).
# And if it did, nobody would be told (TS-CW-003).
aws.cloudwatch.MetricAlarm(
    "system-errors",
    namespace="AWS/Timestream",
    metric_name="SystemErrors",
    dimensions={"DatabaseName": metrics.database_name},
    statistic="Sum",
    period=300,
    evaluation_periods=1,
    threshold=1,
    comparison_operator="GreaterThanOrEqualToThreshold",
    ok_actions=[topic.arn],
)

pulumi.export("writer", writer.arn)
