"""Builds the Pulumi engine from Go modules into a per-user cache.

The cache holds three kinds of directories, each named by a hash of what it is made of, so that a change of
one rebuilds only that: `go-…` (the CLI and the YAML host: minutes), `python-…` (a small environment for the
language host: seconds) and the engine itself, which links the first two and adds the host's sources. Each is
made in a temporary directory beside it and renamed at the end, so whatever has its final name is complete.
"""

import contextlib
import fcntl
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from aws_sandbox import engine_sources
from aws_sandbox.engine_progress import Progress
from aws_sandbox.engine_sources import (
    GO_FLAGS,
    GO_INSTALL,
    GO_PACKAGES,
    PULUMI_INSTALL,
    EngineError,
    Sources,
    cache_directory,
    numbers,
)

EXECUTOR = "pulumi-language-python-exec"
HOST_PACKAGE = "language_host"
TEMPORARY = ".building-"


def complete(engine: Path, sources: Sources) -> bool:
    """Say whether an engine is there and its interpreter still exists."""
    return engine.is_dir() and (engine.parent / sources.python_key / "bin" / "python").exists()


def build(sources: Sources, progress: Progress) -> Path:
    """Give the engine's directory, and build what is missing of it. Only one process builds at a time."""
    root = cache_directory()
    engine = root / sources.key
    if complete(engine, sources):
        return engine
    root.mkdir(parents=True, exist_ok=True)
    with _lock(root / "lock", progress):
        if complete(engine, sources):
            return engine
        for dead in root.glob(f"{TEMPORARY}*"):  # we hold the lock: whoever made these is gone
            shutil.rmtree(dead, ignore_errors=True)
        go_layer, python_layer = root / sources.go_key, root / sources.python_key
        if not go_layer.is_dir():
            _make(go_layer, lambda directory: _build_go(directory, go_layer, sources, progress))
        if not (python_layer / "bin" / "python").exists():
            _remove(python_layer)
            progress.note("Setting up the Python language host (a few seconds).")
            _make(python_layer, lambda directory: _build_python(directory, python_layer, sources))
        _remove(engine)
        _make(engine, lambda directory: _assemble(directory, engine, go_layer, python_layer, sources))
    return engine


@contextlib.contextmanager
def _lock(file: Path, progress: Progress) -> Iterator[None]:
    """Hold a lock that the system takes back when the process dies."""
    with file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.note("Another process is building the Pulumi engine: waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make(final: Path, fill: Callable[[Path], None]) -> None:
    temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=final.parent))
    temporary.chmod(0o755)
    try:
        fill(temporary)
        temporary.rename(final)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _remove(directory: Path) -> None:
    """Take a broken directory away in one step, so that nobody sees half of it."""
    if directory.exists():
        gone = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=directory.parent))
        directory.rename(gone / directory.name)
        shutil.rmtree(gone, ignore_errors=True)


# --- the Go programs ---------------------------------------------------------------------------------------


def _build_go(directory: Path, final: Path, sources: Sources, progress: Progress) -> None:
    go = find_go(sources)
    progress.note(
        f"Building the Pulumi engine {sources.version} from source, once for this user: "
        f"about 5 minutes. It is kept in {final.parent}."
    )
    source = directory / "source"
    for name, content in sources.module.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    scratch = directory / "scratch"
    scratch.mkdir()
    stamp = f"-w -s -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{sources.version}"
    env = {
        **{name: value for name, value in os.environ.items() if name not in ("GOOS", "GOARCH")},
        "CGO_ENABLED": "0",
        "GO111MODULE": "on",
        "GOWORK": "off",
        "GOBIN": str(directory / "bin"),
        "GOTMPDIR": str(scratch),  # an interrupted Go leaves its files behind; these go with the directory
    }
    packages = _list_packages(go, source, env, progress)
    command = [go, "install", "-v", *GO_FLAGS, "-ldflags", stamp, *GO_PACKAGES]
    compiled = 0
    for line in _lines(command, source, env, "building the engine"):
        if line in packages:
            compiled += 1
            progress.step("compiled packages", compiled, len(packages))
    sdk = _output([go, "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"], source, env)
    executor = directory / "bin" / EXECUTOR
    shutil.copyfile(Path(sdk.strip()) / "python" / "cmd" / EXECUTOR, executor)
    executor.chmod(0o755)
    shutil.rmtree(source)
    shutil.rmtree(scratch)


