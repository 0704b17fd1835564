"""Large stacks for `make bench`: every option on, and the same databases written by hand as a peer."""

import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import yaml

from aws_sandbox.sandbox import Sandbox

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "timestream-baseline:"
FEW, MANY, TABLES = 10, 50, 20
GROWTH = 6
PREVIEW = ["pulumi", "preview", "--stack", "sandbox", "--non-interactive"]
# What such a program has to contain at least, and nothing else: no roles, no alarms, no trail, no backups.
BY_HAND = """\
import pulumi_aws as aws

for d in range({databases}):
    key = aws.kms.Key(f"key-{{d}}", description=f"database-{{d}}", enable_key_rotation=True)
    aws.kms.Alias(f"key-{{d}}", name=f"alias/database-{{d}}", target_key_id=key.key_id)
    database = aws.timestreamwrite.Database(
        f"database-{{d}}", database_name=f"database-{{d}}", kms_key_id=key.arn
    )
    for t in range({tables}):
        aws.timestreamwrite.Table(
            f"database-{{d}}/table-{{t}}", database_name=database.database_name, table_name=f"table-{{t}}"
        )
"""


@dataclass(frozen=True)
class Taken:
    """What a preview took: seconds, and the peak memory of two processes in MiB."""

    seconds: float
    program: float
    cli: float


@dataclass(frozen=True)
class LargeRow:
    """The preview of a large stack; limits are None for a peer."""

    what: str
    seconds: float | None
    """Seconds that it may take at the most."""
    program: float | None
    """MiB that the Python program may need at the most."""
    cli: float | None
    """MiB that the CLI may need at the most."""
    once: Callable[[], Taken]


@dataclass(frozen=True)
class Medians:
    """What the runs of a row took."""

    seconds: float
    fastest: float
    slowest: float
    program: float
    cli: float


def large_rows(program: Path, sandbox: Sandbox) -> list[LargeRow]:
    """Return the previews of large stacks: fewer databases, many, with the gate, and written by hand."""
    stand_ins = surroundings(sandbox)
    main = (program / "__main__.py").read_text(encoding="utf-8")
    by_hand = BY_HAND.format(databases=MANY, tables=TABLES)
    pack = ("--policy-pack", str(ROOT / "policies"))

    def of(databases: int, text: str, *more: str) -> Callable[[], Taken]:
        def once() -> Taken:
            write_stack(program, everything(databases, stand_ins))
            (program / "__main__.py").write_text(text, encoding="utf-8")
            return preview(program, sandbox.env, *more)

        return once

    tables = f"databases × {TABLES} tables"
    return [
        LargeRow(f"{FEW} {tables}, every option on", 10, 250, 300, of(FEW, main)),
        LargeRow(f"{MANY} {tables}, every option on", 25, 400, 600, of(MANY, main)),
        LargeRow(f"the same {MANY} databases with the gate", 35, 400, 600, of(MANY, main, *pack)),
        LargeRow(f"peer: {MANY} {tables} and their keys by hand", None, None, None, of(MANY, by_hand)),
    ]


def measure(row: LargeRow, runs: int) -> Medians:
    """Do it some times."""
    taken = [row.once() for _ in range(runs)]
    seconds = [it.seconds for it in taken]
    return Medians(
        seconds=median(seconds),
        fastest=min(seconds),
        slowest=max(seconds),
        program=median(it.program for it in taken),
        cli=median(it.cli for it in taken),
    )


def growth(measured: Mapping[LargeRow, Medians]) -> float:
    """Return how many times longer many databases take than few."""
    few, many, *_ = measured.values()
    return many.seconds / few.seconds


