"""Runs a command where there is no network but loopback, and tells whether it tried to leave.

The command gets a network namespace of its own in which only `lo` is up. The kernel counts there
what finds no way out, so a try is seen even if the program swallows the error:

    traffic = run_on_loopback(["pulumi", "up"], env=sandbox_env)
    assert traffic.exit_code == 0, traffic.output
    assert traffic.attempts == {}

A sandbox that the command uses has to be started by the command itself: the namespace has its own
loopback. `aws-sandbox run -- …` does that.
"""

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


class NoNamespace(Exception):
    """This machine gives an ordinary user no network namespace."""


@dataclass(frozen=True)
class Traffic:
    """What a command did on loopback, and whether it tried to leave it."""

    exit_code: int
    output: str
    attempts: dict[str, int]
    """How often something tried to leave, by how; empty if nothing did."""


def run_on_loopback(
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 300,
) -> Traffic:
    """Run a command on loopback alone."""
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.json"
        wrapped = ["unshare", "--map-root-user", "--net", sys.executable, __file__, report, *command]
        try:
            done = subprocess.run(
                [str(part) for part in wrapped],
                env=dict(os.environ if env is None else env),
                cwd=cwd,
                timeout=timeout,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise NoNamespace("the proof needs the command unshare (util-linux)") from error
        if not report.exists():
            raise NoNamespace(
                "the proof that nothing leaves loopback needs user namespaces "
                f"(sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone): {done.stdout.strip()}"
            )
        attempts = json.loads(report.read_text())
    return Traffic(done.returncode, done.stdout, attempts)


def _counters() -> dict[str, int]:
    """Return what the kernel counted in this namespace that only a way out makes."""
    ipv4 = _table("/proc/self/net/snmp")
    lines = [line.split() for line in Path("/proc/self/net/snmp6").read_text().splitlines()]
    ipv6 = {name: int(value) for name, value in lines}
    return {
        "IPv4 packets without a route": ipv4["Ip"]["OutNoRoutes"],
        "IPv6 packets without a route": ipv6["Ip6OutNoRoutes"],
        # A name server that is configured on loopback answers nobody here.
        "datagrams to nobody": ipv4["Udp"]["NoPorts"] + ipv6["Udp6NoPorts"],
        "packets on other devices": _sent_elsewhere(),
    }


def _table(path: str) -> dict[str, dict[str, int]]:
    lines = [line.split() for line in Path(path).read_text().splitlines()]
    return {
        names[0].rstrip(":"): dict(zip(names[1:], map(int, values[1:]), strict=True))
        for names, values in zip(lines[::2], lines[1::2], strict=True)
    }


def _sent_elsewhere() -> int:
    devices = [line.split(":", 1) for line in Path("/proc/self/net/dev").read_text().splitlines()[2:]]
    return sum(int(numbers.split()[9]) for name, numbers in devices if name.strip() != "lo")


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        name = b"lo".ljust(16, b"\0")
        request = fcntl.ioctl(control, _SIOCGIFFLAGS, struct.pack("16sH14s", name, 0, b""))
        flags = struct.unpack("16sH14s", request)[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH14s", name, flags | _IFF_UP, b""))


def _main() -> int:
    report, *command = sys.argv[1:]
    _raise_loopback()
    before = _counters()
    done = subprocess.run(command, check=False)
    counted = {name: number - before[name] for name, number in _counters().items()}
    Path(report).write_text(json.dumps({name: number for name, number in counted.items() if number}))
    return done.returncode


if __name__ == "__main__":
    sys.exit(_main())
