"""The command aws-sandbox."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aws_sandbox.sandbox import Sandbox

AWS_SANDBOX = [sys.executable, "-m", "aws_sandbox.cli"]


def aws_sandbox(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [*AWS_SANDBOX, *map(str, arguments)]
    variables = {name: value for name, value in os.environ.items() if name != "AWS_SANDBOX_DIRECTORY"}
    return subprocess.run(
        command, env={**variables, **environment}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Path]:
    done = aws_sandbox("start", "--directory", tmp_path)
    assert done.returncode == 0, done.stderr
    yield tmp_path
    Sandbox(tmp_path).stop()


@pytest.mark.parametrize("command", [[], ["run"], ["start"], ["stop"], ["status"], ["env"], ["calls"]])
def test_each_command_explains_itself(command: list[str]) -> None:
    done = aws_sandbox(*command, "--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    if command in ([], ["run"], ["env"], ["calls"]):
        assert "Examples:\n" in done.stdout


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        pytest.param(["true"], 0, "", id="success"),
        pytest.param(["sh", "-c", "exit 7"], 7, "", id="failure"),
        pytest.param(["sh", "-c", "kill -TERM $$"], 143, "", id="killed by a signal"),
        pytest.param(
            ["no-such-command"],
            127,
            "aws-sandbox: no-such-command: No such file or directory\n",
            id="not found",
        ),
    ],
)
def test_run_ends_as_its_command_ends(command: list[str], code: int, said: str) -> None:
    done = aws_sandbox("run", "--no-engine", "--", *command)
    assert (done.returncode, done.stderr) == (code, said)


def test_run_without_a_directory_throws_the_sandbox_away() -> None:
    where = "import os; print(os.environ['AWS_SANDBOX_DIRECTORY'])"
    temporary = aws_sandbox("run", "--no-engine", "--", sys.executable, "-c", where).stdout.strip()
    assert temporary.startswith("/")
    assert not Path(temporary).exists()


def test_run_passes_signals_on() -> None:
    program = """
import signal, sys
signal.signal(signal.SIGINT, lambda *_: (print("interrupted", flush=True), sys.exit(3)))
print("ready", flush=True)
signal.pause()
"""
    process = subprocess.Popen(
        [*AWS_SANDBOX, "run", "--no-engine", "--", sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"

    process.send_signal(signal.SIGINT)

    assert process.communicate(timeout=60)[0] == "interrupted\n"
    assert process.returncode == 3


MAKES_A_KEY = """
import boto3
kms = boto3.client("kms", "eu-west-1")
kms.create_key()
print(len(kms.list_keys()["Keys"]))
"""


def test_run_and_stop_keep_the_state_of_a_directory_and_start_is_repeatable(tmp_path: Path) -> None:
    run = ["run", "--no-engine", "-d", str(tmp_path), "--", sys.executable, "-c", MAKES_A_KEY]
    assert aws_sandbox(*run).stdout == "1\n"
    first = aws_sandbox("start", "-d", tmp_path)
    port = Sandbox(tmp_path).port
    assert first.stdout == (
        f"AWS runs in {tmp_path} (port {port}).\n"
        f'Lead a shell to it:  eval "$(aws-sandbox env -d {tmp_path})"\n'
    )
    assert aws_sandbox(*run).stdout == "2\n"

    assert aws_sandbox("start", "-d", tmp_path).stdout == first.stdout
    assert aws_sandbox("status", "-d", tmp_path).stdout == (
        f"AWS runs in {tmp_path} (port {port}), 4 calls so far.\n"
    )
    assert aws_sandbox("stop", "-d", tmp_path).stdout == (
        f"AWS in {tmp_path} is stopped; its state is kept.\n"
    )
    stopped = aws_sandbox("status", "-d", tmp_path)
    assert (stopped.returncode, stopped.stdout) == (1, f"No AWS runs in {tmp_path}.\n")
    assert aws_sandbox("stop", "-d", tmp_path).stdout == f"No AWS runs in {tmp_path}.\n"
    assert aws_sandbox(*run).stdout == "3\n"


def test_env_leads_a_shell_to_it_and_away_from_real_accounts(started: Path) -> None:
    command = " ".join(["eval", f'"$({sys.executable} -m aws_sandbox.cli env --no-engine -d {started})"'])
    program = "import boto3; print(boto3.client('sts', 'eu-west-1').get_caller_identity()['Arn'])"

    done = subprocess.run(
        ["sh", "-c", f'{command}; {sys.executable} -c "{program}"; echo "$AWS_PROFILE$AWS_ENDPOINT_URL"'],
        env={**os.environ, "AWS_PROFILE": "production", "AWS_ENDPOINT_URL": "https://example.com"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "arn:aws:iam::000000000000:user/sandbox\n\n"


def test_env_as_json_is_the_whole_environment(started: Path) -> None:
    done = aws_sandbox("env", "--no-engine", "--format", "json", "--region", "eu-west-1", "-d", started)

    variables = json.loads(done.stdout)
    assert variables["AWS_SANDBOX_DIRECTORY"] == str(started)
    assert variables["AWS_REGION"] == "eu-west-1"


def test_env_of_a_sandbox_that_does_not_run_is_an_error(tmp_path: Path) -> None:
    done = aws_sandbox("env", "--no-engine", "-d", tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        f"Error: no sandbox runs in {tmp_path}: aws-sandbox start -d {tmp_path}\n",
    )


def test_calls_are_printed_and_filtered(started: Path) -> None:
    sandbox = Sandbox(started)
    sandbox.client("kms").list_keys()
    sandbox.fail("sns", "ListTopics", "Throttling", "Rate exceeded")
    with pytest.raises(sandbox.client("sns").exceptions.ClientError):
        sandbox.client("sns").list_topics()
    who = "arn:aws:iam::000000000000:user/sandbox"
    ok = f"{'kms':20} {'ListKeys':32} {'eu-west-1':15} {who}  ok\n"
    failed = f"{'sns':20} {'ListTopics':32} {'eu-west-1':15} {who}  Throttling: Rate exceeded\n"

    assert aws_sandbox("calls", "-d", started).stdout == ok + failed
    assert aws_sandbox("calls", "-d", started, "--errors").stdout == failed
    assert aws_sandbox("calls", "-d", started, "--service", "kms").stdout == ok
    (line,) = aws_sandbox("calls", "-d", started, "--errors", "--format", "json").stdout.splitlines()
    assert json.loads(line)["error"] == "Throttling"
