"""The files in which states lie: plain, compressed, or in the directory of Pulumi's file backend."""

import codecs
import sys
from io import BytesIO
from pathlib import Path

_LARGEST_UNPACKED = 1_000_000_000
_CHUNK = 1_000_000
_PLAIN, _GZIP, _ZSTD = ".json", ".json.gz", ".json.zst"
_STACKS = Path(".pulumi") / "stacks"


class Unreadable(Exception):
    """The file is not what the command takes; the text says what to do."""


def content_of(source: str) -> bytes:
    """Return the content of a file, or of standard input for `-`."""
    try:
        return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else problem
        raise Unreadable(f"{source}: {reason}") from None


def files_in(source: str) -> list[str]:
    """Return the checkpoints in a directory: one for each stack. Anything else stands for itself."""
    if not source:
        raise Unreadable("the name of a STATE is empty; give a file, a directory, or - for standard input")
    directory = Path(source)
    if source == "-" or not directory.is_dir():
        return [source]
    for inner in (directory / _STACKS, directory / "stacks"):
        if inner.is_dir():
            directory = inner
            break
    found = sorted(
        path
        for path in directory.rglob("*.json*")
        if path.name.endswith((_PLAIN, _GZIP, _ZSTD)) and path.is_file() and not _is_history(path)
    )
    if not found:
        raise Unreadable(
            f"{source}: holds no checkpoints; give the directory of a file backend, which has them in "
            f"{_STACKS}, or the output of 'pulumi stack export'"
        )
    return [str(path) for path in found]


def _is_history(path: Path) -> bool:
    """Tell whether this is what a stack was once: `stack-<time>.checkpoint.json` and its like."""
    return path.name.split(".json")[0].endswith((".history", ".checkpoint"))


def unpacked(content: bytes, source: str) -> bytes:
    """Return the content as UTF-8 without a mark, whatever it was packed or encoded in."""
    if content.startswith(b"\x1f\x8b"):
        content = _gunzip(content, source)
    elif content.startswith(b"\x28\xb5\x2f\xfd"):
        raise Unreadable(
            f"{source}: is compressed with zstd, which is not read here; "
            "give the output of 'pulumi stack export'"
        )
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # PowerShell's redirections
        try:
            return content.decode("utf-16").encode("utf-8")
        except UnicodeError:
            raise Unreadable(f"{source}: is not the UTF-16 text that it begins as") from None
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.isascii():
        _check_encoding(content, source)
    return content


def _check_encoding(content: bytes, source: str) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(content[start : start + _CHUNK], final=start + _CHUNK >= len(content))
    except UnicodeDecodeError:
        raise Unreadable(f"{source}: is not a state that Pulumi writes (it is not UTF-8 text)") from None


def _gunzip(content: bytes, source: str) -> bytes:
    import gzip
    import zlib

    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as file:
            plain = file.read(_LARGEST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as problem:
        raise Unreadable(f"{source}: is not the gzip file that it begins as ({problem})") from None
    if len(plain) > _LARGEST_UNPACKED:
        raise Unreadable(f"{source}: is larger than a state can be once it is unpacked (1 GB)")
    return plain
