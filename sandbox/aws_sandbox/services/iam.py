"""AWS IAM: roles, policies and their attachments, instance profiles and OpenID Connect providers."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, present, to_aws

_GONE = ("NoSuchEntity", "NoSuchEntityException")
_QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
_INLINE_LIMIT = 10_240
_INLINE = SizeLimit(property="policy", characters=_INLINE_LIMIT, source=_QUOTAS, ignore_whitespace=True)
_INLINE_OF_ROLE = SizeLimit(
    property="inlinePolicies", characters=_INLINE_LIMIT, source=_QUOTAS, ignore_whitespace=True
)
_TRUST = SizeLimit(property="assumeRolePolicy", characters=2_048, source=_QUOTAS, ignore_whitespace=True)
_MANAGED = SizeLimit(property="policy", characters=6_144, source=_QUOTAS, ignore_whitespace=True)
_VERSIONS = 5
"""The number of versions that IAM keeps of a managed policy."""


def _client(aws: Aws) -> Any:
    return aws.client("iam")


def _document(value: Any) -> str:
    """Return a policy as text: botocore decodes it, other answers are URL-encoded JSON."""
    return unquote(value) if isinstance(value, str) else json.dumps(value)


def _chosen_name(inputs: Properties, unique: str) -> str:
    """Return the given name, or one that begins with the given prefix."""
    return str(inputs.get("name") or f"{inputs['namePrefix']}{unique}")


def _unique(aws: Aws) -> str:
    # Any request has an id that no other has; a name made of it needs no random source of its own.
    metadata = aws.client("sts").get_caller_identity()["ResponseMetadata"]
    return str(metadata["RequestId"]).replace("-", "")[:26]


def _with_tags(request: dict[str, Any], inputs: Properties) -> dict[str, Any]:
    return {**request, "Tags": _tags.to_list(inputs["tagsAll"])} if inputs.get("tagsAll") else request


def _update_tags(aws: Aws, kind: str, key: Mapping[str, str], state: Properties, inputs: Properties) -> None:
    to_set, to_remove = _tags.changes(state, inputs)
    if to_remove:
        getattr(_client(aws), f"untag_{kind}")(**key, TagKeys=to_remove)
    if to_set:
        getattr(_client(aws), f"tag_{kind}")(**key, Tags=_tags.to_list(to_set))


def _pages(aws: Aws, operation: str, result: str, **request: Any) -> list[Any]:
    pages = _client(aws).get_paginator(operation).paginate(**request)
    return [item for page in pages for item in page[result]]


# --- roles


_ROLE = {
    "assumeRolePolicy": "AssumeRolePolicyDocument",
    "description": "Description",
    "maxSessionDuration": "MaxSessionDuration",
    "path": "Path",
    "permissionsBoundary": "PermissionsBoundary",
}


def _inline_policies(inputs: Properties) -> dict[str, str]:
    return {
        item["name"]: item["policy"]
        for item in inputs.get("inlinePolicies") or ()
        if item.get("name") and item.get("policy")
    }


def _create_role(aws: Aws, inputs: Properties) -> str:
    name = _chosen_name(inputs, _unique(aws) if "name" not in inputs else "")
    _client(aws).create_role(RoleName=name, **_with_tags(to_aws(_ROLE, inputs), inputs))
    with finishing(name):
        for policy, document in _inline_policies(inputs).items():
            _client(aws).put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)
        for arn in inputs.get("managedPolicyArns") or ():
            _client(aws).attach_role_policy(RoleName=name, PolicyArn=arn)
    return name


def _read_inline_policies(aws: Aws, role: str) -> list[Properties]:
    names = _pages(aws, "list_role_policies", "PolicyNames", RoleName=role)
    return [{"name": name, "policy": _read_inline(aws, role, name)} for name in sorted(names)]


def _read_inline(aws: Aws, role: str, name: str) -> str:
    answer = _client(aws).get_role_policy(RoleName=role, PolicyName=name)
    return _document(answer["PolicyDocument"])


def _attached(aws: Aws, role: str) -> list[str]:
    attached = _pages(aws, "list_attached_role_policies", "AttachedPolicies", RoleName=role)
    return sorted(item["PolicyArn"] for item in attached)


def _read_role(aws: Aws, name: str, _state: Properties) -> Properties | None:
    answer = found(lambda: _client(aws).get_role(RoleName=name), *_GONE)
    if answer is None:
        return None
    role = answer["Role"]
    return present(
        {
            "arn": role["Arn"],
            "assumeRolePolicy": _document(role["AssumeRolePolicyDocument"]),
            "createDate": role["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "description": role.get("Description") or None,
            "inlinePolicies": _read_inline_policies(aws, name),
            "managedPolicyArns": _attached(aws, name),
            "maxSessionDuration": role.get("MaxSessionDuration", 3600),
            "name": role["RoleName"],
            "path": role["Path"],
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "tagsAll": _tags.from_list(role.get("Tags", [])),
            "uniqueId": role["RoleId"],
        }
    )


def _update_role(aws: Aws, name: str, state: Properties, inputs: Properties) -> None:
    iam = _client(aws)
    if changed(state, inputs, "assumeRolePolicy"):
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=inputs["assumeRolePolicy"])
    if changed(state, inputs, "description", "maxSessionDuration"):
        duration = inputs.get("maxSessionDuration", 3600)
        iam.update_role(RoleName=name, Description=inputs.get("description", ""), MaxSessionDuration=duration)
    if changed(state, inputs, "permissionsBoundary"):
        boundary = inputs.get("permissionsBoundary")
        if boundary:
            iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
        else:
            iam.delete_role_permissions_boundary(RoleName=name)
    if "inlinePolicies" in inputs:
        _update_inline_policies(aws, name, inputs)
    if "managedPolicyArns" in inputs:
        wanted, have = set(inputs["managedPolicyArns"]), set(_attached(aws, name))
        for arn in sorted(wanted - have):
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        for arn in sorted(have - wanted):
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    _update_tags(aws, "role", {"RoleName": name}, state, inputs)


def _update_inline_policies(aws: Aws, role: str, inputs: Properties) -> None:
    """Make the role's inline policies the given ones and no others, as the real provider does."""
    wanted = _inline_policies(inputs)
    for name in _pages(aws, "list_role_policies", "PolicyNames", RoleName=role):
        if name not in wanted:
            _client(aws).delete_role_policy(RoleName=role, PolicyName=name)
    for name, document in wanted.items():
        _client(aws).put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)


