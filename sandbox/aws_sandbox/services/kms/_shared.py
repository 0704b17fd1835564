"""What the types of KMS share: the key, its policy and its tags."""

from collections.abc import Iterator

from aws_sandbox.resource import Aws, Properties, SizeLimit
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import found

POLICY_LIMIT = SizeLimit(
    property="policy",
    characters=32_768,
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
)

GONE = ("NotFoundException", "InvalidArnException")


def describe(aws: Aws, key_id: str) -> Properties | None:
    """Return what KMS says of a key, or None if it is gone; one that waits for its deletion is gone."""
    answer = found(lambda: aws.client("kms").describe_key(KeyId=key_id), *GONE)
    if answer is None or answer["KeyMetadata"]["KeyState"] in ("PendingDeletion", "PendingReplicaDeletion"):
        return None
    metadata: Properties = answer["KeyMetadata"]
    return metadata


def policy(aws: Aws, key_id: str) -> str:
    """Return the text of the key's policy."""
    return str(aws.client("kms").get_key_policy(KeyId=key_id, PolicyName="default")["Policy"])


def put_policy(aws: Aws, key_id: str, inputs: Properties) -> None:
    """Set the key's policy."""
    aws.client("kms").put_key_policy(
        KeyId=key_id,
        PolicyName="default",
        Policy=inputs["policy"],
        BypassPolicyLockoutSafetyCheck=inputs.get("bypassPolicyLockoutSafetyCheck", False),
    )


def read_tags(aws: Aws, key_id: str) -> dict[str, str]:
    """Return the key's tags."""
    tags = aws.client("kms").list_resource_tags(KeyId=key_id)["Tags"]
    return _tags.from_list(tags, "TagKey", "TagValue")


def update_tags(aws: Aws, key_id: str, state: Properties, inputs: Properties) -> None:
    """Set and remove the tags that changed."""
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        aws.client("kms").untag_resource(KeyId=key_id, TagKeys=to_remove)
    if to_set:
        aws.client("kms").tag_resource(KeyId=key_id, Tags=_tags.to_list(to_set, "TagKey", "TagValue"))


def enable(aws: Aws, key_id: str, enabled: bool) -> None:
    """Enable or disable the key."""
    kms = aws.client("kms")
    (kms.enable_key if enabled else kms.disable_key)(KeyId=key_id)


def delete_key(aws: Aws, key_id: str, state: Properties) -> None:
    """Schedule the deletion of the key after the given window."""
    kms = aws.client("kms")
    window = state.get("deletionWindowInDays", 30)
    found(
        lambda: kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=window),
        *GONE,
        "KMSInvalidStateException",
    )


def check_key(inputs: Properties) -> Iterator[tuple[str, str]]:
    """Yield periods that KMS does not take."""
    for name, low, high in (("deletionWindowInDays", 7, 30), ("rotationPeriodInDays", 90, 2560)):
        value = inputs.get(name)
        if isinstance(value, int) and not low <= value <= high:
            yield name, f"`{name}` must be between {low} and {high} days, not {value}."
