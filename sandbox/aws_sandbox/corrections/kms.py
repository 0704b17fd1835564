"""KMS keys: ids and rotation periods; a Deny under conditions in a key policy denies nothing by itself."""

import datetime
import re
from typing import Any

from moto.kms import models, policy_validator
from moto.kms.responses import KmsResponse

from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend

DEFAULT_PERIOD = 365
SHORTEST_PERIOD, LONGEST_PERIOD = 90, 2560

_MULTI_REGION_ID = re.compile("mrk-[0-9a-f]{32}")
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
    """Let moto's reading of key policies heed conditions and principals, and name keys as AWS does.

    Moto takes any Deny of DescribeKey as one for everybody and in every case. A policy that denies
    under conditions is ordinary, and its meaning is not what this AWS judges. The id of a multi-Region key
    is mrk- and 32 digits; moto's has hyphens.
    """
    applies = policy_validator.check_statement

    def check_statement(statement: dict[str, Any], resource: str, action: str) -> bool:
        everybody = statement.get("Principal") in ("*", {"AWS": "*"})
        return everybody and "Condition" not in statement and applies(statement, resource, action)

    policy_validator.check_statement = check_statement
    _name_multi_region_keys(models, KmsResponse)


def _name_multi_region_keys(moto_models: Any, moto_responses: Any) -> None:
    plain_id, knows = moto_models.generate_key_id, moto_responses._validate_cmk_id

    def generate_key_id(multi_region: bool = False) -> str:
        made = str(plain_id())
        return f"mrk-{made.replace('-', '')}" if multi_region else made

    def validate_cmk_id(self: Any, key_id: str) -> None:
        knows(self, f"arn:aws:kms:::key/{key_id}" if _MULTI_REGION_ID.fullmatch(key_id) else key_id)

    moto_models.generate_key_id = generate_key_id
    moto_responses._validate_cmk_id = validate_cmk_id


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html",
    handlers={
        ("kms", "EnableKeyRotation"): _enable_key_rotation,
        ("kms", "GetKeyRotationStatus"): _get_key_rotation_status,
    },
    patch=_patch,
)
