"""What the settings of a bucket have in common: one per bucket, put whole, named by the bucket."""

from collections.abc import Callable
from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit
from aws_sandbox.services._calls import found

Put = Callable[[Any, str, Properties], None]
Get = Callable[[Any, str, Properties], Properties | None]
Remove = Callable[[Any, str, Properties], None]


def bucket_of(resource_id: str) -> str:
    """Return the bucket in an id: `bucket`, or `bucket,account` where the owner is stated."""
    return resource_id.partition(",")[0]


def owner_of(resource_id: str) -> Properties:
    """Return the stated owner in an id as a property."""
    owner = resource_id.partition(",")[2]
    return {"expectedBucketOwner": owner} if owner else {}


def setting(
    token: str,
    *,
    put: Put,
    get: Get,
    remove: Remove,
    missing: str,
    owned: bool = False,
    defaults: Properties | None = None,
    replaces: frozenset[str] = frozenset(),
    write_only: frozenset[str] = frozenset(),
    policy_documents: frozenset[str] = frozenset(),
    limits: tuple[SizeLimit, ...] = (),
) -> ResourceType:
    """Make the resource type of one setting.

    `put`, `get` and `remove` get the S3 client and the bucket; `missing` is the code with which S3
    says that the bucket has no such setting. `owned` settings may state the bucket's owner.
    """
    gone = (missing, "NoSuchBucket")

    def create(aws: Aws, inputs: Properties) -> str:
        put(aws.client("s3"), inputs["bucket"], inputs)
        owner = inputs.get("expectedBucketOwner")
        return f"{inputs['bucket']},{owner}" if owner else str(inputs["bucket"])

    def read(aws: Aws, resource_id: str, state: Properties) -> Properties | None:
        bucket = bucket_of(resource_id)
        properties = found(lambda: get(aws.client("s3"), bucket, state), *gone)
        return None if properties is None else {"bucket": bucket, **owner_of(resource_id), **properties}

    def update(aws: Aws, resource_id: str, state: Properties, inputs: Properties) -> None:
        put(aws.client("s3"), bucket_of(resource_id), inputs)

    def delete(aws: Aws, resource_id: str, state: Properties) -> None:
        found(lambda: remove(aws.client("s3"), bucket_of(resource_id), state), *gone)

    return ResourceType(
        token=token,
        create=create,
        read=read,
        update=update,
        delete=delete,
        replaces=frozenset({"bucket", "expectedBucketOwner"} if owned else {"bucket"}) | replaces,
        defaults=defaults or {},
        write_only=write_only,
        policy_documents=policy_documents,
        limits=limits,
    )
