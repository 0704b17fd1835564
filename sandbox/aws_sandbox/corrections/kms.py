"""KMS keys: the rotation period is kept; a Deny under conditions in a key policy denies nothing by itself."""

import datetime
from typing import Any

from moto.kms import policy_validator

from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend

DEFAULT_PERIOD = 365
SHORTEST_PERIOD, LONGEST_PERIOD = 90, 2560

_KEPT = "sandbox_rotation_period"


def _enable_key_rotation(call: Operation) -> Result:
    key = _key(call)
    days = int(call.params.get("RotationPeriodInDays") or DEFAULT_PERIOD)
    if not SHORTEST_PERIOD <= days <= LONGEST_PERIOD:
        limits = f"{SHORTEST_PERIOD} to {LONGEST_PERIOD}"
        raise AwsError("ValidationException", f"RotationPeriodInDays is {limits}, not {days}")
    if key.key_spec != "SYMMETRIC_DEFAULT" or key.origin != "AWS_KMS":
        raise AwsError("UnsupportedOperationException", f"{key.arn} is of a kind that is not rotated.")
    key.key_rotation_status = True
    setattr(key, _KEPT, days)
    return {}


def _get_key_rotation_status(call: Operation) -> Result:
    key = _key(call)
    status: dict[str, Any] = {"KeyId": key.arn, "KeyRotationEnabled": bool(key.key_rotation_status)}
    if key.key_rotation_status:
        days = getattr(key, _KEPT, DEFAULT_PERIOD)
        created = datetime.datetime.fromtimestamp(float(key.creation_date), datetime.UTC)
        status["RotationPeriodInDays"] = days
        status["NextRotationDate"] = created + datetime.timedelta(days=days)
    return status


def find_key(region: str, name: str) -> Any:
    """Return moto's key by its id, its ARN, an alias or an alias's ARN; None if there is none."""
    backend = moto_backend("kms", region)
    plain = backend.get_alias_name(name)
    is_alias = plain.startswith("alias/")
    identifier = backend.get_key_id_from_alias(plain) if is_alias else backend.get_key_id(plain)
    return backend.keys.get(identifier)


def _key(call: Operation) -> Any:
    wanted = call.params["KeyId"]
    key = find_key(call.region, wanted)
    if key is None:
        kind = "Alias" if "alias/" in wanted else "Key"
        raise AwsError("NotFoundException", f"{kind} {wanted} is not found.")
    if key.key_state == "PendingDeletion":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    return key


def _patch() -> None:
    """Let moto's reading of key policies heed conditions and principals.

    It takes any Deny of DescribeKey as one for everybody and in every case. A policy that denies
    under conditions is ordinary, and its meaning is not what this AWS judges.
    """
    applies = policy_validator.check_statement

    def check_statement(statement: dict[str, Any], resource: str, action: str) -> bool:
        everybody = statement.get("Principal") in ("*", {"AWS": "*"})
        return everybody and "Condition" not in statement and applies(statement, resource, action)

    policy_validator.check_statement = check_statement


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html",
    handlers={
        ("kms", "EnableKeyRotation"): _enable_key_rotation,
        ("kms", "GetKeyRotationStatus"): _get_key_rotation_status,
    },
    patch=_patch,
)
