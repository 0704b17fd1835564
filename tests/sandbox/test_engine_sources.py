"""What the engine is made of: pinned, and the same versions as everywhere else."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from aws_sandbox.engine_progress import Console, bar
from aws_sandbox.engine_sources import numbers, read_sources

ROOT = Path(__file__).resolve().parents[2]


def locked(text: str) -> dict[str, str]:
    return dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^ ;\\]+)", text))


def test_the_hosts_versions_are_those_of_the_root_lock() -> None:
    ours = locked((ROOT / "sandbox/engine/requirements.lock").read_text())
    root = locked((ROOT / "requirements.lock").read_text())
    assert {"grpcio", "protobuf", "pulumi"} <= set(ours)
    assert ours == {name: root.get(name) for name in ours}


def test_every_version_of_the_host_has_hashes() -> None:
    text = (ROOT / "sandbox/engine/requirements.lock").read_text()
    entries = re.split(r"(?m)^(?=[A-Za-z])", text)[1:]
    assert len(entries) == len(locked(text))
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_cli_and_the_sdk_have_one_version() -> None:
    sources = read_sources()
    sdk = locked(sources.lock.decode())["pulumi"]
    modules = dict(
        re.findall(r"(github\.com/pulumi/pulumi/(?:pkg|sdk)/v3) v(\S+)", sources.module["go.mod"].decode())
    )
    assert (sources.version, set(modules.values())) == (sdk, {sdk})


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        pytest.param("module", {"go", "engine"}, id="the Go module"),
        pytest.param("lock", {"python", "engine"}, id="the host's environment"),
        pytest.param("host", {"engine"}, id="the host's sources"),
    ],
)
def test_only_what_depends_on_it_is_built_again_after_a_change_of(part: str, changed: set[str]) -> None:
    before = read_sources()
    after = {
        "module": replace(before, module={**before.module, "go.sum": b"other"}),
        "lock": replace(before, lock=b"other"),
        "host": replace(before, host={**before.host, "server.py": b"other"}),
    }[part]
    keys = {
        "go": (before.go_key, after.go_key),
        "python": (before.python_key, after.python_key),
        "engine": (before.key, after.key),
    }
    assert {name for name, (old, new) in keys.items() if old != new} == changed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("3.260.0-dev.12+dirty", (3, 260, 0)),
        ("go1.26", (1, 26)),
        ("go version devel", ()),
        ("", ()),
    ],
)
def test_numbers_of_a_version(text: str, expected: tuple[int, ...]) -> None:
    assert numbers(text) == expected


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_is_a_bar_that_is_drawn_over() -> None:
    stream = Terminal()
    console = Console(stream)
    console.step("compiled packages", 1, 3)
    console.step("compiled packages", 2, 3)
    console.note("done")
    first, second = bar("compiled packages", 1, 3), bar("compiled packages", 2, 3)
    assert stream.getvalue() == f"{first}\r\x1b[K{second}\r\x1b[Kdone\n"
    assert first == "[##########....................] compiled packages: 1 of 3"


def test_progress_in_a_pipe_is_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("aws_sandbox.engine_progress.time.monotonic", lambda: now[0])
    stream = io.StringIO()
    console = Console(stream)
    for done in range(1, 62):
        now[0] += 1
        console.step("compiled packages", done, 100)
    assert stream.getvalue().splitlines() == [f"compiled packages: {done} of 100" for done in (20, 40, 60)]


def test_progress_without_a_known_end_counts() -> None:
    assert bar("downloaded Go modules", 7, None) == "downloaded Go modules: 7"
