"""Where moto differs from AWS and it matters, the sandbox's own moto process is corrected.

One file for each subject, each naming the AWS page that says how it really is. A file offers
`CORRECTION`, a record of

* `checks`: functions that look at a call before it takes effect and raise an `AwsError`,
* `handlers`: operations that moto lacks (or gets wrong), from the call to the result as a plain
  dictionary in the shape of the service's model,
* `patch`: a function that changes moto's own classes, called once when the server starts.

State goes on moto's backend objects (`moto_state`), so that it is kept and reset with theirs.
To add a correction write such a file and name it in `_MODULES`.
"""

import functools
import importlib

from aws_sandbox.aws_api import Handler, Operation
from aws_sandbox.corrections.correction import Check, Correction

_MODULES = (
    "sts",
    "timestream_cells",
    "timestream_resources",
    "timestream_records",
    "timestream_query",
    "influxdb",
    "ec2_endpoints",
    "kms",
    "kms_replicas",
    "iam_oidc",
    "backup",
    "cloudwatch",
    "backup_plans",
    "cloudtrail_trails",
    "ec2_endpoint_changes",
    "ec2_rule_descriptions",
    "event_data_stores",
    "event_patterns",
    "log_groups",
    "s3_notifications",
    "sns_attributes",
    "sqs_attributes",
)


def apply() -> None:
    """Change moto's classes; called once, when the server starts."""
    for correction in all_corrections():
        if correction.patch:
            correction.patch()


def check(operation: Operation) -> None:
    """Raise the `AwsError` with which AWS refuses a call that moto would take."""
    for one in _checks().get((operation.service, operation.name), ()):
        one(operation)
    for one in _checks().get((operation.service, "*"), ()):
        one(operation)


def handler(operation: Operation) -> Handler | None:
    """Return the function that answers a call in moto's place."""
    return _handlers().get((operation.service, operation.name))


@functools.cache
def all_corrections() -> tuple[Correction, ...]:
    """Return every correction."""
    return tuple(importlib.import_module(f"{__name__}.{module}").CORRECTION for module in _MODULES)


@functools.cache
def _checks() -> dict[tuple[str, str], list[Check]]:
    found: dict[tuple[str, str], list[Check]] = {}
    for correction in all_corrections():
        for key, function in correction.checks.items():
            found.setdefault(key, []).append(function)
    return found


@functools.cache
def _handlers() -> dict[tuple[str, str], Handler]:
    found: dict[tuple[str, str], Handler] = {}
    for correction in all_corrections():
        for key, function in correction.handlers.items():
            if key in found:
                raise ValueError(f"two corrections answer {' '.join(key)}")
            found[key] = function
    return found
