"""The server's life: one for each directory, gone with its owner, back after a crash with the same state."""

import http.client
import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from aws_sandbox.control_client import CONTROL_HEADER
from aws_sandbox.environment import prepare
from aws_sandbox.sandbox import Sandbox, SandboxError
from tests.engine.cli import eventually


def test_everything_that_was_made_is_there_after_a_crash(tmp_path: Path) -> None:
    with Sandbox(tmp_path) as sandbox:
        before = _make_some_of_everything(sandbox)
        sandbox.kill()
        assert not sandbox.running

        sandbox.start()

        assert _look_at(sandbox, before["vpc"], before["queue"]) == before["seen"]


def test_the_default_network_keeps_its_ids_though_it_was_only_looked_at(tmp_path: Path) -> None:
    with Sandbox(tmp_path) as sandbox:
        before = default_network(sandbox)
        sandbox.kill()
        sandbox.start()
        assert default_network(sandbox) == before


def default_network(sandbox: Sandbox) -> set[str]:
    ec2 = sandbox.client("ec2")
    networks = {network["VpcId"] for network in ec2.describe_vpcs()["Vpcs"]}
    return networks | {subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]}


def test_what_is_kept_is_for_the_user_alone(worker_sandbox: Sandbox) -> None:
    worker_sandbox.client("secretsmanager").create_secret(Name="pin", SecretString="1234")
    kept = [*worker_sandbox.directory.glob("aws/*"), worker_sandbox.directory / "calls.jsonl"]
    assert "state.db" in {path.name for path in kept}
    assert {path.name: path.stat().st_mode & 0o077 for path in kept if path.stat().st_mode & 0o077} == {}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="without a token"),
        pytest.param({CONTROL_HEADER: "guessed"}, id="with another token"),
        pytest.param({CONTROL_HEADER: "\u00e9"}, id="with a token that is no ASCII"),
    ],
)
@pytest.mark.parametrize("command", ["status", "reset", "no-such-command"])
def test_the_server_obeys_nobody(headers: dict[str, str], command: str, empty_sandbox: Sandbox) -> None:
    empty_sandbox.client("kms").create_key()
    connection = http.client.HTTPConnection("127.0.0.1", empty_sandbox.port, timeout=10)
    connection.request("POST", f"/sandbox/{command}", "{}", headers)
    answer = connection.getresponse()
    reason = {"error": "the sandbox obeys only who sends the token of its server.json"}
    assert (answer.status, json.loads(answer.read())) == (403, reason)
    connection.close()
    assert len(empty_sandbox.client("kms").list_keys()["Keys"]) == 1


def test_the_token_is_for_the_user_alone_and_new_at_every_start(tmp_path: Path) -> None:
    (tmp_path / "server.json.partial").touch(mode=0o666)
    tokens = set()
    with Sandbox(tmp_path) as sandbox:
        for _ in range(2):
            file = tmp_path / "server.json"
            assert file.stat().st_mode & 0o777 == 0o600
            tokens.add(json.loads(file.read_text())["token"])
            sandbox.kill()
            sandbox.start()
    assert len(tokens) == 2
    assert {len(token) for token in tokens} == {43}


def test_the_credentials_of_an_assumed_role_outlive_a_restart(tmp_path: Path) -> None:
    with Sandbox(tmp_path) as sandbox:
        role = sandbox.client("iam").create_role(RoleName="reader", AssumeRolePolicyDocument="{}")["Role"][
            "Arn"
        ]
        assumed = sandbox.client("sts").assume_role(RoleArn=role, RoleSessionName="demo")["Credentials"]
        sandbox.stop()
        sandbox.start()

        identity = sandbox.client(
            "sts",
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=assumed["SecretAccessKey"],
            aws_session_token=assumed["SessionToken"],
        ).get_caller_identity()

        assert identity["Arn"] == "arn:aws:sts::000000000000:assumed-role/reader/demo"


def test_the_call_log_and_the_environment_stay_valid_over_a_restart(tmp_path: Path) -> None:
    with Sandbox(tmp_path) as sandbox:
        sandbox.client("kms").create_key()
        environment = sandbox.aws_env
        sandbox.kill()
        sandbox.start()

        assert sandbox.aws_env == environment
        assert [call.action for call in sandbox.calls()] == ["CreateKey"]


