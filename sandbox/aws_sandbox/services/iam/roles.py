"""Roles with their trust, inline and attached policies."""

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, present, to_aws
from aws_sandbox.services.iam._shared import (
    GONE,
    INLINE_LIMIT,
    QUOTAS,
    attached_policies,
    chosen_name,
    client,
    listed,
    policy_text,
    read_inline_policies,
    unique_suffix,
    update_tags,
    with_tags,
)

_INLINE_OF_ROLE = SizeLimit(
    property="inlinePolicies", characters=INLINE_LIMIT, source=QUOTAS, ignore_whitespace=True
)


_TRUST = SizeLimit(property="assumeRolePolicy", characters=2_048, source=QUOTAS, ignore_whitespace=True)


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
    name = chosen_name(inputs, unique_suffix(aws) if "name" not in inputs else "")
    client(aws).create_role(RoleName=name, **with_tags(to_aws(_ROLE, inputs), inputs))
    with finishing(name):
        for policy, document in _inline_policies(inputs).items():
            client(aws).put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)
        for arn in inputs.get("managedPolicyArns") or ():
            client(aws).attach_role_policy(RoleName=name, PolicyArn=arn)
    return name


def _read_role(aws: Aws, name: str, _state: Properties) -> Properties | None:
    answer = found(lambda: client(aws).get_role(RoleName=name), *GONE)
    if answer is None:
        return None
    role = answer["Role"]
    return present(
        {
            "arn": role["Arn"],
            "assumeRolePolicy": policy_text(role["AssumeRolePolicyDocument"]),
            "createDate": role["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "description": role.get("Description") or None,
            "inlinePolicies": read_inline_policies(aws, name),
            "managedPolicyArns": attached_policies(aws, name),
            "maxSessionDuration": role.get("MaxSessionDuration", 3600),
            "name": role["RoleName"],
            "path": role["Path"],
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "tagsAll": _tags.from_list(role.get("Tags", [])),
            "uniqueId": role["RoleId"],
        }
    )


def _update_role(aws: Aws, name: str, state: Properties, inputs: Properties) -> None:
    iam = client(aws)
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
        wanted, have = set(inputs["managedPolicyArns"]), set(attached_policies(aws, name))
        for arn in sorted(wanted - have):
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        for arn in sorted(have - wanted):
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    update_tags(aws, "role", {"RoleName": name}, state, inputs)


def _update_inline_policies(aws: Aws, role: str, inputs: Properties) -> None:
    """Make the role's inline policies the given ones and no others, as the real provider does."""
    wanted = _inline_policies(inputs)
    for name in listed(aws, "list_role_policies", "PolicyNames", RoleName=role):
        if name not in wanted:
            client(aws).delete_role_policy(RoleName=role, PolicyName=name)
    for name, document in wanted.items():
        client(aws).put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)


def _delete_role(aws: Aws, name: str, state: Properties) -> None:
    iam = client(aws)
    if found(lambda: iam.get_role(RoleName=name), *GONE) is None:
        return
    # The real provider takes away what it knows to be its own; the rest only when it is told to force.
    forced = state.get("forceDetachPolicies", False)
    inline = [item["name"] for item in state.get("inlinePolicies") or ()]
    attached = state.get("managedPolicyArns") or []
    for profile in listed(aws, "list_instance_profiles_for_role", "InstanceProfiles", RoleName=name):
        iam.remove_role_from_instance_profile(
            InstanceProfileName=profile["InstanceProfileName"], RoleName=name
        )
    for arn in attached_policies(aws, name) if forced else attached:
        found(lambda arn=arn: iam.detach_role_policy(RoleName=name, PolicyArn=arn), *GONE)  # type: ignore[misc]
    for policy in listed(aws, "list_role_policies", "PolicyNames", RoleName=name):
        if forced or policy in inline:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


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
        policy_documents=frozenset({"assumeRolePolicy", "inlinePolicies.policy"}),
        limits=(_INLINE_OF_ROLE, _TRUST),
    ),
)
