"""Managed policies and their versions."""

from aws_sandbox.resource import Aws, Properties, ResourceType, SizeLimit
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, present, to_aws
from aws_sandbox.services.iam._shared import (
    GONE,
    QUOTAS,
    chosen_name,
    client,
    listed,
    policy_text,
    unique_suffix,
    update_tags,
    with_tags,
)

_MANAGED = SizeLimit(property="policy", characters=6_144, source=QUOTAS, ignore_whitespace=True)


_VERSIONS = 5
"""The number of versions that IAM keeps of a managed policy."""


def _create_policy(aws: Aws, inputs: Properties) -> str:
    name = chosen_name(inputs, unique_suffix(aws) if "name" not in inputs else "")
    request = to_aws({"description": "Description", "path": "Path", "policy": "PolicyDocument"}, inputs)
    return str(client(aws).create_policy(PolicyName=name, **with_tags(request, inputs))["Policy"]["Arn"])


def _read_policy(aws: Aws, arn: str, _state: Properties) -> Properties | None:
    answer = found(lambda: client(aws).get_policy(PolicyArn=arn), *GONE)
    if answer is None:
        return None
    policy = answer["Policy"]
    version = client(aws).get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
    return present(
        {
            "arn": arn,
            "attachmentCount": policy["AttachmentCount"],
            "description": policy.get("Description") or None,
            "name": policy["PolicyName"],
            "path": policy["Path"],
            "policy": policy_text(version["PolicyVersion"]["Document"]),
            "policyId": policy["PolicyId"],
            "tagsAll": _tags.from_list(policy.get("Tags", [])),
        }
    )


def _old_versions(aws: Aws, arn: str) -> list[str]:
    versions = listed(aws, "list_policy_versions", "Versions", PolicyArn=arn)
    old = [item for item in versions if not item["IsDefaultVersion"]]
    return [item["VersionId"] for item in sorted(old, key=lambda item: item["CreateDate"])]


def _update_policy(aws: Aws, arn: str, state: Properties, inputs: Properties) -> None:
    iam = client(aws)
    if changed(state, inputs, "policy"):
        old = _old_versions(aws, arn)
        if len(old) >= _VERSIONS - 1:
            iam.delete_policy_version(PolicyArn=arn, VersionId=old[0])
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=inputs["policy"], SetAsDefault=True)
    update_tags(aws, "policy", {"PolicyArn": arn}, state, inputs)


def _delete_policy(aws: Aws, arn: str, _state: Properties) -> None:
    if found(lambda: client(aws).get_policy(PolicyArn=arn), *GONE) is None:
        return
    for version in _old_versions(aws, arn):
        client(aws).delete_policy_version(PolicyArn=arn, VersionId=version)
    client(aws).delete_policy(PolicyArn=arn)


TYPES = (
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
        policy_documents=frozenset({"policy"}),
        limits=(_MANAGED,),
    ),
)