def test_two_sandboxes_of_one_directory_share_one_server(tmp_path: Path) -> None:
    with Sandbox(tmp_path) as first:
        with Sandbox(tmp_path) as second:
            assert second.port == first.port
        assert first.running


def test_two_starts_at_the_same_time_share_one_server(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        sandboxes = list(pool.map(lambda _: Sandbox(tmp_path).start(), range(3)))

    try:
        assert len({sandbox.port for sandbox in sandboxes}) == 1
    finally:
        sandboxes[0].stop()


def test_starts_at_the_same_time_never_leave_half_a_provider(tmp_path: Path) -> None:
    prepare(tmp_path)
    provider = tmp_path / "bin" / "pulumi-resource-aws"
    whole = provider.read_text()

    def again(_: int) -> tuple[str, bool]:
        prepare(tmp_path)
        return provider.read_text(), os.access(provider, os.X_OK)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(again, range(400))) == {(whole, True)}
    assert list(provider.parent.iterdir()) == [provider]


def test_a_server_file_of_a_server_that_is_gone_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text(json.dumps({"pid": 1, "port": 1, "started": 0, "token": "t"}))

    assert not Sandbox(tmp_path).running
    with Sandbox(tmp_path) as sandbox:
        assert sandbox.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_a_server_ends_with_the_process_that_owns_it() -> None:
    program = """
import sys
from aws_sandbox.sandbox import Sandbox
sandbox = Sandbox().start()
print((sandbox.directory / "server.json").read_text(), flush=True)
print(sandbox.directory, flush=True)
sys.stdin.read()
"""
    owner = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout
    assert owner.stdin
    server = int(json.loads(owner.stdout.readline())["pid"])
    directory = Path(owner.stdout.readline().strip())
    with _end_of(server) as ended:
        owner.send_signal(signal.SIGKILL)
        owner.communicate()

        assert ended(seconds=10)
    assert not directory.exists()


@pytest.mark.parametrize("what", [signal.SIGINT, signal.SIGKILL])
def test_an_owner_that_is_stopped_while_its_server_starts_leaves_nothing(
    what: signal.Signals, tmp_path: Path
) -> None:
    program = "from aws_sandbox.sandbox import Sandbox\nwith Sandbox():\n    input()\n"
    owner = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert eventually(lambda: bool(list(tmp_path.glob("*/server.log"))), seconds=30)  # it is being started
    owner.send_signal(what)
    owner.communicate()
    assert eventually(lambda: list(tmp_path.iterdir()) == [], seconds=30), list(tmp_path.iterdir())


def test_a_detached_server_outlives_the_process_that_started_it(tmp_path: Path) -> None:
    program = "import sys, pathlib; from aws_sandbox.sandbox import Sandbox; " + (
        "Sandbox(pathlib.Path(sys.argv[1])).start(detached=True)"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True)

    sandbox = Sandbox(tmp_path)
    try:
        assert sandbox.running
    finally:
        sandbox.stop()
    assert not sandbox.running


