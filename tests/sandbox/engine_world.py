"""A machine for the engine's builder: a PATH of our making, with stand-ins for Go, Pulumi and Python."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

GO = """
    #!/bin/sh
    echo "$*" >> {log}
    case "$1 $2" in
    "env GOVERSION") printf '%s\\n%s\\n' "${{FAKE_GO_VERSION:-go1.26.8}}" "${{FAKE_GO_TOOLCHAIN:-auto}}" ;;
    "list -m") echo {sdk} ;;
    "list -deps") echo "go: downloading example.org/one v1.0.0" >&2; printf 'one\\ntwo\\nunsafe\\nthree\\n' ;;
    "install -v")
        env > {world}/go-environment
        mkdir -p "$GOBIN"
        for name in pulumi pulumi-language-yaml pulumi-sdkgen-python; do
            printf '#!/bin/sh\\necho built\\n' > "$GOBIN/$name"; chmod +x "$GOBIN/$name"
        done
        echo started > {world}/started
        while [ -e {world}/hold ]; do sleep 0.02; done
        [ ! -e {world}/fail ] || {{ printf '# two\\ntwo.go:1: no such thing\\n' >&2; exit 1; }}
        printf 'one\\ntwo\\nthree\\n' >&2 ;;
    *) echo "unexpected: $*" >&2; exit 2 ;;
    esac
"""

PYTHON = """
    #!/bin/sh
    echo "$*" >> {log}
    case "$2" in
    venv) mkdir -p "$3/bin" "$3/lib"; cp "$0" "$3/bin/python" ;;
    pip|compileall) ;;
    *) exit 2 ;;
    esac
"""

# Runs the command with the stand-in for the interpreter that the host's environment is made of.
DRIVER = """
import sys
from pathlib import Path
from aws_sandbox import engine, engine_sources
engine_sources.base_python = lambda: Path(sys.argv[1])
sys.exit(engine.main([]))
"""


@dataclass(frozen=True)
class World:
    """Where everything stands."""

    directory: Path
    started: list["subprocess.Popen[str]"] = field(default_factory=list)

    @property
    def bin(self) -> Path:
        return self.directory / "bin"

    @property
    def cache(self) -> Path:
        return self.directory / "cache" / "aws-sandbox" / "engine"

    @property
    def python(self) -> Path:
        return self.directory / "python"

    @property
    def env(self) -> dict[str, str]:
        return {
            "PATH": str(self.bin),
            "HOME": str(self.directory),
            "XDG_CACHE_HOME": str(self.directory / "cache"),
            "PYTHONPATH": str(ROOT / "sandbox"),
        }

    def script(self, file: Path, text: str) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip())
        file.chmod(0o755)
        return file

    def go(self) -> None:
        sdk = self.directory / "sdk"
        self.script(sdk / "python" / "cmd" / "pulumi-language-python-exec", "#!/bin/sh\n")
        text = GO.format(log=self.directory / "go.log", sdk=sdk, world=self.directory)
        self.script(self.bin / "go", text)

    def pulumi(self, version: str, host: bool = True, directory: Path | None = None) -> Path:
        place = directory or self.bin
        if host:
            self.script(place / "pulumi-language-python", "#!/bin/sh\n")
        return self.script(place / "pulumi", f"#!/bin/sh\necho {version}\n")

    def command(self) -> list[str]:
        return [sys.executable, "-c", DRIVER, str(self.python)]

    def run(self, **env: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        return subprocess.run(
            self.command(), env=self.env | env, capture_output=True, text=True, timeout=60, check=False
        )

    def start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            self.command(),
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        """End what was started and all its children, also after a test that failed."""
        for process in self.started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def builds(self) -> int:
        """Count the builds of the Go programs."""
        log = self.directory / "go.log"
        return sum(line.startswith("install") for line in log.read_text().splitlines()) if log.exists() else 0

    def cached(self) -> list[str]:
        """List the kinds of what is in the cache: `go`, `python`, `engine`, and leftovers by their name."""
        names = [entry.name for entry in self.cache.iterdir() if entry.name != "lock"]
        kinds = {name: name if name.startswith(".") else name.partition("-")[0] for name in names}
        return sorted("engine" if len(kind) == 16 else kind for kind in kinds.values())


def make(directory: Path) -> World:
    """Make a machine without Go and without Pulumi."""
    world = World(directory)
    world.bin.mkdir(parents=True)
    world.script(world.python, PYTHON.format(log=directory / "python.log"))
    for name in ("sh", "env", "cp", "mkdir", "chmod", "sleep"):  # all of the real PATH that is needed
        (world.bin / name).symlink_to(str(shutil.which(name)))
    return world
