"""The command `adopt`: reads an account, and writes the configuration that adopts its databases."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Final

from timestream_baseline.adoption import Pace, configuration, left_out, read_account, remarks

_EXIT_ERROR: Final = 1
_EXIT_LEFT_OUT: Final = 3
_WIDTH: Final = 110

_EPILOG: Final = """\
examples:
  python -m timestream_baseline adopt --region eu-west-1
  python -m timestream_baseline adopt --region eu-west-1 --database metrics --database fleet
  python -m timestream_baseline adopt --region eu-west-1 --profile production > found.yaml

Put what it writes into Pulumi.<stack>.yaml, then run pulumi preview.
This command changes nothing in AWS.

exit codes:
  0  everything was written
  1  AWS could not be read; nothing was written
  2  the command line is wrong
  3  written, but something had to be left out; it is named on standard error
"""


def add_adopt(commands: Any) -> None:
    """Add the command to those of `python -m timestream_baseline`."""
    adopt = commands.add_parser(
        "adopt",
        help="read an account, and write the configuration that adopts its databases",
        description="Read the LiveAnalytics databases of an account, and write the stack configuration that "
        "puts them under the baseline as they are.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    adopt.add_argument("--region", required=True, help="the region to read, such as eu-west-1")
    adopt.add_argument(
        "--database",
        action="append",
        default=[],
        metavar="NAME",
        help="only this database; can be given again",
    )
    adopt.add_argument("--profile", help="the profile of the AWS configuration to read with")
    adopt.add_argument("--format", choices=("yaml", "json"), default="yaml", help="default: yaml")
    adopt.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    databases = _read(given)
    if databases is None:
        return _EXIT_ERROR
    for remark in remarks(databases):
        _say(f"note: {remark}")
    if not databases:
        _say(f"there is no database in {given.region}")
    sys.stdout.write(_written(databases, given.region, given.format))
    return _EXIT_LEFT_OUT if left_out(databases) else 0


def _read(given: argparse.Namespace) -> Any:
    """Read the account, or say in one sentence why that is not possible."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    config = Config(retries={"mode": "standard", "total_max_attempts": 6})
    try:
        session = boto3.Session(profile_name=given.profile, region_name=given.region)
        return read_account(
            session.client("timestream-write", config=config),
            session.client("kms", config=config),
            given.database,
            pace=Pace(),
            progress=lambda line: _say(f"reading {line}"),
        )
    except NoCredentialsError:
        _say("error: no AWS credentials were found; set AWS_PROFILE or give --profile")
    except ClientError as error:
        _say(f"error: {_explained(error.response.get('Error', {}), error.operation_name, given.region)}")
    except BotoCoreError as error:
        _say(f"error: AWS could not be asked: {error}")
    return None


def _explained(error: Any, operation: str, region: str) -> str:
    code, message = error.get("Code", "unknown"), error.get("Message", "")
    if code in ("AccessDenied", "AccessDeniedException"):
        return (
            f"{operation} was denied ({message}). Reading needs timestream:DescribeEndpoints, ListDatabases, "
            "DescribeDatabase, ListTables and ListTagsForResource. An account that was no customer before "
            "2025-06-20 cannot use LiveAnalytics at all"
        )
    if code == "ResourceNotFoundException":
        return f"{message} Look with: aws timestream-write list-databases --region {region}"
    return f"{operation}: AWS answered {code} ({message})"


def _written(databases: Any, region: str, how: str) -> str:
    config = {
        "aws:region": region,
        **{f"timestream-baseline:{key}": value for key, value in configuration(databases).items()},
    }
    if how == "json":
        return json.dumps({"config": config}, indent=2) + "\n"
    import yaml

    lines = [f"# Databases of {region} as they are. To be put into Pulumi.<stack>.yaml."]
    lines += [f"# {remark}." for remark in remarks(databases)]
    body: str = yaml.safe_dump({"config": config}, sort_keys=False, default_flow_style=False, width=_WIDTH)
    return "\n".join([*lines, body])


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
