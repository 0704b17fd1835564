"""What the types of IAM share: documents, names, tags and lists in pages."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from aws_sandbox.resource import Aws, Properties
from aws_sandbox.services import _tags

GONE = ("NoSuchEntity", "NoSuchEntityException")
QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
INLINE_LIMIT = 10_240


def client(aws: Aws) -> Any:
    """Return the client of IAM."""
    return aws.client("iam")


def policy_text(value: Any) -> str:
    """Return a policy as text: botocore decodes it, other answers are URL-encoded JSON."""
    return unquote(value) if isinstance(value, str) else json.dumps(value)


def chosen_name(inputs: Properties, unique: str) -> str:
    """Return the given name, or one that begins with the given prefix."""
    return str(inputs.get("name") or f"{inputs['namePrefix']}{unique}")


def unique_suffix(aws: Aws) -> str:
    """Return a suffix that no other name has."""
    # Any request has an id that no other has; a name made of it needs no random source of its own.
    metadata = aws.client("sts").get_caller_identity()["ResponseMetadata"]
    return str(metadata["RequestId"]).replace("-", "")[:26]


def with_tags(request: dict[str, Any], inputs: Properties) -> dict[str, Any]:
    """Add all tags to the request that creates something."""
    return {**request, "Tags": _tags.to_list(inputs["tagsAll"])} if inputs.get("tagsAll") else request


def update_tags(aws: Aws, kind: str, key: Mapping[str, str], state: Properties, inputs: Properties) -> None:
    """Set and remove the tags that changed."""
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        getattr(client(aws), f"untag_{kind}")(**key, TagKeys=to_remove)
    if to_set:
        getattr(client(aws), f"tag_{kind}")(**key, Tags=_tags.to_list(to_set))


def listed(aws: Aws, operation: str, result: str, **request: Any) -> list[Any]:
    """Return the members of a list that IAM gives in pages."""
    pages = client(aws).get_paginator(operation).paginate(**request)
    return [item for page in pages for item in page[result]]


def read_inline_policies(aws: Aws, role: str) -> list[Properties]:
    """Return the role's inline policies by name."""
    names = listed(aws, "list_role_policies", "PolicyNames", RoleName=role)
    return [{"name": name, "policy": read_inline(aws, role, name)} for name in sorted(names)]


def read_inline(aws: Aws, role: str, name: str) -> str:
    """Return the text of one inline policy."""
    answer = client(aws).get_role_policy(RoleName=role, PolicyName=name)
    return policy_text(answer["PolicyDocument"])


def attached_policies(aws: Aws, role: str) -> list[str]:
    """Return the ARNs of the managed policies that are attached to the role."""
    attached = listed(aws, "list_attached_role_policies", "AttachedPolicies", RoleName=role)
    return sorted(item["PolicyArn"] for item in attached)
