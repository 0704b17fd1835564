"""What EC2's resources share: tags at creation and by CreateTags, ARNs, and "not found"."""

from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from aws_sandbox.resource import Aws, Properties
from aws_sandbox.services import _tags

T = TypeVar("T")


def existing(call: Callable[[], T]) -> T | None:
    """Return what the call returns, or None: EC2's codes for what is gone all end in `NotFound`."""
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"].endswith(("NotFound", "NotFoundException")):
            return None
        raise


def tag_specifications(resource: str, inputs: Properties) -> dict[str, Any]:
    """Return the parameter that tags a resource at creation; EC2 takes no empty list."""
    tags = _tags.to_list(inputs.get("tagsAll"))
    return {"TagSpecifications": [{"ResourceType": resource, "Tags": tags}]} if tags else {}


def change_tags(aws: Aws, resource_id: str, state: Properties, inputs: Properties) -> None:
    """Change the tags of any EC2 resource."""
    client = aws.client("ec2")
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        client.delete_tags(Resources=[resource_id], Tags=[{"Key": key} for key in to_remove])
    if to_set:
        client.create_tags(Resources=[resource_id], Tags=_tags.to_list(to_set))


def arn(aws: Aws, kind: str, resource_id: str) -> str:
    """Return the ARN of an EC2 resource of this account."""
    return f"arn:{aws.partition}:ec2:{aws.region}:{aws.account}:{kind}/{resource_id}"
