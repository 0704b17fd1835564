from tests.sandbox.examples import Example, Need

_BUCKET = Need(token="aws:s3/bucket:Bucket", inputs={"bucket": "audit-of-meters"})


def _data_events(kind: str) -> list[dict[str, object]]:
    return [
        {
            "name": "Timestream data events",
            "fieldSelectors": [
                {"field": "eventCategory", "equals": ["Data"]},
                {"field": "resources.type", "equals": [kind]},
            ],
        }
    ]


EXAMPLES: dict[str, Example] = {
    "aws:cloudtrail/trail:Trail": Example(
        needs={"bucket": _BUCKET},
        inputs={
            "name": "timestream-audit",
            "s3BucketName": "${bucket.bucket}",
            "enableLogFileValidation": True,
            "isMultiRegionTrail": True,
            "kmsKeyId": "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555",
            "advancedEventSelectors": _data_events("AWS::Timestream::Table"),
            "insightSelectors": [{"insightType": "ApiCallRateInsight"}],
            "tags": {"team": "billing"},
        },
        change={
            "enableLogging": False,
            "s3KeyPrefix": "audit",
            "advancedEventSelectors": _data_events("AWS::Timestream::Database"),
            "tags": {"team": "metering"},
        },
        replace={"name": "meters-audit"},
    ),
    "aws:cloudtrail/eventDataStore:EventDataStore": Example(
        inputs={
            "name": "timestream-events",
            "retentionPeriod": 366,
            "terminationProtectionEnabled": False,
            "advancedEventSelectors": _data_events("AWS::Timestream::Table"),
            "tags": {"team": "billing"},
        },
        change={"retentionPeriod": 731, "tags": {"team": "metering"}},
        replace={"kmsKeyId": "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555"},
    ),
}
