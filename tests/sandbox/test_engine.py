"""Which engine is used: the official one where it will do, else our own, built once."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from aws_sandbox import engine_sources
from aws_sandbox.engine import main
from tests.engine.cli import eventually
from tests.sandbox import engine_world
from tests.sandbox.engine_world import ROOT, World

BUILDING = (
    "Building the Pulumi engine 3.259.0 from source, once for this user: about 5 minutes. "
    "It is kept in {cache}.\n"
)
HOST = "Setting up the Python language host (a few seconds).\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return a machine that has Go, but no Pulumi."""
    made = engine_world.make(tmp_path / "machine")
    made.go()
    yield made
    made.end()


def our_own(world: World, stdout: str) -> Path:
    """Check that the answer is an engine in the cache; gives the directory of its programs."""
    programs = Path(stdout.strip())
    assert programs.parent.parent == world.cache
    assert sorted(file.name for file in programs.iterdir()) == [
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
        "pulumi-language-yaml",
        "pulumi-sdkgen-python",
    ]
    assert all(os.access(file, os.X_OK) for file in programs.iterdir())
    return programs


# --- building ---------------------------------------------------------------------------------------------


def test_it_is_built_once_and_then_found(world: World) -> None:
    first = world.run()
    assert first.returncode == 0
    assert first.stderr == BUILDING.format(cache=world.cache) + HOST
    programs = our_own(world, first.stdout)
    assert world.cached() == ["engine", "go", "python"]

    second = world.run()
    assert (second.returncode, second.stdout, second.stderr) == (0, f"{programs}\n", "")
    assert world.builds() == 1


def test_the_launcher_starts_the_host_of_this_cache_and_of_no_checkout(world: World) -> None:
    programs = our_own(world, world.run().stdout)
    launcher = (programs / "pulumi-language-python").read_text()
    (python,) = world.cache.glob("python-*/bin/python")
    host = programs.parent / "host"
    assert launcher == f'#!/bin/sh\nexec {python} -I {host} --helpers {programs} "$@"\n'
    sources = {file.name for file in (ROOT / "sandbox/aws_sandbox/language_host").glob("*.py")}
    assert {file.name for file in (host / "language_host").glob("*.py")} == sources
    for file in (programs / "pulumi", programs / "pulumi-language-yaml"):
        assert str(ROOT) not in file.read_text()


def test_concurrent_builds_build_once(world: World) -> None:
    hold = world.directory / "hold"
    hold.touch()
    first = world.start()
    assert eventually((world.directory / "started").exists, seconds=30)
    others = [world.start(), world.start()]
    waiting = "Another process is building the Pulumi engine: waiting for it.\n"
    assert [other.stderr.readline() for other in others if other.stderr] == [waiting, waiting]
    hold.unlink()
    answers = [process.communicate(timeout=30)[0] for process in (first, *others)]
    assert [process.returncode for process in (first, *others)] == [0, 0, 0]
    assert len(set(answers)) == 1
    assert world.builds() == 1
    assert world.cached() == ["engine", "go", "python"]


def test_a_killed_build_leaves_nothing_that_is_used(world: World) -> None:
    hold = world.directory / "hold"
    hold.touch()
    killed = world.start()
    assert eventually((world.directory / "started").exists, seconds=30)
    killed.kill()
    killed.communicate(timeout=30)
    assert [name.startswith(".building-") for name in world.cached()] == [True]

    hold.unlink()
    assert world.run().returncode == 0
    assert world.cached() == ["engine", "go", "python"]
    assert world.builds() == 2


def test_an_interrupted_build_cleans_up_after_itself(world: World) -> None:
    hold = world.directory / "hold"
    hold.touch()
    interrupted = world.start()
    assert eventually((world.directory / "started").exists, seconds=30)
    interrupted.send_signal(signal.SIGINT)
    out, err = interrupted.communicate(timeout=30)
    assert (interrupted.returncode, out) == (130, "")
    assert err == BUILDING.format(cache=world.cache) + "interrupted: nothing half-built is left\n"
    assert world.cached() == []


def test_a_failing_build_shows_what_go_said(world: World) -> None:
    (world.directory / "fail").touch()
    failed = world.run()
    assert failed.returncode == 1
    assert failed.stderr == (
        BUILDING.format(cache=world.cache)
        + "error: building the engine failed with exit code 1:\n# two\ntwo.go:1: no such thing\n"
    )
    assert world.cached() == []


def test_the_users_settings_for_go_are_honoured_but_not_those_of_a_cross_build(world: World) -> None:
    world.run(GOFLAGS="-buildvcs=false", GOPROXY="https://modules.example.org", GOOS="plan9", GOARCH="arm")
    lines = (world.directory / "go-environment").read_text().splitlines()
    found = dict(line.split("=", 1) for line in lines if line.startswith(("GO", "CGO")))
    built_in = Path(found.pop("GOBIN")).parent
    assert built_in.parent == world.cache
    assert Path(found.pop("GOTMPDIR")).parent == built_in
    assert found == {
        "GOFLAGS": "-buildvcs=false",
        "GOPROXY": "https://modules.example.org",
        "GO111MODULE": "on",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }


