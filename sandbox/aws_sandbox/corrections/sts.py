"""The caller without an assumed role is an IAM user of the sandbox's account, with an IAM ARN."""

from moto.iam.models import iam_backends
from moto.sts.models import STSBackend, sts_backends

from aws_sandbox.account import ACCOUNT
from aws_sandbox.corrections.correction import Correction, replace

USER_ARN = f"arn:aws:iam::{ACCOUNT}:user/sandbox"
USER_ID = "AIDASANDBOX0000000000"


def _get_caller_identity(_: STSBackend, access_key_id: str, __: str) -> tuple[str, str, str]:
    role = sts_backends[ACCOUNT]["aws"].get_assumed_role_from_access_key(access_key_id)
    if role:
        return role.user_id, role.arn, role.account_id
    user = iam_backends[ACCOUNT]["aws"].get_user_from_access_key_id(access_key_id)
    if user:
        return user.id, user.arn, user.account_id
    return USER_ID, USER_ARN, ACCOUNT


def _patch() -> None:
    replace(STSBackend, "get_caller_identity", _get_caller_identity)


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
    patch=_patch,
)
