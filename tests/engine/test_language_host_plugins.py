"""Policy packs and component packages in Python, started by our language host through the real CLI."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.engine.cli import Pulumi, eventually
from tests.engine.hosted import executable, plugin, program, stack, wheel, write

PACK = """
    import sys
    from concurrent import futures

    import grpc
    from google.protobuf import empty_pb2
    from pulumi.runtime.proto import analyzer_pb2 as a, analyzer_pb2_grpc, plugin_pb2

    class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
        def Handshake(self, request, context):
            return a.AnalyzerHandshakeResponse()

        def GetPluginInfo(self, request, context):
            return plugin_pb2.PluginInfo(version="0.1.0")

        def GetAnalyzerInfo(self, request, context):
            rule = a.PolicyInfo(
                name="no-bad-names",
                description="d",
                enforcementLevel=a.MANDATORY,
                policy_type=a.POLICY_TYPE_RESOURCE,
            )
            return a.AnalyzerInfo(name="trial", version="0.1.0", supportsConfig=True, policies=[rule])

        def Configure(self, request, context):
            return empty_pb2.Empty()

        def ConfigureStack(self, request, context):
            print("configured for", request.stack, file=sys.stderr)
            return a.AnalyzerStackConfigureResponse()

        def Analyze(self, request, context):
            found = []
            if request.urn.endswith("::bad"):
                found = [
                    a.AnalyzeDiagnostic(
                        policyName="no-bad-names",
                        policyPackName="trial",
                        message="this name is bad",
                        enforcementLevel=a.MANDATORY,
                        urn=request.urn,
                    )
                ]
            return a.AnalyzeResponse(diagnostics=found)

        def AnalyzeStack(self, request, context):
            return a.AnalyzeResponse()

        def Remediate(self, request, context):
            return a.RemediateResponse()

        def Cancel(self, request, context):
            return empty_pb2.Empty()

    server = grpc.server(futures.ThreadPoolExecutor(4))
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()
"""

THING = """
    import pulumi

    class Thing(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("trial:index:Thing", name)
            self.register_outputs({})

    Thing(NAME)
"""

GREETER = """
    import os
    from typing import TypedDict

    import pulumi
    from pulumi.provider.experimental import component_provider_host

    class GreeterArgs(TypedDict):
        who: pulumi.Input[str]

    class Greeter(pulumi.ComponentResource):
        greeting: pulumi.Output[str]

        def __init__(self, name: str, args: GreeterArgs, opts: pulumi.ResourceOptions | None = None):
            super().__init__("greeter:index:Greeter", name, {}, opts)
            self.greeting = pulumi.Output.concat("hello ", args["who"])
            self.register_outputs({"greeting": self.greeting})

    if __name__ == "__main__":
        component_provider_host(name="greeter", components=[Greeter], version="1.2.3")
"""


@pytest.fixture
def pulumi(tmp_path: Path) -> Iterator[Pulumi]:
    """Give a CLI for which the plugin of package aws, which our environment asks for, is on PATH."""
    executable(tmp_path / "bin" / "pulumi-resource-aws", "#!/bin/sh\nexit 1\n")
    cli = Pulumi(tmp_path / "cli", cwd=tmp_path / "program")
    cli.env["PATH"] = f"{tmp_path / 'bin'}:{cli.env['PATH']}"
    yield cli
    assert eventually(lambda: not cli.processes()), cli.processes()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return plugin(tmp_path / "pack", "PulumiPolicy", PACK)


@pytest.fixture
def greeter(tmp_path: Path) -> Path:
    return plugin(tmp_path / "greeter", "PulumiPlugin", GREETER)


@pytest.mark.parametrize(
    ("name", "passes"),
    [
        pytest.param("good", True, id="a resource that it accepts"),
        pytest.param("bad", False, id="one it refuses"),
    ],
)
def test_a_directory_pack_decides_about(
    pulumi: Pulumi, tmp_path: Path, pack: Path, name: str, passes: bool
) -> None:
    place = program(tmp_path / "program", THING.replace("NAME", repr(name)))
    stack(pulumi, place)
    done = pulumi("up", "--yes", "--skip-preview", "--non-interactive", "--policy-pack", str(pack))
    assert (done.code == 0) is passes, done.text
    assert ("this name is bad" in done.text) is not passes
    assert "configured for dev" in done.text  # what the pack writes to stderr is streamed
    types = [each["type"] for each in pulumi("stack", "export").json["deployment"].get("resources", [])]
    assert ("trial:index:Thing" in types) is passes
    assert "KeyboardInterrupt" not in done.text


def test_a_pack_whose_environment_is_missing_says_how_to_make_it(
    pulumi: Pulumi, tmp_path: Path, pack: Path
) -> None:
    (pack / "venv").unlink()
    place = program(tmp_path / "program", "")
    stack(pulumi, place)
    done = pulumi("preview", "--non-interactive", "--policy-pack", str(pack))
    assert done.code != 0
    assert f"virtualenv: {pack}/venv does not exist; run 'pulumi install' in {pack}" in done.text
    assert "Traceback" not in done.text


def test_a_pack_that_fails_to_start_fails_the_preview(pulumi: Pulumi, tmp_path: Path) -> None:
    broken = plugin(tmp_path / "pack", "PulumiPolicy", 'raise SystemExit("no rules today")\n')
    place = program(tmp_path / "program", "")
    stack(pulumi, place)
    done = pulumi("preview", "--non-interactive", "--policy-pack", str(broken))
    assert done.code != 0
    assert "no rules today" in done.text


def test_a_yaml_program_uses_a_component_package(pulumi: Pulumi, tmp_path: Path, greeter: Path) -> None:
    settings = {
        "name": "trial",
        "runtime": "yaml",
        "packages": {"greeter": str(greeter)},
        "resources": {"g": {"type": "greeter:index:Greeter", "properties": {"who": "world"}}},
        "outputs": {"greeting": "${g.greeting}"},
    }
    place = write(tmp_path / "program", yaml_Pulumi=yaml.safe_dump(settings))
    stack(pulumi, place)
    pulumi("up", "--yes", "--skip-preview", "--non-interactive", check=True)
    assert pulumi("stack", "output", "--json").json == {"greeting": "hello world"}


def test_a_component_package_without_a_virtualenv_option_uses_its_own(pulumi: Pulumi, tmp_path: Path) -> None:
    greeter = plugin(tmp_path / "greeter", "PulumiPlugin", GREETER, {"toolchain": "pip"})
    write(tmp_path / "program")
    schema = pulumi("package", "get-schema", str(greeter), check=True).json
    assert schema["name"] == "greeter"
    assert schema["version"] == "1.2.3"
    assert schema["resources"]["greeter:index:Greeter"]["requiredInputs"] == ["who"]


def test_package_add_generates_an_sdk_and_adds_it_to_the_requirements(
    pulumi: Pulumi, tmp_path: Path, greeter: Path
) -> None:
    place = program(tmp_path / "program", "")
    (place / "requirements.txt").write_text("# what this program needs\npulumi_greeter==0.1\n")
    # pip itself is not to be tried here: the environment is the one that runs the tests
    pip = {"PIP_DRY_RUN": "1", "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_DEPS": "1"}
    added = pulumi("package", "add", str(greeter), env=pip, check=True)
    assert "You can import the SDK in your Python code with:\n\n  import pulumi_greeter\n" in added.text
    assert (place / "requirements.txt").read_text() == "# what this program needs\nsdks/greeter\n"
    module = place / "sdks" / "greeter" / "pulumi_greeter"
    assert "class Greeter(pulumi.ComponentResource):" in (module / "greeter.py").read_text()
    plugin_file = json.loads((module / "pulumi-plugin.json").read_text())
    assert plugin_file == {"resource": True, "name": "greeter", "version": "1.2.3"}


def test_converting_a_program_to_python_says_that_it_is_not_possible_here(
    pulumi: Pulumi, tmp_path: Path
) -> None:
    place = write(tmp_path / "program", yaml_Pulumi="name: trial\nruntime: yaml\n")
    (place / "main.pp").write_text('output "x" {\n  value = 1\n}\n')
    done = pulumi("convert", "--from", "pcl", "--language", "python", "--out", str(place / "out"))
    assert done.code != 0
    assert "converting programs to Python needs the official Pulumi CLI" in done.text


def test_pack_sdk_makes_a_wheel(pulumi: Pulumi, tmp_path: Path) -> None:
    """A wheel on disk is what pip packs without a build tool."""
    source = wheel(tmp_path / "sdk")
    packed = write(tmp_path / "packed")
    done = pulumi("package", "pack-sdk", "python", str(source), cwd=packed, check=True)
    assert done.text.strip() == str(packed / source.name)
    assert [file.name for file in packed.iterdir()] == [source.name]
