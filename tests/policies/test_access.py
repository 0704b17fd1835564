from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples import Given
from timestream_policies.rules import access, documents, identities
from timestream_policies.types import (
    ACCESS_KEY,
    ATTACH_SEVERAL,
    GROUP,
    GROUP_MEMBERSHIP,
    GROUP_POLICY,
    MANAGED_POLICY,
    POLICY_ATTACHMENT,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    USER,
    USER_POLICIES_EXCLUSIVE,
    USER_POLICY,
    USER_POLICY_ATTACHMENT,
)

TABLE = "arn:aws:timestream:eu-west-1:111122223333:database/metrics/table/cpu"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
POLICY = {"role": "writer"}


def said(rule: Any, action: Any = "timestream:WriteRecords", resource: Any = TABLE, **more: Any) -> Any:
    """Judge one statement in a role policy."""
    statement = {"Sid": "It", "Effect": "Allow", "Action": action, "Resource": resource, **more}
    return messages(rule, ROLE_POLICY, POLICY, {"policy": {"Statement": statement}})


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        pytest.param("timestream:WriteRecords", TABLE, [], id="good"),
        pytest.param("*", "*", ["allows everything on everything (statement It)"], id="everything"),
        pytest.param(
            ["s3:GetObject", "*"], ["*"], ["allows everything on everything (statement It)"], id="in lists"
        ),
        pytest.param(
            "*:*", "arn:aws:*", ["allows everything on everything (statement It)"], id="in other words"
        ),
        pytest.param(
            "?*", "*:?*", ["allows everything on everything (statement It)"], id="with at least one letter"
        ),
        pytest.param("*", TABLE, [], id="every action on one table"),
        pytest.param("s3:*", "*", [], id="one service"),
        pytest.param(
            [UNKNOWN, "*"],
            [UNKNOWN, "*"],
            ["allows everything on everything (statement It)"],
            id="known evidence",
        ),
        pytest.param("*", UNKNOWN, [UNDECIDED], id="resource not known yet"),
        pytest.param(UNKNOWN, TABLE, [UNDECIDED], id="action not known yet"),
    ],
)
def test_nobody_is_administrator(action: Any, resource: Any, expected: Any) -> None:
    assert said(access.nobody_is_administrator, action, resource) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        pytest.param(["timestream:WriteRecords"], [], id="good"),
        pytest.param("*", ["allows every action (statement It)"], id="star"),
        pytest.param("**", ["allows every action (statement It)"], id="two stars"),
        pytest.param("timestream:*", [], id="one service"),
    ],
)
def test_actions_are_named(action: Any, expected: Any) -> None:
    assert said(access.actions_are_named, action) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        pytest.param("timestream:WriteRecords", [], id="good"),
        pytest.param("timestream:*", ["allows timestream:* (statement It)"], id="everything"),
        pytest.param("Timestream:*", ["allows timestream:* (statement It)"], id="in other letters"),
        pytest.param("timestream*:*", ["allows timestream*:* (statement It)"], id="both engines"),
        pytest.param("timestream:Delete*", ["allows timestream:delete* (statement It)"], id="every deletion"),
        pytest.param("timestream:U*", ["allows timestream:u* (statement It)"], id="every update"),
        pytest.param("timestream:Describe*", [], id="every description"),
        pytest.param(
            "timestream:Write?ecords", ["allows timestream:write?ecords (statement It)"], id="one letter"
        ),
        pytest.param("timestream-influxdb:*", ["allows timestream-influxdb:* (statement It)"], id="InfluxDB"),
        pytest.param("timestream-influxdb:List*", [], id="InfluxDB lists"),
        pytest.param("*", [], id="everything is for another rule"),
        pytest.param(["s3:*"], [], id="another service"),
        pytest.param(["timestream:*", UNKNOWN], ["allows timestream:* (statement It)"], id="known evidence"),
        pytest.param(["timestream:Select", UNKNOWN], [UNDECIDED], id="not known yet"),
    ],
)
def test_write_actions_are_named(action: Any, expected: Any) -> None:
    assert said(access.write_actions_are_named, action) == expected