def find_go(sources: Sources) -> str:
    """Find Go, new enough to build the engine."""
    go = shutil.which("go")
    if go is None:
        raise EngineError(
            "neither the Pulumi CLI nor Go is on PATH. Install one of them and run the command again:\n"
            f"  Pulumi {sources.version} or newer, with its Python language host: {PULUMI_INSTALL}\n"
            f"  Go {sources.go} or newer, to build the engine from source: {GO_INSTALL}"
        )
    version, toolchain = _output([go, "env", "GOVERSION", "GOTOOLCHAIN"], Path("/"), dict(os.environ)).split(
        "\n"
    )[:2]
    # Since 1.21 Go fetches the newer toolchain that a go.mod asks for, unless it is told to stay local.
    switches = numbers(version) >= (1, 21) and not toolchain.startswith("local")
    if numbers(version) < numbers(sources.go) and not switches:
        raise EngineError(
            f"{version.removeprefix('go')} is too old a Go to build the Pulumi engine ({go}). "
            "Install one of these and run the command again:\n"
            f"  Go {sources.go} or newer: {GO_INSTALL}\n"
            f"  Pulumi {sources.version} or newer, with its Python language host: {PULUMI_INSTALL}"
        )
    return go


def _list_packages(go: str, source: Path, env: dict[str, str], progress: Progress) -> frozenset[str]:
    """List what will be compiled. The modules are downloaded on the way."""
    downloaded, packages = 0, set()
    flags = [flag for flag in GO_FLAGS if flag != "-trimpath"]
    for line in _lines([go, "list", "-deps", *flags, *GO_PACKAGES], source, env, "downloading Go modules"):
        if line.startswith("go: downloading "):
            downloaded += 1
            progress.step("downloaded Go modules", downloaded, None)
        elif " " not in line and line != "unsafe":
            packages.add(line)
    return frozenset(packages)


# --- the language host's environment ------------------------------------------------------------------------


def _build_python(directory: Path, final: Path, sources: Sources) -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    _output([str(engine_sources.base_python()), "-m", "venv", str(directory)], directory, env)
    lock = directory / "requirements.lock"
    lock.write_bytes(sources.lock)
    python = str(directory / "bin" / "python")
    install = ("pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check", "--require-hashes")
    _output([python, "-m", *install, "-r", str(lock)], directory, env)
    where = ("-s", str(directory), "-p", str(final))  # tracebacks name the final place
    _output([python, "-m", "compileall", "-q", *where, str(directory / "lib")], directory, env)


def _assemble(directory: Path, final: Path, go_layer: Path, python_layer: Path, sources: Sources) -> None:
    host = directory / "host" / HOST_PACKAGE
    host.mkdir(parents=True)
    for name, content in sources.host.items():
        (host / name).write_bytes(content)
    (host.parent / "__main__.py").write_text(
        f'"""Start the language host."""\n\nimport sys\n\nfrom {HOST_PACKAGE}.server import main\n\n'
        "sys.exit(main(sys.argv[1:]))\n"
    )
    python = python_layer / "bin" / "python"
    _output(
        [str(python), "-m", "compileall", "-q", "-s", str(directory), "-p", str(final), str(host)],
        directory,
        dict(os.environ),
    )
    programs = directory / "bin"
    programs.mkdir()
    for program in (go_layer / "bin").iterdir():
        _link(program, programs / program.name)
    launcher = programs / "pulumi-language-python"
    words = [str(python), "-I", str(final / "host"), "--helpers", str(final / "bin")]
    launcher.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    launcher.chmod(0o755)


def _link(source: Path, target: Path) -> None:
    """Make the same file visible at another place; a copy where the file system has no links."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


# --- processes ---------------------------------------------------------------------------------------------


def _output(command: Sequence[str], cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
    )
    if done.returncode != 0:
        text = (done.stdout + done.stderr).strip()
        raise EngineError(f"{shlex.join(command)} failed with exit code {done.returncode}:\n{text}")
    return done.stdout


def _lines(command: Sequence[str], cwd: Path, env: dict[str, str], doing: str) -> Iterator[str]:
    """Run a command and give its lines as they come; if it fails, its last ones are the error."""
    last: list[str] = []
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None  # noqa: S101 - opened as a pipe above
        try:
            for line in process.stdout:
                last = [*last[-29:], line.rstrip()]
                yield line.rstrip()
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        raise EngineError(f"{doing} failed with exit code {process.returncode}:\n" + "\n".join(last))
