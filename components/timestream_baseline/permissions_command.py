"""The command `permissions`: writes the policies of the role that deploys."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from timestream_baseline.documents.deploying import PARTS, Scope, deploying_policies
from timestream_baseline.location import DNS_SUFFIXES
from timestream_baseline.naming import BUCKET, ROLE, physical_name

_EPILOG: Final = """\
examples:
  python -m timestream_baseline permissions --account 111122223333 --region eu-west-1 --output deploying-role
  python -m timestream_baseline permissions --account 111122223333 --region eu-west-1 --part databases
  python -m timestream_baseline permissions --account 111122223333 --region eu-west-1 --region eu-central-1 \\
      --name telemetry --output deploying-role

Name every region that gets replicas of keys. docs/permissions.md says what each part is for.

exit codes:
  0  everything was written
  1  a file could not be written
  2  the command line is wrong
"""


def add_permissions(commands: Any) -> None:
    """Add the command to those of `python -m timestream_baseline`."""
    parser = commands.add_parser(
        "permissions",
        help="write the policies of the role that deploys",
        description="Write what the role that deploys a baseline must be allowed to do, as IAM policies: one "
        "for each part.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--account", required=True, type=_account, help="the account, 12 digits")
    parser.add_argument(
        "--region",
        required=True,
        action="append",
        type=_region,
        help="the region of the baseline; can be given again for replicas of keys",
    )
    parser.add_argument("--partition", choices=("aws", "aws-us-gov", "aws-cn"), default="aws")
    parser.add_argument("--name", default="baseline", help="the component's name; default: baseline")
    parser.add_argument(
        "--part", action="append", choices=tuple(PARTS), help="only this part; can be given again"
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIRECTORY",
        help="write one file for each part there; default: standard output, as one object by part",
    )
    parser.set_defaults(run=_run)


def _account(text: str) -> str:
    if not re.fullmatch(r"\d{12}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is no account; give its 12 digits")
    return text


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-\d+", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is no region; give one such as eu-west-1")
    return text


def _run(given: argparse.Namespace) -> int:
    scope = Scope(
        partition=given.partition,
        account=given.account,
        regions=given.region,
        dns_suffix=DNS_SUFFIXES.get(given.partition, "amazonaws.com"),
        name=physical_name(given.name, rule=ROLE),
        bucket_name=physical_name(given.name, rule=BUCKET),
    )
    policies = deploying_policies(scope)
    chosen = {part: policies[part] for part in given.part or policies}
    if given.output is None:
        sys.stdout.write(json.dumps(chosen, indent=2) + "\n")
        return 0
    try:
        given.output.mkdir(parents=True, exist_ok=True)
        for part, policy in chosen.items():
            path = given.output / f"{part}.json"
            path.write_text(json.dumps(policy, indent=2) + "\n", encoding="utf-8")
            sys.stderr.write(f"wrote {path}\n")
    except OSError as error:
        sys.stderr.write(f"error: cannot write {error.filename}: {error.strerror}\n")
        return 1
    return 0