WITHOUT_RESOURCE = [
    "CancelQuery",
    "CreateScheduledQuery",
    "DescribeAccountSettings",
    "DescribeBatchLoadTask",
    "DescribeEndpoints",
    "GetAwsBackupStatus",
    "GetAwsRestoreStatus",
    "ListBatchLoadTasks",
    "ListDatabases",
    "ListScheduledQueries",
    "ResumeBatchLoadTask",
    "SelectValues",
    "UpdateAccountSettings",
]
EVERYWHERE = ["allows timestream:WriteRecords on every database and table (statement It)"]


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        pytest.param("timestream:WriteRecords", TABLE, [], id="good"),
        pytest.param(
            [f"timestream:{name}" for name in WITHOUT_RESOURCE], "*", [], id="the 13 that know no resource"
        ),
        pytest.param("timestream:WriteRecords", "*", EVERYWHERE, id="star"),
        pytest.param("timestream:writerecords", "arn:aws:timestream:*", EVERYWHERE, id="the service"),
        pytest.param(
            "timestream:WriteRecords", "arn:aws:timestream:eu-west-1:1:*", EVERYWHERE, id="the account"
        ),
        pytest.param(
            "timestream:WriteRecords",
            "arn:aws:timestream:eu-west-1:1:database/*",
            EVERYWHERE,
            id="every database",
        ),
        pytest.param(
            "timestream:Select",
            "arn:aws:timestream:eu-west-1:1:database/?*/table/*",
            ["allows timestream:Select on every database and table (statement It)"],
            id="every table",
        ),
        pytest.param(
            "timestream:WriteRecords", f"{TABLE.rpartition('/')[0]}/*", [], id="one database's tables"
        ),
        pytest.param("timestream:WriteRecords", "arn:aws:s3:::*", [], id="another service's"),
        pytest.param("timestream:WriteRecords", [TABLE, "*"], EVERYWHERE, id="in a list"),
        pytest.param(
            "timestream:Des*",
            "*",
            ["allows timestream:des* on every database and table (statement It)"],
            id="a pattern",
        ),
        pytest.param("s3:GetObject", "*", [], id="another service"),
        pytest.param("timestream:WriteRecords", UNKNOWN, [UNDECIDED], id="not known yet"),
    ],
)
def test_resources_are_named(action: Any, resource: Any, expected: Any) -> None:
    assert said(access.resources_are_named, action, resource) == expected


ANY_KEY = ["allows decryption with every key (statement It)"]


@pytest.mark.parametrize(
    ("action", "resource", "condition", "expected"),
    [
        pytest.param("kms:Decrypt", KEY, None, [], id="good"),
        pytest.param("kms:Decrypt", "*", None, ANY_KEY, id="star"),
        pytest.param("kms:De*", "arn:aws:kms:*:*:key/*", None, ANY_KEY, id="every key"),
        pytest.param("kms:ReEncryptFrom", "*", None, ANY_KEY, id="by another name"),
        pytest.param(
            "kms:*", KEY, None, ["allows everything with keys (statement It)"], id="everything with one key"
        ),
        pytest.param("kms:DescribeKey", "*", None, [], id="only describing"),
        pytest.param(
            "kms:Decrypt", "*", {"StringEquals": {"kms:ResourceAliases": "alias/a"}}, [], id="one alias"
        ),
        pytest.param(
            "kms:Decrypt", "*", {"StringLike": {"kms:ResourceAliases": "*"}}, ANY_KEY, id="any alias"
        ),
        pytest.param(
            "kms:Decrypt",
            "*",
            {"StringLike": {"kms:ResourceAliases": "alias/*"}},
            ANY_KEY,
            id="any alias at all",
        ),
        pytest.param(
            "kms:?*",
            KEY,
            None,
            ["allows everything with keys (statement It)"],
            id="everything, longer written",
        ),
        pytest.param(
            "kms:Decrypt", "*", {"StringNotEquals": {"kms:ResourceAliases": "alias/a"}}, ANY_KEY, id="but one"
        ),
        pytest.param("kms:Decrypt", UNKNOWN, None, [UNDECIDED], id="not known yet"),
    ],
)
def test_decryption_is_narrow(action: Any, resource: Any, condition: Any, expected: Any) -> None:
    more = {"Condition": condition} if condition else {}
    assert said(access.decryption_is_narrow, action, resource, **more) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param(
            {"Action": None, "NotAction": "iam:*"},
            ["allows all but some actions (statement It)"],
            id="actions",
        ),
        pytest.param(
            {"Resource": None, "NotResource": TABLE},
            ["allows actions on all but some resources (statement It)"],
            id="resources",
        ),
        pytest.param({"Effect": "Deny", "NotAction": "iam:*"}, [], id="a Deny"),
        pytest.param({"NotAction": UNKNOWN}, [UNDECIDED], id="not known yet"),
    ],
)
def test_grants_are_positive(change: Any, expected: Any) -> None:
    assert said(access.grants_are_positive, **change) == expected


