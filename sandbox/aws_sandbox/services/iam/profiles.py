"""Instance profiles."""

from aws_sandbox.resource import Aws, Properties, ResourceType, finishing
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, present, to_aws
from aws_sandbox.services.iam._shared import GONE, chosen_name, client, unique_suffix, update_tags, with_tags


def _create_profile(aws: Aws, inputs: Properties) -> str:
    name = chosen_name(inputs, unique_suffix(aws) if "name" not in inputs else "")
    request = to_aws({"path": "Path"}, inputs)
    client(aws).create_instance_profile(InstanceProfileName=name, **with_tags(request, inputs))
    with finishing(name):
        if inputs.get("role"):
            client(aws).add_role_to_instance_profile(InstanceProfileName=name, RoleName=inputs["role"])
    return name


def _read_profile(aws: Aws, name: str, _state: Properties) -> Properties | None:
    answer = found(lambda: client(aws).get_instance_profile(InstanceProfileName=name), *GONE)
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
            client(aws).add_role_to_instance_profile(InstanceProfileName=name, RoleName=inputs["role"])
    update_tags(aws, "instance_profile", {"InstanceProfileName": name}, state, inputs)


def _remove_role(aws: Aws, name: str, state: Properties) -> None:
    role = state.get("role")
    if role:
        found(
            lambda: client(aws).remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role),
            *GONE,
        )


def _delete_profile(aws: Aws, name: str, state: Properties) -> None:
    _remove_role(aws, name, state)
    found(lambda: client(aws).delete_instance_profile(InstanceProfileName=name), *GONE)


TYPES = (
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
)