def _delete_role(aws: Aws, name: str, state: Properties) -> None:
    iam = _client(aws)
    if found(lambda: iam.get_role(RoleName=name), *_GONE) is None:
        return
    # The real provider takes away what it knows to be its own; the rest only when it is told to force.
    forced = state.get("forceDetachPolicies", False)
    inline = [item["name"] for item in state.get("inlinePolicies") or ()]
    attached = state.get("managedPolicyArns") or []
    for profile in _pages(aws, "list_instance_profiles_for_role", "InstanceProfiles", RoleName=name):
        iam.remove_role_from_instance_profile(
            InstanceProfileName=profile["InstanceProfileName"], RoleName=name
        )
    for arn in _attached(aws, name) if forced else attached:
        found(lambda arn=arn: iam.detach_role_policy(RoleName=name, PolicyArn=arn), *_GONE)  # type: ignore[misc]
    for policy in _pages(aws, "list_role_policies", "PolicyNames", RoleName=name):
        if forced or policy in inline:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


# --- inline policies of a role


def _put_role_policy(aws: Aws, role: str, name: str, document: str) -> None:
    """Put the policy if all inline policies of the role together stay within IAM's limit."""
    others = [item["policy"] for item in _read_inline_policies(aws, role) if item["name"] != name]
    size = sum(len("".join(text.split())) for text in [*others, document])
    if size > _INLINE_LIMIT:
        error = {
            "Code": "LimitExceeded",
            "Message": f"Maximum policy size of {_INLINE_LIMIT} bytes exceeded for role {role}",
        }
        answer: Any = {"Error": error}
        raise ClientError(answer, "PutRolePolicy")
    _client(aws).put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)


def _create_role_policy(aws: Aws, inputs: Properties) -> str:
    role = str(inputs["role"])
    name = _chosen_name(inputs, _unique(aws) if "name" not in inputs else "")
    _put_role_policy(aws, role, name, inputs["policy"])
    return f"{role}:{name}"


def _read_role_policy(aws: Aws, resource_id: str, _state: Properties) -> Properties | None:
    role, name = resource_id.split(":", 1)
    document = found(lambda: _read_inline(aws, role, name), *_GONE)
    return None if document is None else {"name": name, "policy": document, "role": role}


def _update_role_policy(aws: Aws, resource_id: str, _state: Properties, inputs: Properties) -> None:
    role, name = resource_id.split(":", 1)
    _put_role_policy(aws, role, name, inputs["policy"])


