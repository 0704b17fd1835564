from tests.sandbox.examples import Example, Need

_KEY = Need(token="aws:kms/key:Key", inputs={"description": "meters"})
_OTHER_KEY = Need(token="aws:kms/key:Key", inputs={"description": "invoices"})
_DATABASE = Need(token="aws:timestreamwrite/database:Database", inputs={"databaseName": "meters"})
_BUCKET = Need(token="aws:s3/bucket:Bucket", inputs={"bucket": "rejected-records"})
_NETWORK = {"vpcSubnetIds": ["subnet-0a1b2c3d"], "vpcSecurityGroupIds": ["sg-0a1b2c3d"]}
_FIRST_USER = {
    "organization": "grid",
    "bucket": "meters",
    "username": "admin",
    "password": "correct-horse-battery",
}

EXAMPLES: dict[str, Example] = {
    "aws:timestreamwrite/database:Database": Example(
        needs={"key": _KEY, "other": _OTHER_KEY},
        inputs={"databaseName": "meters", "kmsKeyId": "${key.arn}", "tags": {"team": "meters"}},
        change={"kmsKeyId": "${other.arn}", "tags": {"team": "billing", "cost": "7"}},
        replace={"databaseName": "invoices"},
    ),
    "aws:timestreamwrite/table:Table": Example(
        needs={"database": _DATABASE, "bucket": _BUCKET},
        inputs={
            "databaseName": "${database.databaseName}",
            "tableName": "readings",
            "retentionProperties": {
                "memoryStoreRetentionPeriodInHours": 24,
                "magneticStoreRetentionPeriodInDays": 365,
            },
            "magneticStoreWriteProperties": {
                "enableMagneticStoreWrites": True,
                "magneticStoreRejectedDataLocation": {
                    "s3Configuration": {
                        "bucketName": "${bucket.bucket}",
                        "objectKeyPrefix": "meters/",
                        "encryptionOption": "SSE_S3",
                    }
                },
            },
            "schema": {
                "compositePartitionKey": {
                    "type": "DIMENSION",
                    "name": "meter",
                    "enforcementInRecord": "REQUIRED",
                }
            },
            "tags": {"team": "meters"},
        },
        change={
            "retentionProperties": {
                "memoryStoreRetentionPeriodInHours": 48,
                "magneticStoreRetentionPeriodInDays": 730,
            },
            "tags": {"team": "billing"},
        },
        replace={"tableName": "events"},
    ),
    "aws:timestreamquery/scheduledQuery:ScheduledQuery": Example(
        inputs={
            "name": "daily",
            "queryString": 'SELECT bin(time, 1d) AS day, meter FROM "meters"."readings"',
            "executionRoleArn": "arn:aws:iam::000000000000:role/scheduled",
            "scheduleConfiguration": {"scheduleExpression": "rate(1 day)"},
            "notificationConfiguration": {
                "snsConfiguration": {"topicArn": "arn:aws:sns:eu-west-1:000000000000:alerts"}
            },
            "errorReportConfiguration": {
                "s3Configuration": {"bucketName": "errors", "objectKeyPrefix": "daily"}
            },
            "targetConfiguration": {
                "timestreamConfiguration": {
                    "databaseName": "meters",
                    "tableName": "daily",
                    "timeColumn": "day",
                    "dimensionMappings": [{"name": "meter", "dimensionValueType": "VARCHAR"}],
                }
            },
            "tags": {"team": "meters"},
        },
        change={"tags": {"team": "billing"}},
        replace={"scheduleConfiguration": {"scheduleExpression": "rate(2 days)"}},
    ),
    "aws:timestreaminfluxdb/dbInstance:DbInstance": Example(
        inputs={
            "name": "meters",
            "allocatedStorage": 20,
            "dbInstanceType": "db.influx.medium",
            **_FIRST_USER,
            **_NETWORK,
            "maintenanceSchedule": {"preferredMaintenanceWindow": "Sun:02:00-Sun:04:00", "timezone": "UTC"},
            "tags": {"team": "meters"},
        },
        change={"dbInstanceType": "db.influx.large", "port": 9086, "tags": {"team": "billing"}},
        replace={"bucket": "invoices"},
    ),
    "aws:timestreaminfluxdb/dbCluster:DbCluster": Example(
        inputs={
            "name": "grid",
            "allocatedStorage": 20,
            "dbInstanceType": "db.influx.medium",
            **_FIRST_USER,
            **_NETWORK,
            "tags": {"team": "meters"},
        },
        change={"failoverMode": "NO_FAILOVER", "tags": {"team": "billing"}},
        replace={"allocatedStorage": 40},
    ),
}
