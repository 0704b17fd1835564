"""Conditions that narrow what a role may do: through which endpoint, and on resources with which tags."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from timestream_baseline.documents.parts import Document, Statement, allow, deny, document

NO_TAGS: Final[Mapping[str, str]] = MappingProxyType({})

# Every action of Timestream but DescribeEndpoints. That one goes to the regional host, for which AWS offers
# no interface endpoint, so no call to it ever carries one of ours. It tells the name of a host and no data.
# https://docs.aws.amazon.com/timestream/latest/developerguide/VPCEndpoints.vpc-endpoint-create.html
THROUGH_ENDPOINTS: Final = (
    "timestream:Cancel*",
    "timestream:Create*",
    "timestream:Delete*",
    "timestream:DescribeA*",
    "timestream:DescribeB*",
    "timestream:DescribeD*",
    "timestream:DescribeS*",
    "timestream:DescribeT*",
    "timestream:Execute*",
    "timestream:Get*",
    "timestream:List*",
    "timestream:Prepare*",
    "timestream:Resume*",
    "timestream:Select*",
    "timestream:Start*",
    "timestream:Tag*",
    "timestream:Unload*",
    "timestream:Untag*",
    "timestream:Update*",
    "timestream:Write*",
)


def endpoint_policy(*, endpoint_ids: Sequence[str], break_glass_role_arns: Sequence[str]) -> Document:
    """Refuse calls to Timestream that come through none of the endpoints.

    A call that an AWS service makes with the caller's credentials comes from the service's own network. A
    missing aws:ViaAWSService counts as false, so that the refusal holds. aws:PrincipalIsAWSService has no
    place here: the policies of a role are never asked about a service principal.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    condition: dict[str, Any] = {
        "StringNotEquals": {"aws:SourceVpce": sorted(endpoint_ids)},
        "BoolIfExists": {"aws:ViaAWSService": "false"},
    }
    if break_glass_role_arns:
        condition["ArnNotEquals"] = {"aws:PrincipalArn": sorted(break_glass_role_arns)}
    return document(deny("NoCallsBesideTheEndpoints", THROUGH_ENDPOINTS, "*", condition=condition))


def has_tags(tags: Mapping[str, str]) -> dict[str, Any] | None:
    """Ask for tags of a database or table. A value may be a variable such as ${aws:PrincipalTag/team}."""
    return {"StringEquals": _keys("aws:ResourceTag", tags)} if tags else None


def creation_statements(
    *,
    database_arns: Sequence[str],
    table_arns: Sequence[str],
    table_database_arns: Sequence[str],
    resource_tags: Mapping[str, str],
    request_tags: Mapping[str, str],
    other_tag_keys: Sequence[str],
) -> list[Statement]:
    """Let a role create and tag, such that it can neither take nor give away what tags decide about.

    AWS lists CreateTable on the table, its guide shows it on the database: both are allowed. Tagging while
    creating and tagging later are one action, and what is new has no tag yet: hence IfExists.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontimestream.html
    """
    given = {**resource_tags, **request_tags}
    new: dict[str, Any] = {
        "StringEquals": _keys("aws:RequestTag", given),
        # Tag keys that differ only in case are one key for IAM and two for Timestream.
        "ForAllValues:StringEquals": {"aws:TagKeys": sorted({*given, *other_tag_keys})},
        # Of no keys at all everything is true.
        "Null": {"aws:TagKeys": "false"},
    }
    own = has_tags(resource_tags) or {}
    resources = sorted({*database_arns, *table_arns})
    statements = [
        *some("CreateDatabasesWithTags", ["timestream:CreateDatabase"], database_arns, new),
        *some("CreateTablesWithTags", ["timestream:CreateTable"], table_arns, new),
        *some(
            "CreateTablesInDatabases",
            ["timestream:CreateTable"],
            sorted({*database_arns, *table_database_arns}),
            {**new, "StringEquals": {**own.get("StringEquals", {}), **new["StringEquals"]}},
        ),
    ]
    if own:
        statements += some(
            "TagWhatIsNew",
            ["timestream:TagResource"],
            resources,
            {**new, **_if_exists("aws:ResourceTag", resource_tags)},
        )
    return [
        *statements,
        *some(
            "TagWithoutChangingWhatDecides",
            ["timestream:TagResource"],
            resources,
            {**own, **_if_exists("aws:RequestTag", given)},
        ),
        deny(
            "NobodyTakesAwayTagsThatDecide",
            ["timestream:UntagResource"],
            "*",
            condition={
                "ForAnyValue:StringEqualsIgnoreCase": {"aws:TagKeys": sorted(given)},
                "Null": {"aws:TagKeys": "false"},
            },
        ),
    ]


def some(
    sid: str, actions: Collection[str], resources: Sequence[str], condition: Mapping[str, Any] | None
) -> list[Statement]:
    """Write a statement if there is anything that it could be about."""
    return [allow(sid, sorted(actions), sorted(resources), condition=condition)] if resources else []


def _keys(prefix: str, tags: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}/{key}": value for key, value in sorted(tags.items())}


def _if_exists(prefix: str, tags: Mapping[str, str]) -> dict[str, Any]:
    return {"StringEqualsIfExists": _keys(prefix, tags)} if tags else {}
