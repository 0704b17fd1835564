"""The call log tells who called what, with which parameters, and what was answered; never a secret."""

import json
import subprocess
import sys

import pytest
from botocore.exceptions import ClientError

from aws_sandbox.calls import MASKED, masked
from aws_sandbox.sandbox import Sandbox


def test_a_call_is_logged_with_its_parameters_and_its_answer(empty_sandbox: Sandbox) -> None:
    made = empty_sandbox.client("kms", region="us-east-1").create_key(Description="metrics")

    (call,) = empty_sandbox.calls()
    assert (call.service, call.action, call.region, call.host, call.principal, call.status) == (
        "kms",
        "CreateKey",
        "us-east-1",
        "kms.us-east-1.amazonaws.com",
        "arn:aws:iam::000000000000:user/sandbox",
        200,
    )
    assert call.request == {"Description": "metrics"}
    assert call.answer["KeyMetadata"]["Arn"] == made["KeyMetadata"]["Arn"]
    assert (call.error, call.message) == (None, None)


def test_an_error_is_logged_with_its_code_and_its_message(empty_sandbox: Sandbox) -> None:
    with pytest.raises(ClientError):
        empty_sandbox.client("kms").describe_key(KeyId="alias/gone")

    (call,) = empty_sandbox.calls(error="NotFoundException")
    assert (call.action, call.status, call.answer) == ("DescribeKey", 400, {})
    assert call.message == "Alias arn:aws:kms:eu-west-1:000000000000:alias/gone is not found."


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "action"),
    [
        pytest.param("sqs", "create_queue", {"QueueName": "q"}, "CreateQueue", id="JSON"),
        pytest.param("sns", "create_topic", {"Name": "t"}, "CreateTopic", id="query"),
        pytest.param("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}, "CreateVpc", id="EC2"),
        pytest.param(
            "backup", "create_backup_vault", {"BackupVaultName": "v"}, "CreateBackupVault", id="REST and JSON"
        ),
        pytest.param("s3", "list_objects_v2", {"Bucket": "reports"}, "ListObjectsV2", id="REST and XML"),
    ],
)
def test_the_parameters_of_every_protocol_are_read(
    empty_sandbox: Sandbox, service: str, operation: str, parameters: dict[str, str], action: str
) -> None:
    client = empty_sandbox.client(service)
    if service == "s3":
        client.create_bucket(Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    getattr(client, operation)(**parameters)

    call = empty_sandbox.calls()[-1]
    assert (call.service, call.action) == (service, action)
    assert {name: call.request[name] for name in parameters} == parameters


def test_calls_of_programs_are_logged_in_their_order(empty_sandbox: Sandbox) -> None:
    program = """
import boto3
cloudwatch = boto3.client("cloudwatch", "eu-west-1")
cloudwatch.put_dashboard(DashboardName="d", DashboardBody="{}")
cloudwatch.list_dashboards()
"""
    subprocess.run([sys.executable, "-c", program], env=empty_sandbox.aws_env, check=True)

    assert [call.action for call in empty_sandbox.calls("cloudwatch")] == ["PutDashboard", "ListDashboards"]


def test_no_secret_is_in_the_log(empty_sandbox: Sandbox) -> None:
    secrets = empty_sandbox.client("secretsmanager")
    secrets.create_secret(Name="s", SecretString="very-secret-text")
    secrets.get_secret_value(SecretId="s")
    role = empty_sandbox.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    credentials = empty_sandbox.client("sts").assume_role(RoleArn=role, RoleSessionName="demo")["Credentials"]
    kms = empty_sandbox.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.encrypt(KeyId=key, Plaintext=b"very-secret-text")
    empty_sandbox.client("timestream-influxdb").create_db_instance(
        name="influx",
        password="verysecrettext",
        dbInstanceType="db.influx.medium",
        vpcSubnetIds=["subnet-1"],
        vpcSecurityGroupIds=["sg-1"],
        allocatedStorage=20,
    )

    log = (empty_sandbox.directory / "calls.jsonl").read_text()

    assert "very-secret-text" not in log
    assert "dmVyeS1zZWNyZXQtdGV4dA" not in log  # the same in base64
    assert "verysecrettext" not in log
    assert credentials["SecretAccessKey"] not in log
    assert credentials["SessionToken"] not in log
    (created,) = empty_sandbox.calls(action="CreateSecret")
    assert (created.request["Name"], created.request["SecretString"]) == ("s", MASKED)


def test_long_texts_and_contents_are_cut() -> None:
    assert masked({"Body": b"x" * 10, "Text": "y" * 5000, "PasswordPolicy": {"Length": 8}}) == {
        "Body": "(10 bytes)",
        "Text": f"{'y' * 4096}… (5000 characters)",
        "PasswordPolicy": {"Length": 8},
    }


def test_each_line_of_the_log_is_json(empty_sandbox: Sandbox) -> None:
    empty_sandbox.client("kms").create_key()
    empty_sandbox.client("s3").list_buckets()

    lines = (empty_sandbox.directory / "calls.jsonl").read_text().splitlines()

    assert [json.loads(line)["action"] for line in lines] == ["CreateKey", "ListBuckets"]
