"""`pulumi install` through our language host, without network: what is installed is a wheel on disk."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pip
import pytest

from tests.engine.cli import Pulumi, eventually
from tests.engine.hosted import executable, plugin, program, wheel

OFFLINE = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


@pytest.fixture
def pulumi(tmp_path: Path) -> Iterator[Pulumi]:
    cli = Pulumi(tmp_path / "cli", cwd=tmp_path / "program", env=OFFLINE)
    yield cli
    assert eventually(lambda: not cli.processes()), cli.processes()


def needing_the_wheel(directory: Path, options: dict[str, str]) -> Path:
    place = program(directory, "", options)
    (place / "venv").unlink()
    wheel(place / "wheels")
    (place / "requirements.txt").write_text("./wheels/greeting-1.0-py3-none-any.whl\n")
    return place


def environment_with_pip(directory: Path) -> None:
    """Make an environment in a moment: with the pip of the environment that runs the tests."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(directory)], check=True)
    (site,) = (directory / "lib").glob("python*/site-packages")
    for entry in Path(pip.__file__).parents[1].glob("pip*"):
        (site / entry.name).symlink_to(entry)


def installed_text(environment: Path) -> str:
    """Ask an environment for what the wheel put there."""
    command = [str(environment / "bin" / "python"), "-c", "import greeting; print(greeting.TEXT)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_pip_makes_the_environment_and_installs_the_requirements(pulumi: Pulumi, tmp_path: Path) -> None:
    place = needing_the_wheel(tmp_path / "program", {"toolchain": "pip", "virtualenv": "own"})
    done = pulumi("install", check=True)
    assert installed_text(place / "own") == "hello from the wheel"
    told = [
        "Creating virtual environment...",
        "Installing dependencies...",
        "Finished installing dependencies",
    ]
    assert [line for line in told if line in done.text] == told
    assert "Successfully installed greeting-1.0" in done.text


def test_a_requirement_that_cannot_be_installed_fails(pulumi: Pulumi, tmp_path: Path) -> None:
    place = program(tmp_path / "program", "", {"virtualenv": "venv"})
    (place / "requirements.txt").write_text("./no-such-file.whl\n")
    done = pulumi("install")
    assert done.code != 0
    assert "no-such-file.whl" in done.text
    assert (
        f"installing dependencies failed: {place}/venv/bin/python -m pip install -r requirements.txt "
        "ended with exit code 1" in done.text
    )
    assert "Traceback" not in done.text


def test_the_users_settings_for_pip_are_honoured_and_what_is_installed_stays(
    pulumi: Pulumi, tmp_path: Path
) -> None:
    place = needing_the_wheel(tmp_path / "program", {"virtualenv": "own"})
    environment_with_pip(place / "own")
    (place / "requirements.txt").write_text("greeting\n")
    settings = {"PIP_FIND_LINKS": str(place / "wheels")}
    pulumi("install", env=settings, check=True)
    assert installed_text(place / "own") == "hello from the wheel"

    again = pulumi("install", env=settings, check=True)
    assert "Creating virtual environment..." not in again.text
    assert "Requirement already satisfied: greeting" in again.text


def test_a_plugin_gets_an_environment_of_its_own(pulumi: Pulumi, tmp_path: Path) -> None:
    place = plugin(tmp_path / "program", "PulumiPlugin", "", {"toolchain": "pip"})
    (place / "venv").unlink()
    environment_with_pip(place / "venv")
    wheel(place)
    (place / "requirements.txt").write_text("./greeting-1.0-py3-none-any.whl\n")
    pulumi("install", check=True)
    assert installed_text(place / "venv") == "hello from the wheel"


def test_install_in_the_directory_of_a_pack_fills_its_environment(pulumi: Pulumi, tmp_path: Path) -> None:
    place = plugin(tmp_path / "program", "PulumiPolicy", "", {"toolchain": "pip", "virtualenv": "own"})
    environment_with_pip(place / "own")
    wheel(place)
    (place / "requirements.txt").write_text("./greeting-1.0-py3-none-any.whl\n")
    pulumi("install", check=True)
    assert installed_text(place / "own") == "hello from the wheel"


# A uv that writes down how it is called, and makes the environment that it is asked for.
UV = """
    #!/bin/sh
    echo "$UV_PROJECT_ENVIRONMENT|$PWD|$*" >> {log}
    case "$1" in
    venv) python3 -m venv --without-pip "$2" ;;
    sync) python3 -m venv --without-pip "$UV_PROJECT_ENVIRONMENT"; echo "synced by uv" ;;
    --version) echo "uv 1.2.3" ;;
    esac
"""


def uv_calls(pulumi: Pulumi, tmp_path: Path) -> list[str]:
    log = tmp_path / "uv.log"
    executable(tmp_path / "bin" / "uv", UV.format(log=log))
    pulumi("install", env={"PATH": f"{tmp_path / 'bin'}:{pulumi.env['PATH']}"}, check=True)
    return [line for line in log.read_text().splitlines() if not line.endswith("--version")]


def test_uv_syncs_a_project(pulumi: Pulumi, tmp_path: Path) -> None:
    place = program(tmp_path / "program", "", {"toolchain": "uv", "virtualenv": "own"})
    (place / "pyproject.toml").write_text('[project]\nname = "trial"\nversion = "1"\n')
    assert uv_calls(pulumi, tmp_path)[0] == f"{place / 'own'}|{place}|sync"
    assert (place / "own" / "bin" / "python").exists()


def test_uv_puts_the_environment_where_its_project_is(pulumi: Pulumi, tmp_path: Path) -> None:
    place = program(tmp_path / "program", "", {"toolchain": "uv"})
    (tmp_path / "uv.lock").write_text("version = 1\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "trial"\nversion = "1"\n')
    assert uv_calls(pulumi, tmp_path)[0] == f"{tmp_path / '.venv'}|{place}|sync"


def test_uv_installs_requirements_without_making_a_project_of_them(pulumi: Pulumi, tmp_path: Path) -> None:
    place = program(tmp_path / "program", "", {"toolchain": "uv", "virtualenv": "own"})
    (place / "requirements.txt").write_text("greeting\n")
    own = place / "own"
    assert uv_calls(pulumi, tmp_path) == [
        f"{own}|{place}|venv {own}",
        f"{own}|{place}|pip install --python {own}/bin/python -r requirements.txt",
    ]
    assert (place / "requirements.txt").read_text() == "greeting\n"
    assert not (place / "pyproject.toml").exists()


def test_uv_that_is_not_there_is_named(pulumi: Pulumi, tmp_path: Path) -> None:
    program(tmp_path / "program", "", {"toolchain": "uv", "virtualenv": "venv"})
    done = pulumi("install", env={"PATH": f"{pulumi.engine.path_entries[0]}:/usr/bin:/bin"})
    assert done.code != 0
    assert "runtime option toolchain: uv is not on PATH; install uv, or use 'toolchain: pip'" in done.text, (
        done.text
    )
