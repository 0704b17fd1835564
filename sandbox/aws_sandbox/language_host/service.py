"""The language host's gRPC service: what the CLI asks, and the answers."""

# ruff: noqa: ARG002 - gRPC gives every method a request and a context

import base64
import importlib.metadata
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf import empty_pb2, json_format

from . import commands, install, packages, sdks
from .children import Children, ChildrenClosed, Sink, Stream, messages, to_own_output
from .errors import HostError
from .protocol import language, language_grpc, plugin
from .toolchain import Project, as_plugin, resolve

EXECUTOR = "pulumi-language-python-exec"
BAIL = 32  # the program failed and has told the user why (the SDK's executor exits with it)
ENDING = "the language host is ending"
CONVERT = "converting programs to Python needs the official Pulumi CLI"

Context = grpc.ServicerContext
Result = TypeVar("Result")


def _project(info: language.ProgramInfo) -> Project:
    return resolve(info.root_directory, info.program_directory, json_format.MessageToDict(info.options))


def _abort(context: Context, code: grpc.StatusCode, text: str) -> NoReturn:
    context.abort(code, text)
    raise AssertionError("abort always raises")


def _answers(method: Callable[..., Result]) -> Callable[..., Result]:
    """Give a mistake that the user can put right as the call's error, without a traceback."""

    @wraps(method)
    def answer(self: "Host", request: Any, context: Context) -> Result:
        try:
            return method(self, request, context)
        except HostError as error:
            _abort(context, grpc.StatusCode.FAILED_PRECONDITION, str(error))
        except ChildrenClosed:
            _abort(context, grpc.StatusCode.CANCELLED, ENDING)

    return answer


