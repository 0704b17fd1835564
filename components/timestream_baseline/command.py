"""The command `python -m timestream_baseline`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from timestream_baseline.adopt_command import add_adopt
from timestream_baseline.permissions_command import add_permissions


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m timestream_baseline", description="Tools for Timestream Baseline."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_adopt(commands)
    add_permissions(commands)
    given = parser.parse_args(arguments)
    code: int = given.run(given)
    return code