def test_the_version_is_stamped_into_the_cli(world: World) -> None:
    world.run()
    (install,) = re.findall(r"(?m)^install .*", (world.directory / "go.log").read_text())
    assert "sdk/v3/go/common/version.Version=v3.259.0" in install


def test_a_change_of_the_host_alone_does_not_build_go_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = world.run().stdout
    for name, value in world.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(engine_sources, "base_python", lambda: world.python)
    changed = tmp_path / "language_host"
    changed.mkdir()
    (changed / "server.py").write_text("# another one\n")
    monkeypatch.setattr(engine_sources, "HOST", changed)
    assert main([]) == 0
    second = capsys.readouterr()
    assert second.err == ""
    assert second.out != first
    our_own(world, second.out)
    assert world.builds() == 1
    assert world.cached() == ["engine", "engine", "go", "python"]


def test_an_engine_whose_python_is_gone_gets_a_new_one(world: World) -> None:
    programs = world.run().stdout
    (python,) = world.cache.glob("python-*/bin/python")
    python.unlink()
    again = world.run()
    assert (again.stdout, again.stderr) == (programs, HOST)
    assert python.exists()
    assert world.builds() == 1


# --- what is missing --------------------------------------------------------------------------------------


def test_without_pulumi_and_go_it_says_what_to_install(tmp_path: Path) -> None:
    world = engine_world.make(tmp_path / "machine")
    failed = world.run()
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == (
        "error: neither the Pulumi CLI nor Go is on PATH. Install one of them and run the command again:\n"
        "  Pulumi 3.259.0 or newer, with its Python language host: https://www.pulumi.com/docs/install/\n"
        "  Go 1.26 or newer, to build the engine from source: https://go.dev/doc/install\n"
    )


@pytest.mark.parametrize(
    ("version", "toolchain"),
    [
        pytest.param("go1.22.3", "local", id="told to stay local"),
        pytest.param("go1.20", "auto", id="from before toolchains are fetched"),
    ],
)
def test_a_go_that_is_too_old_is_named(world: World, version: str, toolchain: str) -> None:
    failed = world.run(FAKE_GO_VERSION=version, FAKE_GO_TOOLCHAIN=toolchain)
    assert failed.returncode == 1
    assert failed.stderr == (
        f"error: {version[2:]} is too old a Go to build the Pulumi engine ({world.bin / 'go'}). "
        "Install one of these and run the command again:\n"
        "  Go 1.26 or newer: https://go.dev/doc/install\n"
        "  Pulumi 3.259.0 or newer, with its Python language host: https://www.pulumi.com/docs/install/\n"
    )


def test_an_older_go_that_fetches_the_newer_one_builds(world: World) -> None:
    assert world.run(FAKE_GO_VERSION="go1.22.3").returncode == 0


# --- the official one -------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["v3.259.0", "3.301.2", "v4.0.0-alpha.1"])
def test_the_official_cli_is_used_when_it_is_new_enough(world: World, version: str) -> None:
    world.pulumi(version)
    done = world.run()
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{world.bin}\n", "")
    assert world.builds() == 0


def test_both_directories_are_given_where_the_host_stands_apart(world: World, tmp_path: Path) -> None:
    world.pulumi("v3.260.0", host=False)
    world.script(tmp_path / "elsewhere" / "pulumi-language-python", "#!/bin/sh\n")
    done = world.run(PATH=f"{world.env['PATH']}:{tmp_path / 'elsewhere'}")
    assert done.stdout == f"{world.bin}:{tmp_path / 'elsewhere'}\n"


@pytest.mark.parametrize(
    ("version", "host", "message"),
    [
        pytest.param(
            "v3.258.1",
            True,
            "{pulumi} is Pulumi 3.258.1; 3.259 or newer is needed: our own build of 3.259.0 is used.\n",
            id="too old",
        ),
        pytest.param(
            "",
            True,
            "{pulumi} does not tell its version; "
            "3.259 or newer is needed: our own build of 3.259.0 is used.\n",
            id="no version",
        ),
        pytest.param(
            "v3.260.0",
            False,
            "{pulumi} has no pulumi-language-python on PATH: our own build of 3.259.0 is used.\n",
            id="no Python host",
        ),
    ],
)
def test_an_official_cli_that_will_not_do_is_named_and_ours_is_built(
    world: World, version: str, host: bool, message: str
) -> None:
    pulumi = world.pulumi(version, host)
    done = world.run()
    assert done.returncode == 0
    assert done.stderr == message.format(pulumi=pulumi) + BUILDING.format(cache=world.cache) + HOST
    our_own(world, done.stdout)


def test_our_own_engine_on_path_is_not_taken_for_the_official_one(world: World) -> None:
    programs = our_own(world, world.run().stdout)
    done = world.run(PATH=f"{programs}:{world.env['PATH']}")
    assert (done.stdout, done.stderr) == (f"{programs}\n", "")


def test_help_shows_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert 'PATH="$(python -m aws_sandbox.engine):$PATH" pulumi version' in capsys.readouterr().out
