"""A test can hold a call, and let one fail."""

import subprocess
import sys
import threading

import pytest
from botocore.exceptions import ClientError

from aws_sandbox.sandbox import Sandbox, SandboxError

CREATES_A_KEY = "import boto3; boto3.client('kms', 'eu-west-1').create_key(); print('created')"


def test_a_call_is_held_after_it_took_effect_until_it_is_released(empty_sandbox: Sandbox) -> None:
    with empty_sandbox.hold("kms", "CreateKey") as hold:
        program = subprocess.Popen(
            [sys.executable, "-c", CREATES_A_KEY],
            env=empty_sandbox.aws_env,
            stdout=subprocess.PIPE,
            text=True,
        )
        hold.wait()

        assert len(empty_sandbox.client("kms").list_keys()["Keys"]) == 1
        assert program.poll() is None
        hold.release()
        assert program.communicate(timeout=30)[0] == "created\n"


def test_a_program_can_be_killed_in_the_middle_of_a_call(empty_sandbox: Sandbox) -> None:
    with empty_sandbox.hold("kms", "CreateKey") as hold:
        program = subprocess.Popen([sys.executable, "-c", CREATES_A_KEY], env=empty_sandbox.aws_env)
        hold.wait()
        program.kill()
        program.wait()

    assert len(empty_sandbox.client("kms").list_keys()["Keys"]) == 1


def test_a_call_is_held_before_it_takes_effect(empty_sandbox: Sandbox) -> None:
    with empty_sandbox.hold("kms", "CreateKey", when="before") as hold:
        caller = threading.Thread(target=empty_sandbox.client("kms").create_key)
        caller.start()
        hold.wait()

        assert empty_sandbox.client("kms").list_keys()["Keys"] == []
        hold.release()
        caller.join(timeout=30)
    assert len(empty_sandbox.client("kms").list_keys()["Keys"]) == 1


def test_waiting_for_a_call_that_does_not_come_ends(empty_sandbox: Sandbox) -> None:
    with (
        empty_sandbox.hold("kms", "CreateKey") as hold,
        pytest.raises(TimeoutError, match=r"^no call was held within 0\.1 seconds$"),
    ):
        hold.wait(seconds=0.1)


def test_a_call_fails_as_often_as_ordered_and_takes_no_effect(empty_sandbox: Sandbox) -> None:
    kms = empty_sandbox.client("kms")
    empty_sandbox.fail("kms", "CreateKey", "ThrottlingException", "Rate exceeded", times=2)

    for _ in range(2):
        with pytest.raises(ClientError) as error:
            kms.create_key()
        assert error.value.response["Error"] == {"Code": "ThrottlingException", "Message": "Rate exceeded"}
    assert kms.list_keys()["Keys"] == []
    kms.create_key()


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "action"),
    [
        ("s3", "list_buckets", {}, "ListBuckets"),
        ("sns", "list_topics", {}, "ListTopics"),
        ("ec2", "describe_vpcs", {}, "DescribeVpcs"),
        ("cloudwatch", "describe_alarms", {}, "DescribeAlarms"),
        ("backup", "list_backup_vaults", {}, "ListBackupVaults"),
    ],
)
def test_an_ordered_error_is_understood_in_every_protocol(
    empty_sandbox: Sandbox, service: str, operation: str, parameters: dict[str, str], action: str
) -> None:
    empty_sandbox.fail(service, action, "AccessDenied", "not for you", status=403)

    with pytest.raises(ClientError) as error:
        getattr(empty_sandbox.client(service), operation)(**parameters)

    parts = error.value.response
    assert (parts["Error"]["Code"], parts["Error"]["Message"]) == ("AccessDenied", "not for you")
    assert parts["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_fault_of_an_operation_that_does_not_exist_is_refused(empty_sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError) as service:
        empty_sandbox.hold("timestream", "CreateDatabase")
    with pytest.raises(SandboxError) as action:
        empty_sandbox.fail("timestream-write", "CreateDatabases", "X")

    assert str(service.value) == "boto3 has no service 'timestream'"
    assert str(action.value) == "timestream-write has no operation 'CreateDatabases'"
