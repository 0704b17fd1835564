"""Inline policies of a role, and managed policies attached to it, as resources of their own."""

from typing import Any

from botocore.exceptions import ClientError

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit
from aws_sandbox.services._calls import found
from aws_sandbox.services.iam._shared import (
    GONE,
    INLINE_LIMIT,
    QUOTAS,
    attached_policies,
    chosen_name,
    client,
    read_inline,
    read_inline_policies,
    unique_suffix,
)

_INLINE = SizeLimit(property="policy", characters=INLINE_LIMIT, source=QUOTAS, ignore_whitespace=True)


def _put_role_policy(aws: Aws, role: str, name: str, document: str) -> None:
    """Put the policy if all inline policies of the role together stay within IAM's limit."""
    others = [item["policy"] for item in read_inline_policies(aws, role) if item["name"] != name]
    size = sum(len("".join(text.split())) for text in [*others, document])
    if size > INLINE_LIMIT:
        error = {
            "Code": "LimitExceeded",
            "Message": f"Maximum policy size of {INLINE_LIMIT} bytes exceeded for role {role}",
        }
        answer: Any = {"Error": error}
        raise ClientError(answer, "PutRolePolicy")
    client(aws).put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)


def _create_role_policy(aws: Aws, inputs: Properties) -> str:
    role = str(inputs["role"])
    name = chosen_name(inputs, unique_suffix(aws) if "name" not in inputs else "")
    _put_role_policy(aws, role, name, inputs["policy"])
    return f"{role}:{name}"


def _read_role_policy(aws: Aws, resource_id: str, _state: Properties) -> Properties | None:
    role, name = resource_id.split(":", 1)
    document = found(lambda: read_inline(aws, role, name), *GONE)
    return None if document is None else {"name": name, "policy": document, "role": role}


def _update_role_policy(aws: Aws, resource_id: str, _state: Properties, inputs: Properties) -> None:
    role, name = resource_id.split(":", 1)
    _put_role_policy(aws, role, name, inputs["policy"])


def _delete_role_policy(aws: Aws, resource_id: str, _state: Properties) -> None:
    role, name = resource_id.split(":", 1)
    found(lambda: client(aws).delete_role_policy(RoleName=role, PolicyName=name), *GONE)


def _create_attachment(aws: Aws, inputs: Properties) -> str:
    client(aws).attach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
    return f"{inputs['role']}/{inputs['policyArn']}"


def _read_attachment(aws: Aws, resource_id: str, _state: Properties) -> Properties | None:
    role, arn = resource_id.split("/", 1)
    attached = found(lambda: attached_policies(aws, role), *GONE)
    return {"role": role, "policyArn": arn} if attached and arn in attached else None


def _delete_attachment(aws: Aws, resource_id: str, _state: Properties) -> None:
    role, arn = resource_id.split("/", 1)
    found(lambda: client(aws).detach_role_policy(RoleName=role, PolicyArn=arn), *GONE)


TYPES = (
    ResourceType(
        token="aws:iam/rolePolicy:RolePolicy",
        create=_create_role_policy,
        read=_read_role_policy,
        update=_update_role_policy,
        delete=_delete_role_policy,
        replaces=frozenset({"name", "namePrefix", "role"}),
        autoname="name",
        autoname_prefix="namePrefix",
        policy_documents=frozenset({"policy"}),
        limits=(_INLINE,),
    ),
    ResourceType(
        token="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        create=_create_attachment,
        read=_read_attachment,
        delete=_delete_attachment,
    ),
)
