"""Programs run by our language host through the real CLI."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.cli import Pulumi, eventually
from tests.engine.hosted import calls, executable, program, stack, write


@pytest.fixture
def pulumi(tmp_path: Path) -> Iterator[Pulumi]:
    cli = Pulumi(tmp_path / "cli", cwd=tmp_path / "program")
    yield cli
    assert eventually(lambda: not cli.processes()), cli.processes()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "program"


def preview(pulumi: Pulumi, place: Path, **env: str) -> tuple[int, str]:
    stack(pulumi, place)
    done = pulumi("preview", "--non-interactive", env=env)
    return done.code, done.text


COMPONENT = """
    import pulumi

    class Thing(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("trial:index:Thing", name)
            self.register_outputs({})
"""


def test_up_runs_the_program_and_keeps_its_outputs(pulumi: Pulumi, place: Path) -> None:
    program(place, COMPONENT + '\n    Thing("one")\n    pulumi.export("answer", 42)\n')
    stack(pulumi, place)
    pulumi("up", "--yes", "--skip-preview", "--non-interactive", check=True)
    assert pulumi("stack", "output", "--json").json == {"answer": 42}
    types = [each["type"] for each in pulumi("stack", "export").json["deployment"]["resources"]]
    assert types == ["pulumi:pulumi:Stack", "trial:index:Thing"]
    pulumi("destroy", "--yes", "--skip-preview", "--non-interactive", check=True)


def test_both_output_streams_reach_the_user(pulumi: Pulumi, place: Path) -> None:
    program(place, 'import sys\nprint("to stdout")\nprint("to stderr", file=sys.stderr)\n')
    code, text = preview(pulumi, place)
    assert code == 0
    assert "to stdout" in text
    assert "to stderr" in text


def test_output_of_a_megabyte_arrives_whole(pulumi: Pulumi, place: Path) -> None:
    program(place, 'for i in range(20_000):\n    print(f"line {i:06d} " + "x" * 40)\nprint("the end")\n')
    code, text = preview(pulumi, place)
    assert code == 0
    assert text.count("line 0") >= 20_000
    assert "the end" in text


def test_configuration_and_its_secrets_reach_the_program(pulumi: Pulumi, place: Path) -> None:
    program(
        place,
        """
        import pulumi

        config = pulumi.Config()
        pulumi.export("plain", config.require("plain"))
        pulumi.export("hidden", config.require_secret("hidden"))
        pulumi.export("known", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
        pulumi.export("marked", pulumi.runtime.is_config_secret("trial:hidden"))
        """,
    )
    stack(pulumi, place)
    pulumi("config", "set", "plain", "open", check=True)
    pulumi("config", "set", "--secret", "hidden", "closed", check=True)
    pulumi("up", "--yes", "--skip-preview", "--non-interactive", check=True)
    assert pulumi("stack", "output", "--json").json == {
        "plain": "open",
        "hidden": "[secret]",
        "known": ["trial", "dev", "organization"],
        "marked": True,
    }


def test_main_names_the_directory_of_the_program(pulumi: Pulumi, place: Path) -> None:
    program(place, "raise SystemExit('the wrong program')\n", main="inner")
    write(place / "inner", main='import os\nprint("in", os.path.basename(os.getcwd()))\n')
    code, text = preview(pulumi, place)
    assert code == 0
    assert "in inner" in text


def test_an_exception_fails_with_the_users_part_of_the_traceback(pulumi: Pulumi, place: Path) -> None:
    program(place, 'raise ValueError("no such thing")\n')
    code, text = preview(pulumi, place)
    assert code != 0
    assert "Program failed with an unhandled exception" in text
    assert "ValueError: no such thing" in text
    assert "pulumi-language-python-exec" not in text
    assert "non-zero exit code" not in text  # the program has told it all already: it bails


def test_an_error_for_the_user_is_shown_without_a_traceback(pulumi: Pulumi, place: Path) -> None:
    program(place, 'import pulumi\nraise pulumi.RunError("the retention is too long")\n')
    code, text = preview(pulumi, place)
    assert code != 0
    assert "error: the retention is too long" in text
    assert "Traceback" not in text


def test_an_exit_code_is_named(pulumi: Pulumi, place: Path) -> None:
    program(place, "import os\nos._exit(7)\n")
    code, text = preview(pulumi, place)
    assert code != 0
    assert "error: an unhandled error occurred: Program exited with non-zero exit code: 7" in text


def test_a_crash_is_named(pulumi: Pulumi, place: Path) -> None:
    program(place, "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    code, text = preview(pulumi, place)
    assert code != 0
    assert "error: an unhandled error occurred: Program was ended by SIGSEGV" in text


def test_the_virtual_environment_is_active_in_the_program(pulumi: Pulumi, place: Path) -> None:
    program(
        place,
        """
        import os, sys, pulumi

        pulumi.export("prefix", sys.prefix)
        pulumi.export("active", os.environ["VIRTUAL_ENV"])
        pulumi.export("first", os.environ["PATH"].split(os.pathsep)[0])
        """,
    )
    stack(pulumi, place)
    pulumi("up", "--yes", "--skip-preview", "--non-interactive", check=True)
    environment = str(place / "venv")
    assert pulumi("stack", "output", "--json").json == {
        "prefix": environment,
        "active": environment,
        "first": environment + "/bin",
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(
            {"toolchain": "pip", "virtualenv": "missing"},
            "runtime option virtualenv: {place}/missing does not exist; run 'pulumi install' in {place}",
            id="an environment that is not there yet",
        ),
        pytest.param(
            {"toolchain": "pip", "virtualenv": "empty"},
            "runtime option virtualenv: {place}/empty is not a virtual environment; "
            "run 'pulumi install' in {place}",
            id="a directory that is no environment",
        ),
        pytest.param(
            {"toolchain": "poetry"},
            "runtime option toolchain: poetry needs the official Pulumi CLI; "
            "here use 'toolchain: pip' or 'toolchain: uv'",
            id="poetry",
        ),
        pytest.param(
            {"toolchain": "conda"},
            "runtime option toolchain: 'conda' is not one of pip, uv",
            id="an unknown toolchain",
        ),
        pytest.param(
            {"typechecker": "pytype", "virtualenv": "venv"},
            "runtime option typechecker: 'pytype' is not one of mypy, pyright",
            id="an unknown type checker",
        ),
    ],
)
def test_a_wrong_runtime_option_is_named(
    pulumi: Pulumi, place: Path, options: dict[str, str], message: str
) -> None:
    program(place, "", options)
    (place / "empty").mkdir()
    code, text = preview(pulumi, place)
    assert code != 0
    assert message.format(place=place) in text
    assert "Traceback" not in text


def test_without_a_virtualenv_the_python_on_path_runs(pulumi: Pulumi, place: Path, tmp_path: Path) -> None:
    program(place, 'import os\nprint("through", os.environ["TRIAL_PYTHON"])\n', {})
    executable(
        tmp_path / "bin" / "python3",
        f'#!/bin/sh\nTRIAL_PYTHON="the one on PATH" exec {sys.executable} "$@"\n',
    )
    code, text = preview(pulumi, place, PATH=f"{tmp_path / 'bin'}:{pulumi.env['PATH']}")
    assert code == 0
    assert "through the one on PATH" in text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('number: int = "one"\n', False, id="a wrong type stops the program"),
        pytest.param("number: int = 1\n", True, id="right types let it run"),
    ],
)
def test_mypy_runs_first_where_the_project_asks(
    pulumi: Pulumi, place: Path, source: str, expected: bool
) -> None:
    program(place, f'{source}print("it runs")\n', {"virtualenv": sys.prefix, "typechecker": "mypy"})
    (place / "venv").unlink()  # mypy checks everything in the directory
    code, text = preview(pulumi, place)
    assert (code == 0) is expected
    assert ("it runs" in text) is expected
    assert ("mypy found errors in" in text) is not expected


def test_the_uv_toolchain_brings_its_environment_up_to_date_first(
    pulumi: Pulumi, place: Path, tmp_path: Path
) -> None:
    program(place, 'print("it runs")\n', {"toolchain": "uv", "virtualenv": "venv"})
    (place / "pyproject.toml").write_text('[project]\nname = "trial"\nversion = "1"\n')
    log = tmp_path / "uv.log"
    executable(
        tmp_path / "bin" / "uv",
        f'#!/bin/sh\necho "$UV_PROJECT_ENVIRONMENT" "$PWD" "$@" >> {log}\n',
    )
    code, text = preview(pulumi, place, PATH=f"{tmp_path / 'bin'}:{pulumi.env['PATH']}")
    assert code == 0
    assert "it runs" in text
    syncs = {line for line in log.read_text().splitlines() if not line.endswith("--version")}
    assert syncs == {f"{place / 'venv'} {place} sync --inexact"}


def test_the_uv_toolchain_without_a_uv_project_uses_the_environment_as_it_is(
    pulumi: Pulumi, place: Path
) -> None:
    program(place, 'print("it runs")\n', {"toolchain": "uv", "virtualenv": "venv"})
    code, text = preview(pulumi, place)
    assert code == 0
    assert "it runs" in text


def test_about_tells_the_interpreter_and_the_direct_dependencies(pulumi: Pulumi, place: Path) -> None:
    bare_environment(place, greeting="1.0", needed="2.0", requires={"greeting": "needed>=2"})
    program_with(place, {"toolchain": "pip", "virtualenv": "bare"})
    about = pulumi("about", "--json", check=True).json
    assert about["runtime"]["executable"] == str(place / "bare" / "bin" / "python")
    assert about["runtime"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert about["runtime"]["toolchain"] == "pip"
    assert about["dependencies"] == [{"name": "greeting", "version": "1.0"}]
    everything = pulumi("about", "--json", "--transitive", check=True).json
    assert everything["dependencies"] == [
        {"name": "greeting", "version": "1.0"},
        {"name": "needed", "version": "2.0"},
    ]


AWS = {"name": "aws", "kind": "resource", "version": "v7.51.1"}


@pytest.mark.parametrize(
    ("on_path", "ignored", "expected"),
    [
        pytest.param(False, "", [AWS], id="asked for when it is not on PATH"),
        pytest.param(True, "", [], id="not asked for when it is on PATH, where the CLI finds it"),
        pytest.param(True, "true", [AWS], id="asked for when PATH is not to be used"),
    ],
)
def test_the_plugin_of_an_installed_provider_package_is(
    pulumi: Pulumi,
    place: Path,
    tmp_path: Path,
    on_path: bool,
    ignored: str,
    expected: list[dict[str, str]],
) -> None:
    bare_environment(place, pulumi_aws="7.51.1", pulumi_policy="1.0", unrelated="3")
    program_with(place, {"virtualenv": "bare"})
    if on_path:
        executable(tmp_path / "bin" / "pulumi-resource-aws", "#!/bin/sh\nexit 1\n")
    log = tmp_path / "grpc.json"
    preview(
        pulumi,
        place,
        PULUMI_DEBUG_GRPC=str(log),
        PULUMI_IGNORE_AMBIENT_PLUGINS=ignored,
        PATH=f"{tmp_path / 'bin'}:{pulumi.env['PATH']}",
    )
    (answer,) = calls(log, "GetRequiredPackages")
    assert answer.get("packages", []) == expected


def test_a_package_says_itself_which_plugin_it_needs(pulumi: Pulumi, place: Path, tmp_path: Path) -> None:
    site = bare_environment(place, acme_widgets="1.0", pulumi_quiet="1.0")
    told = {
        "acme_widgets": {
            "resource": True,
            "name": "widgets",
            "version": "4.5.6",
            "server": "https://plugins.example.org",
            "parameterization": {"name": "small", "version": "0.1.0", "value": "eA=="},
        },
        "pulumi_quiet": {"resource": False},
    }
    for name, content in told.items():
        (site / name).mkdir()
        (site / name / "pulumi-plugin.json").write_text(json.dumps(content))
    program_with(place, {"virtualenv": "bare"})
    log = tmp_path / "grpc.json"
    preview(pulumi, place, PULUMI_DEBUG_GRPC=str(log))
    (answer,) = calls(log, "GetRequiredPackages")
    assert answer["packages"] == [
        {
            "name": "widgets",
            "kind": "resource",
            "version": "v4.5.6",
            "server": "https://plugins.example.org",
            "parameterization": {"name": "small", "version": "0.1.0", "value": "eA=="},
        }
    ]


def program_with(place: Path, options: dict[str, str]) -> None:
    program(place, "", options)


def bare_environment(place: Path, requires: dict[str, str] | None = None, **distributions: str) -> Path:
    """Make the environment `bare` that says it holds these distributions; gives its site-packages."""
    place.mkdir(parents=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place / "bare")], check=True)
    (site,) = (place / "bare" / "lib").glob("python*/site-packages")
    for name, version in distributions.items():
        info = site / f"{name}-{version}.dist-info"
        info.mkdir()
        needs = f"Requires-Dist: {requires[name]}\n" if requires and name in requires else ""
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
        (info / "METADATA").write_text(metadata)
    return site