def test_inline_policies_of_a_role_are_judged_like_separate_ones() -> None:
    statement = {"Sid": "It", "Effect": "Allow", "Action": "timestream:*", "Resource": "*"}
    inline = [{"name": "a", "policy": UNKNOWN}, {"name": "b", "policy": {"Statement": statement}}]
    found = messages(access.write_actions_are_named, ROLE, {}, {"inlinePolicies": inline})
    assert found == ["allows timestream:* (statement It)"]


ASSUMED = (
    "can be assumed by everybody: statement It of its trust policy allows a wildcard principal, "
    "and no condition keeps strangers out"
)


@pytest.mark.parametrize(
    ("principal", "more", "expected"),
    [
        pytest.param({"Service": "lambda.amazonaws.com"}, {}, [], id="good"),
        pytest.param("*", {}, [ASSUMED], id="everybody"),
        pytest.param({"AWS": "*"}, {}, [ASSUMED], id="every principal"),
        pytest.param({"AWS": "arn:aws:iam::*:role/ci"}, {}, [ASSUMED], id="any account"),
        pytest.param({"Federated": "*"}, {}, [ASSUMED], id="any provider"),
        pytest.param(
            {"AWS": "*"},
            {"Condition": {"StringEquals": {"sts:ExternalId": "1"}}},
            [ASSUMED],
            id="who knows a text",
        ),
        pytest.param(
            {"AWS": "*"}, {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2"}}}, [], id="one org"
        ),
        pytest.param(UNKNOWN, {}, [UNDECIDED], id="not known yet"),
    ],
)
def test_roles_are_closed(principal: Any, more: Any, expected: Any) -> None:
    statement = {"Sid": "It", "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    change = {"assumeRolePolicy": {"Statement": [statement]}}
    assert messages(identities.roles_are_closed, ROLE, {}, change) == expected


@pytest.mark.parametrize(
    ("arn", "full_access", "administrator"),
    [
        pytest.param("arn:aws:iam::111122223333:policy/TimestreamFullAccess", [], [], id="an own policy"),
        pytest.param("arn:aws:iam::aws:policy/AmazonTimestreamReadOnlyAccess", [], [], id="to read"),
        pytest.param(
            "arn:aws:iam::aws:policy/AmazonTimestreamFullAccess",
            ["attaches AmazonTimestreamFullAccess"],
            [],
            id="all",
        ),
        pytest.param(
            "arn:aws:iam::aws:policy/AmazonTimestreamInfluxDBFullAccessWithoutMarketplaceAccess",
            ["attaches AmazonTimestreamInfluxDBFullAccessWithoutMarketplaceAccess"],
            [],
            id="all of InfluxDB",
        ),
        pytest.param(
            "arn:aws:iam::aws:policy/PowerUserAccess", ["attaches PowerUserAccess"], [], id="power user"
        ),
        pytest.param(
            "arn:aws:iam::aws:policy/AdministratorAccess",
            [],
            ["attaches AdministratorAccess"],
            id="administrator",
        ),
        pytest.param(UNKNOWN, [UNDECIDED], [UNDECIDED], id="not known yet"),
    ],
)
@pytest.mark.parametrize("on_role", [False, True], ids=["attached", "on the role"])
def test_policies_of_aws(arn: Any, full_access: Any, administrator: Any, on_role: Any) -> None:
    change = {"managedPolicyArns": [arn]} if on_role else {"policyArn": arn}
    type_ = ROLE if on_role else ROLE_POLICY_ATTACHMENT
    assert messages(identities.full_access_is_not_attached, type_, {}, change) == full_access
    assert messages(identities.administrator_is_not_attached, type_, {}, change) == administrator


def test_every_user_is_reported() -> None:
    assert messages(identities.there_are_no_users, USER, {"name": "u"}, {}) == [
        "is a user with credentials that last"
    ]


@pytest.mark.parametrize(
    ("user", "expected"),
    [("writer", []), ("root", ["is an access key of the root user"]), (UNKNOWN, [UNDECIDED])],
)
def test_the_root_user_has_no_key(user: Any, expected: Any) -> None:
    assert messages(identities.root_has_no_key, ACCESS_KEY, {"user": user}, {}) == expected


def test_the_root_user_is_no_user_of_the_stack() -> None:
    writer = Given(USER, {"name": UNKNOWN}, "writer")
    key = {"user": UNKNOWN}
    depends = {"user": ("writer",)}
    assert messages(identities.root_has_no_key, ACCESS_KEY, key, {}, writer, depends=depends) == []


REACHES = ["is a lasting access key that reaches Timestream as 'user'"]
WRITES = {"Statement": {"Effect": "Allow", "Action": "timestream:WriteRecords", "Resource": TABLE}}
READS_S3 = {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([], [], id="no policy"),
        pytest.param(
            [Given(USER_POLICY, {"user": "writer", "policy": READS_S3}, "p")], [], id="another service"
        ),
        pytest.param([Given(USER_POLICY, {"user": "writer", "policy": WRITES}, "p")], REACHES, id="inline"),
        pytest.param([Given(USER_POLICY, {"user": "other", "policy": WRITES}, "p")], [], id="another user"),
        pytest.param(
            [Given(USER_POLICY, {"user": "writer", "policy": UNKNOWN}, "p")], [UNDECIDED], id="not known yet"
        ),
        pytest.param(
            [Given(USER_POLICY, {"user": UNKNOWN, "policy": WRITES}, "p")],
            [UNDECIDED],
            id="nobody knows whose",
        ),
        pytest.param(
            [Given(USER_POLICY, {"user": UNKNOWN, "policy": WRITES}, "p", {"user": ("user",)})],
            REACHES,
            id="by reference",
        ),
        pytest.param(
            [
                Given(MANAGED_POLICY, {"policy": WRITES}, "p"),
                Given(
                    USER_POLICY_ATTACHMENT,
                    {"user": "writer", "policyArn": UNKNOWN},
                    "a",
                    {"policyArn": ("p",)},
                ),
            ],
            REACHES,
            id="attached",
        ),
        pytest.param(
            [
                Given(GROUP, {"name": "writers"}, "group"),
                Given(GROUP_MEMBERSHIP, {"group": "writers", "users": ["other", "writer"]}, "m"),
                Given(GROUP_POLICY, {"group": "writers", "policy": WRITES}, "p"),
            ],
            REACHES,
            id="through the list of a group",
        ),
        pytest.param(
            [
                Given(
                    POLICY_ATTACHMENT,
                    {"users": ["writer"], "policyArn": "arn:aws:iam::aws:policy/AmazonTimestreamFullAccess"},
                    "a",
                )
            ],
            REACHES,
            id="attached to several",
        ),
        pytest.param(
            [
                Given(
                    USER_POLICIES_EXCLUSIVE,
                    {"userName": "writer", "policyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]},
                    "a",
                )
            ],
            REACHES,
            id="an administrator, by a list",
        ),
    ],
)
def test_access_keys_do_not_reach_timestream(others: Any, expected: Any) -> None:
    user = Given(USER, {"name": "writer"}, "user")
    found = messages(
        identities.keys_do_not_reach_timestream, ACCESS_KEY, {"user": "writer"}, {}, user, *others
    )
    assert found == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param("{}", [], id="JSON"),
        pytest.param({"Statement": []}, [], id="an object"),
        pytest.param(None, [], id="none"),
        pytest.param(
            "Calling __str__ on an Output", ["has a policy document that is not JSON"], id="an Output as text"
        ),
        pytest.param("null", ["has a policy document that is not an object"], id="nothing, as JSON"),
        pytest.param(
            '{"Statement": [{"Effect": "Deny", "Effect": "Allow"}]}',
            ["has a policy document that names something twice"],
            id="one name twice",
        ),
        pytest.param(UNKNOWN, [UNDECIDED], id="not known yet"),
    ],
)
def test_documents_are_readable(policy: Any, expected: Any) -> None:
    assert messages(documents.documents_are_readable, ROLE_POLICY, {}, {"policy": policy}) == expected


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param(
            {"Statement": {"Effect": "Allow", "effect": "Deny", "Action": "*", "Resource": "*"}}, id="effect"
        ),
        pytest.param({"Statement": {"Action": "*", "action": "s3:GetObject", "Resource": "*"}}, id="action"),
        pytest.param(
            {"statement": [], "Statement": {"Action": "*", "Resource": "*"}}, id="the list of statements"
        ),
    ],
)
def test_what_is_said_twice_in_other_letters_counts_as_the_widest(policy: Any) -> None:
    found = messages(access.actions_are_named, ROLE_POLICY, POLICY, {"policy": policy})
    assert "allows every action (statement 1)" in found


@pytest.mark.parametrize("type_", ATTACH_SEVERAL)
@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (identities.administrator_is_not_attached, "AdministratorAccess"),
        (identities.full_access_is_not_attached, "AmazonTimestreamFullAccess"),
    ],
)
def test_lists_of_attached_policies_are_judged_too(type_: str, rule: Any, name: str) -> None:
    arns = ["arn:aws:iam::111122223333:policy/own", f"arn:aws:iam::aws:policy/{name}"]
    assert messages(rule, type_, {}, {"policyArns": arns}) == [f"attaches {name}"]