def _delete_role_policy(aws: Aws, resource_id: str, _state: Properties) -> None:
    role, name = resource_id.split(":", 1)
    found(lambda: _client(aws).delete_role_policy(RoleName=role, PolicyName=name), *_GONE)


# --- managed policies


def _create_policy(aws: Aws, inputs: Properties) -> str:
    name = _chosen_name(inputs, _unique(aws) if "name" not in inputs else "")
    request = to_aws({"description": "Description", "path": "Path", "policy": "PolicyDocument"}, inputs)
    return str(_client(aws).create_policy(PolicyName=name, **_with_tags(request, inputs))["Policy"]["Arn"])


def _read_policy(aws: Aws, arn: str, _state: Properties) -> Properties | None:
    answer = found(lambda: _client(aws).get_policy(PolicyArn=arn), *_GONE)
    if answer is None:
        return None
    policy = answer["Policy"]
    version = _client(aws).get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
    return present(
        {
            "arn": arn,
            "attachmentCount": policy["AttachmentCount"],
            "description": policy.get("Description") or None,
            "name": policy["PolicyName"],
            "path": policy["Path"],
            "policy": _document(version["PolicyVersion"]["Document"]),
            "policyId": policy["PolicyId"],
            "tagsAll": _tags.from_list(policy.get("Tags", [])),
        }
    )


def _old_versions(aws: Aws, arn: str) -> list[str]:
    versions = _pages(aws, "list_policy_versions", "Versions", PolicyArn=arn)
    old = [item for item in versions if not item["IsDefaultVersion"]]
    return [item["VersionId"] for item in sorted(old, key=lambda item: item["CreateDate"])]


def _update_policy(aws: Aws, arn: str, state: Properties, inputs: Properties) -> None:
    iam = _client(aws)
    if changed(state, inputs, "policy"):
        old = _old_versions(aws, arn)
        if len(old) >= _VERSIONS - 1:
            iam.delete_policy_version(PolicyArn=arn, VersionId=old[0])
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=inputs["policy"], SetAsDefault=True)
    _update_tags(aws, "policy", {"PolicyArn": arn}, state, inputs)


def _delete_policy(aws: Aws, arn: str, _state: Properties) -> None:
    if found(lambda: _client(aws).get_policy(PolicyArn=arn), *_GONE) is None:
        return
    for version in _old_versions(aws, arn):
        _client(aws).delete_policy_version(PolicyArn=arn, VersionId=version)
    _client(aws).delete_policy(PolicyArn=arn)


# --- attachments


def _create_attachment(aws: Aws, inputs: Properties) -> str:
    _client(aws).attach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
    return f"{inputs['role']}/{inputs['policyArn']}"


def _read_attachment(aws: Aws, resource_id: str, _state: Properties) -> Properties | None:
    role, arn = resource_id.split("/", 1)
    attached = found(lambda: _attached(aws, role), *_GONE)
    return {"role": role, "policyArn": arn} if attached and arn in attached else None


def _delete_attachment(aws: Aws, resource_id: str, _state: Properties) -> None:
    role, arn = resource_id.split("/", 1)
    found(lambda: _client(aws).detach_role_policy(RoleName=role, PolicyArn=arn), *_GONE)


# --- instance profiles


def _create_profile(aws: Aws, inputs: Properties) -> str:
    name = _chosen_name(inputs, _unique(aws) if "name" not in inputs else "")
    request = to_aws({"path": "Path"}, inputs)
    _client(aws).create_instance_profile(InstanceProfileName=name, **_with_tags(request, inputs))
    with finishing(name):
        if inputs.get("role"):
            _client(aws).add_role_to_instance_profile(InstanceProfileName=name, RoleName=inputs["role"])
    return name


def _read_profile(aws: Aws, name: str, _state: Properties) -> Properties | None:
    answer = found(lambda: _client(aws).get_instance_profile(InstanceProfileName=name), *_GONE)
    if answer is None:
        return None
    profile = answer["InstanceProfile"]
    return present(
        {
            "arn": profile["Arn"],
            "createDate": profile["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "name": name,
            "path": profile["Path"],
            "role": next((role["RoleName"] for role in profile["Roles"]), None),
            "tagsAll": _tags.from_list(profile.get("Tags", [])),
            "uniqueId": profile["InstanceProfileId"],
        }
    )


def _update_profile(aws: Aws, name: str, state: Properties, inputs: Properties) -> None:
    if changed(state, inputs, "role"):
        _remove_role(aws, name, state)
        if inputs.get("role"):
            _client(aws).add_role_to_instance_profile(InstanceProfileName=name, RoleName=inputs["role"])
    _update_tags(aws, "instance_profile", {"InstanceProfileName": name}, state, inputs)


def _remove_role(aws: Aws, name: str, state: Properties) -> None:
    role = state.get("role")
    if role:
        found(
            lambda: _client(aws).remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role),
            *_GONE,
        )