def large_table(measured: Mapping[LargeRow, Medians]) -> str:
    """Return the figures as a Markdown table, each with its limit."""
    lines = [
        "| preview of | median | min to max | at most | memory of the program | at most | memory of the CLI "
        "| at most |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row, it in measured.items():
        seconds, program, cli = (
            "" if limit is None else f"{limit:g} {unit}"
            for limit, unit in ((row.seconds, "s"), (row.program, "MiB"), (row.cli, "MiB"))
        )
        lines.append(
            f"| {row.what} | {it.seconds:.1f} s | {it.fastest:.1f} to {it.slowest:.1f} s | {seconds} "
            f"| {it.program:.0f} MiB | {program} | {it.cli:.0f} MiB | {cli} |"
        )
    return (
        "\n".join(lines) + f"\n\nFrom {FEW} to {MANY} databases the time grows {growth(measured):.1f}-fold; "
        f"at most {GROWTH}-fold."
    )


def missed(measured: Mapping[LargeRow, Medians]) -> list[str]:
    """Say which limits were missed."""
    found = [
        f"over its limit of {limit:g} {unit}: {row.what}"
        for row, it in measured.items()
        for limit, value, unit in (
            (row.seconds, it.seconds, "s"),
            (row.program, it.program, "MiB in the program"),
            (row.cli, it.cli, "MiB in the CLI"),
        )
        if limit is not None and value > limit
    ]
    if growth(measured) > GROWTH:
        found.append(f"from {FEW} to {MANY} databases the time grows more than {GROWTH}-fold")
    return found


def surroundings(sandbox: Sandbox) -> dict[str, str]:
    """Make the network that the stack file takes for granted; return its stand-ins with the real ids."""
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=zones[i])["Subnet"][
            "SubnetId"
        ]
        for i in range(2)
    ]
    clients = ec2.create_security_group(GroupName="clients", Description="clients", VpcId=vpc)["GroupId"]
    return {
        "vpc-0a0a0a0a0a0a0a0a0": vpc,
        "subnet-0a0a0a0a0a0a0a0a1": subnets[0],
        "subnet-0a0a0a0a0a0a0a0a2": subnets[1],
        "sg-0a0a0a0a0a0a0a0a3": clients,
    }


def everything(databases: int, stand_ins: Mapping[str, str]) -> dict[str, Any]:
    """Return the stack file with every option on, for that many databases of twenty tables each."""
    text = (ROOT / "examples" / "everything" / "Pulumi.everything.yaml").read_text(encoding="utf-8")
    for stand_in, real in stand_ins.items():
        text = text.replace(stand_in, real)
    stack: dict[str, Any] = yaml.safe_load(text)
    config: dict[str, Any] = stack["config"]
    for nothing_exists_before in ("adopt", "acknowledge"):
        del config[PREFIX + nothing_exists_before]
    named = config[PREFIX + "databases"]
    del named["legacy"]
    config[PREFIX + "scheduledQueries"]["hourly"]["sources"] = ["metrics/cpu"]
    for database in [*named, *(f"database-{number:02}" for number in range(databases - len(named)))]:
        tables = named.setdefault(database, {}).setdefault("tables", {})
        for number in range(TABLES - len(tables)):
            tables[f"table-{number:02}"] = {}
    return stack


def write_stack(program: Path, stack: Mapping[str, Any]) -> None:
    """Give the program another stack file, which keeps the salt that the stack was made with."""
    path = program / "Pulumi.sandbox.yaml"
    salt = yaml.safe_load(path.read_text(encoding="utf-8")).get("encryptionsalt")
    path.write_text(yaml.safe_dump({**stack, **({"encryptionsalt": salt} if salt else {})}), encoding="utf-8")


def preview(program: Path, env: dict[str, str], *more: str) -> Taken:
    """Preview, and watch the memory of the CLI and of the Python program."""
    began = perf_counter()
    with subprocess.Popen(
        [*PREVIEW, *more],
        cwd=program,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        peaks = {"program": 0.0, "cli": 0.0}
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
        watch.start()
        output, _ = process.communicate()
        seconds = perf_counter() - began
        ended.set()
        watch.join()
    if process.returncode != 0:
        raise SystemExit(f"bench: {' '.join(PREVIEW)} ended with {process.returncode}:\n{output}")
    return Taken(seconds, peaks["program"], peaks["cli"])


def _watch(cli: int, peaks: dict[str, float], ended: threading.Event) -> None:
    """Read the peaks that the kernel keeps, until the processes are gone with them."""
    while not ended.wait(0.05):
        peaks["cli"] = max(peaks["cli"], _peak(cli))
        for process in _descendants(cli):
            if "pulumi-language-python-exec" in _read(process, "cmdline"):
                peaks["program"] = max(peaks["program"], _peak(process))


def _descendants(process: int) -> list[int]:
    found: list[int] = []
    for task in _children(process):
        found += [task, *_descendants(task)]
    return found


def _children(process: int) -> list[int]:
    # A child belongs to the thread that started it.
    paths = Path(f"/proc/{process}/task").glob("*/children")
    try:
        return [int(child) for path in paths for child in path.read_text(encoding="utf-8").split()]
    except OSError:  # it has ended meanwhile
        return []


def _peak(process: int) -> float:
    lines = _read(process, "status").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text(encoding="utf-8")
    except OSError:  # it has ended meanwhile
        return ""
