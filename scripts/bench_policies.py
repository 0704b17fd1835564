"""`pulumi policy analyze` on a large state for `make bench`: our pack, an empty one, one of the SDK.

The pack that does nothing shows what the CLI and the calls cost; the SDK's has 100 rules, the way
packs are usually written. All three take turns, so that a busy machine slows all.
"""

import os
import stat
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.large_states import export  # noqa: E402 - as a script, only its own folder is known

RESOURCES = 5000
AT_MOST = 1.3
"""So many times the time of the pack that does nothing may ours take."""
SDK = "pulumi-policy==1.21.0"
SDK_RULES = 100
OURS, NOTHING, OF_THE_SDK = (
    "our pack with all rules of strict",
    "peer: a server that lists one policy and answers nothing",
    f"peer: {SDK} with {SDK_RULES} rules",
)
_ALL_RULES = '{"settings": {"packs": ["strict"]}}'
_SERVER = """\
#!{python}
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf.empty_pb2 import Empty
from timestream_policies.protocol import analyzer_pb2 as a, analyzer_pb2_grpc, plugin_pb2


class Nothing(analyzer_pb2_grpc.AnalyzerServicer):
    def Handshake(self, request, context):
        return a.AnalyzerHandshakeResponse()

    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version="0.0.1")

    def GetAnalyzerInfo(self, request, context):
        policy = a.PolicyInfo(name="nothing", enforcementLevel=a.MANDATORY)
        return a.AnalyzerInfo(name="nothing", version="0.0.1", policies=[policy])

    def Configure(self, request, context):
        return Empty()

    def ConfigureStack(self, request, context):
        return a.AnalyzerStackConfigureResponse()

    def Remediate(self, request, context):
        return a.RemediateResponse()

    def Analyze(self, request, context):
        return a.AnalyzeResponse()

    def AnalyzeStack(self, request, context):
        return a.AnalyzeResponse()

    def Cancel(self, request, context):
        return Empty()


# The CLI waits five seconds for a pack that ignores its interrupt: that is not what is measured.
for interrupt in (signal.SIGINT, signal.SIGTERM):
    signal.signal(interrupt, lambda *_: os._exit(0))
server = grpc.server(
    ThreadPoolExecutor(max_workers=4), options=[("grpc.max_receive_message_length", -1)]
)
analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Nothing(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
server.wait_for_termination()
"""
_SDK_PROJECT = """\
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: {virtualenv}
version: 0.0.1
"""
_SDK_PACK = """\
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

TYPES = [
    "aws:kms/key:Key",
    "aws:timestreamwrite/database:Database",
    "aws:timestreamwrite/table:Table",
    "aws:s3/bucket:Bucket",
    "aws:iam/role:Role",
]


def rule(number):
    def validate(args, report_violation):
        if args.resource_type == TYPES[number % len(TYPES)] and args.props.get("absent") == number:
            report_violation("is wrong")

    return ResourceValidationPolicy(
        name=f"rule-{{number}}",
        description="A rule",
        enforcement_level=EnforcementLevel.MANDATORY,
        validate=validate,
    )


PolicyPack("sdk", [rule(number) for number in range({rules})])
"""


@dataclass(frozen=True)
class Pack:
    """A policy pack as the CLI takes it."""

    what: str
    arguments: tuple[str, ...]


def packs(directory: Path) -> list[Pack]:
    """Return the three packs, made in the directory."""
    config = directory / "all-rules.json"
    config.write_text(_ALL_RULES, encoding="utf-8")
    nothing = directory / "nothing"
    nothing.write_text(_SERVER.format(python=sys.executable), encoding="utf-8")
    nothing.chmod(nothing.stat().st_mode | stat.S_IXUSR)
    ours = Path(sys.executable).with_name("timestream-policies-pack")
    return [
        Pack(OURS, ("--policy-pack", str(ours), "--policy-pack-config", str(config))),
        Pack(NOTHING, ("--policy-pack", str(nothing))),
        Pack(OF_THE_SDK, ("--policy-pack", str(_pack_of_the_sdk(directory / "sdk")))),
    ]


def _pack_of_the_sdk(directory: Path) -> Path:
    """Return a pack that is written with the SDK, in an environment of its own that is kept."""
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "timestream-bench" / SDK
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([home / "bin" / "pip", "install", "--quiet", SDK], check=True)
        (home / "ready").touch()
    directory.mkdir()
    (directory / "PulumiPolicy.yaml").write_text(_SDK_PROJECT.format(virtualenv=home), encoding="utf-8")
    (directory / "__main__.py").write_text(_SDK_PACK.format(rules=SDK_RULES), encoding="utf-8")
    return directory


def measured(directory: Path, env: Mapping[str, str], runs: int = 5) -> dict[str, list[float]]:
    """Return the seconds of each pack, which take turns; the first turn of each does not count."""
    state = directory / "state.json"
    state.write_bytes(export(RESOURCES))
    made = packs(directory)
    taken: dict[str, list[float]] = {pack.what: [] for pack in made}
    for _ in range(runs + 1):
        for pack in made:
            taken[pack.what].append(_analyze(state, pack, env, directory))
    return {what: seconds[1:] for what, seconds in taken.items()}


def table(taken: Mapping[str, list[float]]) -> str:
    """Return the figures as a Markdown table, each beside the pack that does nothing."""
    least = median(taken[NOTHING])
    lines = [
        f"| `pulumi policy analyze`, {RESOURCES:,} resources | median | min to max | times empty | at most |",
        "|---|---|---|---|---|",
    ]
    for what, seconds in taken.items():
        limit = f"{AT_MOST:g}" if what == OURS else ""
        lines.append(
            f"| {what} | {median(seconds):.2f} s | {min(seconds):.2f} to {max(seconds):.2f} s "
            f"| {median(seconds) / least:.2f} | {limit} |"
        )
    return "\n".join(lines)


def missed(taken: Mapping[str, list[float]]) -> list[str]:
    """Say whether our pack takes too long."""
    times = median(taken[OURS]) / median(taken[NOTHING])
    if times <= AT_MOST:
        return []
    return [f"over its limit of {AT_MOST:g} times a pack that does nothing: policy analyze takes {times:.2f}"]


def _analyze(state: Path, pack: Pack, env: Mapping[str, str], cwd: Path) -> float:
    command = ["pulumi", "policy", "analyze", "--file", str(state), *pack.arguments]
    began = perf_counter()
    done = subprocess.run(command, env=dict(env), cwd=cwd, capture_output=True, text=True, check=False)
    seconds = perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(
            f"bench: {' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return seconds


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    from aws_sandbox.sandbox import Sandbox

    with Sandbox() as sandbox, TemporaryDirectory() as place:
        result = measured(Path(place), sandbox.env)
    print(table(result))
    sys.exit(len(missed(result)))