def _delete_profile(aws: Aws, name: str, state: Properties) -> None:
    _remove_role(aws, name, state)
    found(lambda: _client(aws).delete_instance_profile(InstanceProfileName=name), *_GONE)


# --- OpenID Connect providers


def _create_oidc(aws: Aws, inputs: Properties) -> str:
    names = {"url": "Url", "clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"}
    request = _with_tags(to_aws(names, inputs), inputs)
    return str(_client(aws).create_open_id_connect_provider(**request)["OpenIDConnectProviderArn"])


def _read_oidc(aws: Aws, arn: str, state: Properties) -> Properties | None:
    answer = found(lambda: _client(aws).get_open_id_connect_provider(OpenIDConnectProviderArn=arn), *_GONE)
    if answer is None:
        return None
    url, given = answer["Url"].removeprefix("https://"), state.get("url", "")
    return {
        "arn": arn,
        "clientIdLists": answer.get("ClientIDList", []),
        "tagsAll": _tags.from_list(answer.get("Tags", [])),
        "thumbprintLists": answer.get("ThumbprintList", []),
        # IAM leaves out the scheme, which a program must give.
        "url": given if given.removeprefix("https://") == url else f"https://{url}",
    }


def _update_oidc(aws: Aws, arn: str, state: Properties, inputs: Properties) -> None:
    iam, key = _client(aws), {"OpenIDConnectProviderArn": arn}
    if "thumbprintLists" in inputs and changed(state, inputs, "thumbprintLists"):
        iam.update_open_id_connect_provider_thumbprint(**key, ThumbprintList=inputs["thumbprintLists"])
    old, new = set(state.get("clientIdLists") or ()), set(inputs["clientIdLists"])
    for client_id in sorted(new - old):
        iam.add_client_id_to_open_id_connect_provider(**key, ClientID=client_id)
    for client_id in sorted(old - new):
        iam.remove_client_id_from_open_id_connect_provider(**key, ClientID=client_id)
    _update_tags(aws, "open_id_connect_provider", key, state, inputs)


def _delete_oidc(aws: Aws, arn: str, _state: Properties) -> None:
    found(lambda: _client(aws).delete_open_id_connect_provider(OpenIDConnectProviderArn=arn), *_GONE)


TYPES = (
    ResourceType(
        token="aws:iam/role:Role",
        create=_create_role,
        read=_read_role,
        update=_update_role,
        delete=_delete_role,
        replaces=frozenset({"name", "namePrefix", "path"}),
        defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
        autoname="name",
        autoname_prefix="namePrefix",
        write_only=frozenset({"forceDetachPolicies"}),
        json_documents=frozenset({"assumeRolePolicy"}),
        limits=(_INLINE_OF_ROLE, _TRUST),
    ),
    ResourceType(
        token="aws:iam/rolePolicy:RolePolicy",
        create=_create_role_policy,
        read=_read_role_policy,
        update=_update_role_policy,
        delete=_delete_role_policy,
        replaces=frozenset({"name", "namePrefix", "role"}),
        autoname="name",
        autoname_prefix="namePrefix",
        json_documents=frozenset({"policy"}),
        limits=(_INLINE,),
    ),
    ResourceType(
        token="aws:iam/policy:Policy",
        create=_create_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_delete_policy,
        replaces=frozenset({"description", "name", "namePrefix", "path"}),
        defaults={"path": "/"},
        autoname="name",
        autoname_prefix="namePrefix",
        write_only=frozenset({"delayAfterPolicyCreationInMs"}),
        json_documents=frozenset({"policy"}),
        limits=(_MANAGED,),
    ),
    ResourceType(
        token="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        create=_create_attachment,
        read=_read_attachment,
        delete=_delete_attachment,
    ),
    ResourceType(
        token="aws:iam/instanceProfile:InstanceProfile",
        create=_create_profile,
        read=_read_profile,
        update=_update_profile,
        delete=_delete_profile,
        replaces=frozenset({"name", "namePrefix", "path"}),
        defaults={"path": "/"},
        autoname="name",
        autoname_prefix="namePrefix",
    ),
    ResourceType(
        token="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        create=_create_oidc,
        read=_read_oidc,
        update=_update_oidc,
        delete=_delete_oidc,
        replaces=frozenset({"url"}),
    ),
)
