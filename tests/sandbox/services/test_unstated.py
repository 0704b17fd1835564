"""What the program does not state and AWS fills in inside a list is no change when it is read again."""

from tests.sandbox.services.resources import Resource, Resources


def same_after_reading(resource: Resource) -> bool:
    return resource.read(resource.state) == resource.state


def test_the_windows_of_a_backup_rule(resources: Resources) -> None:
    resources.create("aws:backup/vault:Vault", name="timestream")
    rules = [{"ruleName": "daily", "targetVaultName": "timestream"}]
    plan = resources.create("aws:backup/plan:Plan", name="daily", rules=rules)
    assert plan.state["rules"] == rules
    assert same_after_reading(plan)
    assert plan.read({})["rules"] == [
        {
            **rules[0],
            "startWindow": 60,
            "completionWindow": 180,
            "scheduleExpressionTimezone": "Etc/UTC",
            "schedule": "cron(0 5 ? * * *)",
        }
    ]


def test_a_window_that_somebody_changed_is_seen(resources: Resources) -> None:
    resources.create("aws:backup/vault:Vault", name="timestream")
    rules = [{"ruleName": "daily", "targetVaultName": "timestream"}]
    plan = resources.create("aws:backup/plan:Plan", name="daily", rules=rules)
    client = resources.aws.client("backup")
    document = client.get_backup_plan(BackupPlanId=plan.id)["BackupPlan"]
    changed = {"RuleName": "daily", "TargetBackupVaultName": "timestream", "StartWindowMinutes": 90}
    client.update_backup_plan(
        BackupPlanId=plan.id,
        BackupPlan={"BackupPlanName": document["BackupPlanName"], "Rules": [changed]},
    )
    assert plan.read(plan.state)["rules"][0]["startWindow"] == 90


def test_the_kind_of_events_that_a_trail_selects(resources: Resources) -> None:
    resources.create("aws:s3/bucket:Bucket", bucket="audit")
    values = [{"type": "AWS::S3::Object", "values": ["arn:aws:s3:::audit/"]}]
    selectors = [{"dataResources": values}]
    trail = resources.create(
        "aws:cloudtrail/trail:Trail", name="timestream", s3BucketName="audit", eventSelectors=selectors
    )
    assert trail.state["eventSelectors"] == selectors
    assert same_after_reading(trail)


def test_the_id_of_a_notification(resources: Resources) -> None:
    resources.create("aws:s3/bucket:Bucket", bucket="rejects")
    queue = resources.create("aws:sqs/queue:Queue", name="rejects")
    queues = [{"queueArn": queue.state["arn"], "events": ["s3:ObjectCreated:*"]}]
    notification = resources.create(
        "aws:s3/bucketNotification:BucketNotification", bucket="rejects", queues=queues
    )
    assert notification.state["queues"] == queues
    assert same_after_reading(notification)