class Host(language_grpc.LanguageRuntimeServicer):
    """Answers the CLI."""

    def __init__(self, engine: str, helpers: Path) -> None:
        self.engine = engine
        self.children = Children()
        self._helpers = helpers

    def Handshake(
        self, request: language.LanguageHandshakeRequest, context: Context
    ) -> language.LanguageHandshakeResponse:
        """Take the engine's address, if the command line gave none."""
        self.engine = request.engine_address or self.engine
        return language.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: Context) -> plugin.PluginInfo:
        """Tell the version of the SDK that this host speaks."""
        return plugin.PluginInfo(version=importlib.metadata.version("pulumi"))

    @_answers
    def GetRequiredPackages(
        self, request: language.GetRequiredPackagesRequest, context: Context
    ) -> language.GetRequiredPackagesResponse:
        """Tell which provider plugins the installed packages need."""
        return language.GetRequiredPackagesResponse(packages=_required(request.info))

    @_answers
    def GetRequiredPlugins(
        self, request: language.GetRequiredPluginsRequest, context: Context
    ) -> language.GetRequiredPluginsResponse:
        """Tell the same in the words of older CLIs."""
        return language.GetRequiredPluginsResponse(plugins=_required(request.info))

    @_answers
    def GetProgramDependencies(
        self, request: language.GetProgramDependenciesRequest, context: Context
    ) -> language.GetProgramDependenciesResponse:
        """List what is installed."""
        installed = packages.inspect(_project(request.info))
        found = packages.dependencies(installed, request.transitiveDependencies)
        return language.GetProgramDependenciesResponse(
            dependencies=[language.DependencyInfo(name=each.name, version=each.version) for each in found]
        )

    @_answers
    def About(self, request: language.AboutRequest, context: Context) -> language.AboutResponse:
        """Tell which Python runs the program."""
        project = _project(request.info)
        executable, version = packages.python_of(project)
        return language.AboutResponse(
            executable=executable,
            version=version,
            metadata={
                "toolchain": project.toolchain,
                "toolchainVersion": packages.toolchain_version(project),
                "typechecker": project.typechecker or "none",
            },
        )

    @_answers
    def Run(self, request: language.RunRequest, context: Context) -> language.RunResponse:
        """Run a program to its end."""
        _refuse_debugger(request.attach_debugger)
        project = _project(request.info)
        if (check := commands.typecheck(project)) is not None and self._run(check, context) != 0:
            return language.RunResponse(error=f"{project.typechecker} found errors in {project.program}")
        code = self._run(commands.program(request, project, self._helper(EXECUTOR), self.engine), context)
        if code == 0:
            return language.RunResponse()
        if code == BAIL:
            return language.RunResponse(bail=True)
        if code < 0:
            return language.RunResponse(error=f"Program was ended by {signal.Signals(-code).name}")
        return language.RunResponse(error=f"Program exited with non-zero exit code: {code}")

    def _run(self, command: commands.Command, context: Context, sink: Sink = to_own_output) -> int:
        child = self.children.start(command.arguments, command.directory, command.env, sink)
        if not context.add_callback(lambda: threading.Thread(target=child.end).start()):
            child.end()
        return self.children.finish(child)

    def _helper(self, name: str) -> Path:
        """Find a program that comes with the host: beside it, else on PATH."""
        found = shutil.which(name, path=str(self._helpers)) or shutil.which(name)
        if found is None:
            raise HostError(f"{name} is neither in {self._helpers} nor on PATH")
        return Path(found)

    def RunPlugin(
        self, request: language.RunPluginRequest, context: Context
    ) -> Iterator[language.RunPluginResponse]:
        """Run a policy pack or a plugin, and stream what it writes."""

        def work(sink: Sink) -> int:
            _refuse_debugger(request.attach_debugger)
            return self._run(commands.plugin(request, _project(request.info)), context, sink)

        for message in _stream(work, context):
            if isinstance(message, int):
                yield language.RunPluginResponse(exitcode=message)
            elif message[0] == "stdout":
                yield language.RunPluginResponse(stdout=message[1])
            else:
                yield language.RunPluginResponse(stderr=message[1])

    def InstallDependencies(
        self, request: language.InstallDependenciesRequest, context: Context
    ) -> Iterator[language.InstallDependenciesResponse]:
        """Create the environment and install into it."""

        def work(sink: Sink) -> int:
            project = _project(request.info)
            if request.is_plugin:
                project = as_plugin(project)
            directory = Path(request.directory or request.info.program_directory)
            return install.install(
                self.children, project, directory, request.use_language_version_tools, sink
            )

        for message in _stream(work, context):
            if not isinstance(message, int):
                yield language.InstallDependenciesResponse(**{message[0]: message[1]})

    def RuntimeOptionsPrompts(
        self, request: language.RuntimeOptionsRequest, context: Context
    ) -> language.RuntimeOptionsResponse:
        """Ask for the toolchain in a new project, unless it is already chosen."""
        if "toolchain" in request.info.options:
            return language.RuntimeOptionsResponse()
        prompt = language.RuntimeOptionPrompt
        choices = [
            prompt.RuntimeOptionValue(promptType=prompt.STRING, stringValue=name, displayName=name)
            for name in ("pip", "uv")
        ]
        return language.RuntimeOptionsResponse(
            prompts=[
                prompt(
                    key="toolchain",
                    description="The toolchain to use for installing dependencies and running the program",
                    promptType=prompt.STRING,
                    choices=choices,
                    default=choices[0],
                )
            ]
        )

    def Template(self, request: language.TemplateRequest, context: Context) -> language.TemplateResponse:
        """Prepare a project made from a template: nothing is to be done for pip and uv."""
        return language.TemplateResponse()

    @_answers
    def Link(self, request: language.LinkRequest, context: Context) -> language.LinkResponse:
        """Add generated SDKs to the program's requirements."""
        project = _project(request.info)
        linked = {sdks.module_name(project.root / each.path): each.path for each in request.packages}
        sdks.link(project, linked)
        imports = "".join(f"  import {name}\n" for name in linked)
        return language.LinkResponse(
            import_instructions=f"You can import the SDK in your Python code with:\n\n{imports}"
        )

    @_answers
    def GeneratePackage(
        self, request: language.GeneratePackageRequest, context: Context
    ) -> language.GeneratePackageResponse:
        """Generate the Python SDK of a package."""
        answer = sdks.generate(self._helper(sdks.GENERATOR), request.SerializeToString())
        return language.GeneratePackageResponse.FromString(answer)

    @_answers
    def Pack(self, request: language.PackRequest, context: Context) -> language.PackResponse:
        """Build a wheel of a generated SDK."""
        made = sdks.pack(Path(request.package_directory), Path(request.destination_directory))
        return language.PackResponse(artifact_path=str(made))

    def GenerateProgram(
        self, request: language.GenerateProgramRequest, context: Context
    ) -> language.GenerateProgramResponse:
        """Refuse: the program generator is part of the official host."""
        _abort(context, grpc.StatusCode.UNIMPLEMENTED, CONVERT)

    def GenerateProject(
        self, request: language.GenerateProjectRequest, context: Context
    ) -> language.GenerateProjectResponse:
        """Refuse: the program generator is part of the official host."""
        _abort(context, grpc.StatusCode.UNIMPLEMENTED, CONVERT)

    def Cancel(self, request: empty_pb2.Empty, context: Context) -> empty_pb2.Empty:
        """End everything that runs."""
        self.children.end_all()
        return empty_pb2.Empty()


def _refuse_debugger(wanted: bool) -> None:
    if wanted:
        raise HostError("--attach-debugger needs the official Pulumi CLI: this language host has no debugger")


def _stream(work: Callable[[Sink], int], context: Context) -> Iterator[tuple[Stream, bytes] | int]:
    try:
        yield from messages(work)
    except HostError as error:
        _abort(context, grpc.StatusCode.FAILED_PRECONDITION, str(error))
    except ChildrenClosed:
        _abort(context, grpc.StatusCode.CANCELLED, ENDING)


def _required(info: language.ProgramInfo) -> list[plugin.PackageDependency]:
    installed = packages.inspect(_project(info))
    return [_dependency(each) for each in packages.required_plugins(installed)]


def _dependency(each: dict[str, Any]) -> plugin.PackageDependency:
    parameterization = each["parameterization"]
    return plugin.PackageDependency(
        name=each["name"],
        kind=each["kind"],
        version=each["version"],
        server=each["server"],
        parameterization=parameterization
        and plugin.PackageParameterization(
            name=parameterization["name"],
            version=parameterization["version"],
            value=base64.b64decode(parameterization.get("value", "")),
        ),
    )