def test_a_state_of_another_moto_is_refused_and_kept(tmp_path: Path) -> None:
    with Sandbox(tmp_path) as sandbox:
        sandbox.client("kms").create_key()
    database = tmp_path / "aws" / "state.db"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE origin SET value = '4.0.0' WHERE name = 'moto'")
    connection.close()
    here = _moto_version()

    with pytest.raises(SandboxError) as refused:
        Sandbox(tmp_path).start()

    assert str(refused.value) == (
        f"the sandbox in {tmp_path} did not start: {database} was written with format 1 and moto 4.0.0, "
        f"here is format 1 and moto {here}; remove {tmp_path / 'aws'} to begin with an empty AWS"
    )
    assert database.exists()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        pytest.param(
            lambda path: path.write_bytes(b"x" * 4096), "is no state of a sandbox", id="no database"
        ),
        pytest.param(lambda path: _spoil_rows(path), "cannot be read", id="a row that is no state"),
    ],
)
def test_a_spoiled_state_is_an_error_and_never_an_empty_aws(
    tmp_path: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    with Sandbox(tmp_path) as sandbox:
        sandbox.client("kms").create_key()
    spoil(tmp_path / "aws" / "state.db")

    with pytest.raises(SandboxError, match=reason) as refused:
        Sandbox(tmp_path).start()

    assert str(refused.value).endswith(f"remove {tmp_path / 'aws'} to begin with an empty AWS")


def test_reset_empties_aws_and_the_call_log(empty_sandbox: Sandbox) -> None:
    empty_sandbox.client("kms").create_key()
    empty_sandbox.client("s3").create_bucket(
        Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )

    empty_sandbox.reset()

    assert empty_sandbox.calls() == []
    assert empty_sandbox.client("kms").list_keys()["Keys"] == []
    assert empty_sandbox.client("s3").list_buckets()["Buckets"] == []


def test_a_sandbox_that_does_not_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(SandboxError) as refused:
        _ = Sandbox(tmp_path).aws_env

    assert str(refused.value) == f"no sandbox runs in {tmp_path}: aws-sandbox start -d {tmp_path}"


def _make_some_of_everything(sandbox: Sandbox) -> dict[str, object]:
    client = sandbox.client
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    client("kms").enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    client("kms").create_alias(AliasName="alias/metrics", TargetKeyId=key)
    client("timestream-write").create_database(DatabaseName="metrics", KmsKeyId=key)
    client("timestream-write").create_table(DatabaseName="metrics", TableName="cpu")
    client("s3").create_bucket(
        Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    client("s3").put_object(Bucket="reports", Key="a/b", Body=b"content")
    vpc = client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")
    topic = client("sns").create_topic(Name="alarms")["TopicArn"]
    queue = client("sqs").create_queue(QueueName="events")["QueueUrl"]
    client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-west-1:000000000000:events"
    )
    client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
    client("secretsmanager").create_secret(Name="password", SecretString="opens nothing")
    client("backup").create_backup_vault(BackupVaultName="vault")
    client("backup").put_backup_vault_access_policy(BackupVaultName="vault", Policy="{}")
    client("cloudwatch").put_composite_alarm(AlarmName="any", AlarmRule="ALARM(cpu)")
    client("logs").create_log_group(logGroupName="/trail")
    client("events").put_rule(Name="keys", EventPattern='{"source": ["aws.kms"]}')
    client("cloudtrail").create_trail(Name="trail", S3BucketName="reports")
    return {"vpc": vpc, "queue": queue, "seen": _look_at(sandbox, vpc, queue)}


def _look_at(sandbox: Sandbox, vpc: object, queue: object) -> list[object]:
    client = sandbox.client
    body = client("s3").get_object(Bucket="reports", Key="a/b")["Body"].read()
    answers = [
        client("kms").list_aliases(),
        client("kms").get_key_rotation_status(KeyId="alias/metrics"),
        client("timestream-write").describe_database(DatabaseName="metrics"),
        client("timestream-write").list_tables(DatabaseName="metrics"),
        client("ec2").describe_vpcs(VpcIds=[vpc]),
        client("ec2").describe_subnets(),
        client("sns").list_subscriptions(),
        client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"]),
        client("secretsmanager").get_secret_value(SecretId="password"),
        client("backup").get_backup_vault_access_policy(BackupVaultName="vault"),
        client("cloudwatch").describe_alarms(AlarmTypes=["CompositeAlarm"]),
        client("logs").describe_log_groups(),
        client("events").list_rules(),
        client("cloudtrail").describe_trails(),
    ]
    for answer in answers:
        del answer["ResponseMetadata"]
    return [body, *answers]


def _spoil_rows(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE state SET content = x'00'")
    connection.close()


def _moto_version() -> str:
    from importlib.metadata import version

    return version("moto")


@contextmanager
def _end_of(process: int) -> Iterator[Callable[..., bool]]:
    """Yield a function that waits for the end of a process that is not a child of ours."""
    descriptor = os.pidfd_open(process)
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    try:
        yield lambda seconds: bool(poll.poll(seconds * 1000))
    finally:
        os.close(descriptor)
