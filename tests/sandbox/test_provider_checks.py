"""Mistakes that are found before AWS is asked, each named by property, value and way out."""

import json
from typing import Any

import pytest

from tests.sandbox.provider_client import CheckFailedError, ProviderClient, ProviderError

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"
TABLE = "aws:timestreamwrite/table:Table"
ROLE = "aws:iam/role:Role"
QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"

HOURS = "retentionProperties.memoryStoreRetentionPeriodInHours"


def table(**inputs: Any) -> dict[str, Any]:
    return {"databaseName": "meters", "tableName": "readings", **inputs}


def document(size: int) -> str:
    """Return a policy with exactly that many characters, none of them whitespace."""
    empty = json.dumps({"Version": "2012-10-17", "Id": ""}, separators=(",", ":"))
    return empty.replace('"Id":""', f'"Id":"{"x" * (size - len(empty))}"')


def test_a_property_that_the_type_has_not_is_refused_with_the_nearest_name(provider: ProviderClient) -> None:
    assert provider.failures(TABLE, table(tabelName="x")) == [
        ("tabelName", "`tabelName` is no property of this type. Did you mean `tableName`?")
    ]


def test_a_property_with_no_near_name_is_refused_with_all_names(provider: ProviderClient) -> None:
    assert provider.failures("aws:timestreamwrite/database:Database", {"databaseName": "a", "zzz": 1}) == [
        (
            "zzz",
            "`zzz` is no property of this type. It has: `databaseName`, `kmsKeyId`, `region`, `tags`.",
        )
    ]


def test_a_required_property_that_is_missing_is_named(provider: ProviderClient) -> None:
    assert provider.failures(TABLE, {"tableName": "readings"}) == [
        ("databaseName", "`databaseName` is missing, it is required.")
    ]


@pytest.mark.parametrize(
    ("inputs", "failure"),
    [
        pytest.param(
            table(tableName=7), ("tableName", "`tableName` must be a string, not the number 7."), id="number"
        ),
        pytest.param(
            table(tableName=["a"]), ("tableName", "`tableName` must be a string, not a list."), id="list"
        ),
        pytest.param(
            table(schema="x"), ("schema", '`schema` must be an object, not the string "x".'), id="text"
        ),
        pytest.param(
            table(tags={"team": True}),
            ("tags.team", "`tags.team` must be a string, not the truth value true."),
            id="a tag",
        ),
        pytest.param(
            table(
                retentionProperties={
                    "memoryStoreRetentionPeriodInHours": "24",
                    "magneticStoreRetentionPeriodInDays": 1,
                }
            ),
            (
                HOURS,
                f'`{HOURS}` must be a whole number, not the string "24".',
            ),
            id="a nested number as text",
        ),
        pytest.param(
            table(
                retentionProperties={
                    "memoryStoreRetentionPeriodInHours": 2.5,
                    "magneticStoreRetentionPeriodInDays": 1,
                }
            ),
            (
                HOURS,
                f"`{HOURS}` must be a whole number, not the number 2.5.",
            ),
            id="half an hour",
        ),
        pytest.param(
            table(retentionProperties={"memoryStoreRetentionPeriodInHours": 24}),
            (
                "retentionProperties.magneticStoreRetentionPeriodInDays",
                "`retentionProperties.magneticStoreRetentionPeriodInDays` is missing, it is required.",
            ),
            id="a nested one missing",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_by_its_path(
    inputs: dict[str, Any], failure: tuple[str, str], provider: ProviderClient
) -> None:
    assert provider.failures(TABLE, inputs) == [failure]


def statement(size: int) -> str:
    """Return a policy that IAM takes, with about that many characters."""
    resources = [
        f"arn:aws:timestream:eu-west-1:000000000000:database/{index:050}" for index in range(size // 100)
    ]
    allow = {"Effect": "Allow", "Action": "timestream:Select", "Resource": resources}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


def test_every_mistake_is_named_at_once(provider: ProviderClient) -> None:
    assert [name for name, _ in provider.failures(TABLE, {"tableName": 7, "tags": [], "x": 1})] == [
        "databaseName",
        "tableName",
        "tags",
        "x",
    ]


def test_a_member_of_a_list_is_named_by_its_index(provider: ProviderClient) -> None:
    inputs = {"assumeRolePolicy": "{}", "inlinePolicies": [{"name": "a"}, {"nme": "b"}]}
    assert provider.failures(ROLE, inputs) == [
        ("inlinePolicies[1].nme", "`inlinePolicies[1].nme` is no property of this type. Did you mean `name`?")
    ]


def test_what_is_not_known_yet_passes_at_any_depth(provider: ProviderClient) -> None:
    nested = {"memoryStoreRetentionPeriodInHours": UNKNOWN, "magneticStoreRetentionPeriodInDays": 30}
    assert (
        provider.failures(TABLE, table(databaseName=UNKNOWN, retentionProperties=nested, tags=UNKNOWN)) == []
    )
    assert (
        provider.failures(ROLE, {"assumeRolePolicy": UNKNOWN, "inlinePolicies": [{"policy": UNKNOWN}]}) == []
    )


def test_a_document_that_is_no_json_is_refused_with_the_place(provider: ProviderClient) -> None:
    assert provider.failures(KEY, {"policy": '{"Version": "2012-10-17",\n }'}) == [
        (
            "policy",
            "`policy` must be JSON text: "
            "Expecting property name enclosed in double quotes in line 2, column 2.",
        )
    ]


@pytest.mark.parametrize(
    ("token", "inputs", "name", "limit", "counted"),
    [
        pytest.param(
            "aws:iam/policy:Policy", {}, "policy", 6_144,
            f" without whitespace; AWS accepts at most 6,144 ({QUOTAS})", id="managed policy",
        ),
        pytest.param(
            "aws:iam/rolePolicy:RolePolicy", {"role": "r"}, "policy", 10_240,
            f" without whitespace; AWS accepts at most 10,240 ({QUOTAS})", id="inline policy",
        ),
        pytest.param(
            KEY, {}, "policy", 32_768,
            "; AWS accepts at most 32,768 (https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html)",
            id="key policy",
        ),
    ],
)  # fmt: skip
def test_a_document_one_character_larger_than_aws_accepts_is_refused(
    token: str, inputs: dict[str, Any], name: str, limit: int, counted: str, provider: ProviderClient
) -> None:
    assert provider.failures(token, {**inputs, name: document(limit)}) == []
    assert provider.failures(token, {**inputs, name: document(limit + 1)}) == [
        (name, f"`{name}` has {limit + 1:,} characters{counted}.")
    ]


def test_whitespace_does_not_count_where_aws_does_not_count_it(provider: ProviderClient) -> None:
    assert provider.failures("aws:iam/policy:Policy", {"policy": document(6_144) + "\n" * 500}) == []


def test_the_inline_policies_of_a_role_count_together(provider: ProviderClient) -> None:
    halves = [{"name": "a", "policy": document(5_120)}, {"name": "b", "policy": document(5_121)}]
    assert provider.failures(ROLE, {"assumeRolePolicy": "{}", "inlinePolicies": halves}) == [
        (
            "inlinePolicies",
            "`inlinePolicies` has 10,241 characters without whitespace in all; "
            f"AWS accepts at most 10,240 ({QUOTAS}).",
        )
    ]


def test_inline_policies_of_separate_resources_count_together_in_aws(provider: ProviderClient) -> None:
    role = provider.create(ROLE, {"name": "writer", "assumeRolePolicy": document(40)}).outputs["name"]
    provider.create("aws:iam/rolePolicy:RolePolicy", {"role": role, "policy": statement(6_000)}, name="a")
    with pytest.raises(ProviderError) as error:
        provider.create("aws:iam/rolePolicy:RolePolicy", {"role": role, "policy": statement(6_000)}, name="b")
    assert str(error.value) == (
        "creating aws:iam/rolePolicy:RolePolicy: LimitExceeded: "
        "Maximum policy size of 10240 bytes exceeded for role writer"
    )


@pytest.mark.parametrize(
    ("token", "inputs", "failure"),
    [
        pytest.param(
            KEY,
            {"deletionWindowInDays": 5},
            ("deletionWindowInDays", "`deletionWindowInDays` must be between 7 and 30 days, not 5."),
            id="deletion window",
        ),
        pytest.param(
            KEY,
            {"rotationPeriodInDays": 30},
            ("rotationPeriodInDays", "`rotationPeriodInDays` must be between 90 and 2560 days, not 30."),
            id="rotation period",
        ),
        pytest.param(
            ALIAS,
            {"targetKeyId": "k", "name": "alias/meters.eu"},
            (
                "name",
                "`name` must be `alias/` and then letters, digits, `/`, `_` or `-` (256 characters at most), "
                'not "alias/meters.eu".',
            ),
            id="alias with a dot",
        ),
        pytest.param(
            ALIAS,
            {"targetKeyId": "k", "name": "alias/aws/meters"},
            (
                "name",
                '`name` must not begin with `alias/aws/`, which AWS keeps for itself: "alias/aws/meters".',
            ),
            id="alias of AWS",
        ),
        pytest.param(
            TABLE,
            table(
                retentionProperties={
                    "memoryStoreRetentionPeriodInHours": 9_000,
                    "magneticStoreRetentionPeriodInDays": 30,
                }
            ),
            (
                HOURS,
                f"`{HOURS}` must be between 1 and 8,766, not 9,000.",
            ),
            id="memory retention",
        ),
    ],
)
def test_a_rule_of_aws_that_is_known_before_it_is_asked(
    token: str, inputs: dict[str, Any], failure: tuple[str, str], provider: ProviderClient
) -> None:
    assert provider.failures(token, inputs) == [failure]


def test_a_type_that_the_sandbox_has_not_is_named_with_those_of_the_service(provider: ProviderClient) -> None:
    with pytest.raises(ProviderError) as error:
        provider.check("aws:kms/customKeyStore:CustomKeyStore", {})
    assert str(error.value) == (
        "The sandbox has no aws:kms/customKeyStore:CustomKeyStore; it has: aws:kms/alias:Alias, "
        "aws:kms/grant:Grant, aws:kms/key:Key, aws:kms/keyPolicy:KeyPolicy, aws:kms/replicaKey:ReplicaKey."
    )


def test_names_are_chosen_once_from_the_logical_name(provider: ProviderClient) -> None:
    inputs = {"assumeRolePolicy": "{}"}
    first = provider.check(ROLE, inputs, name="writer")
    assert first["name"] == "writer-19b2585"
    assert first["__defaults"] == ["forceDetachPolicies", "maxSessionDuration", "name", "path"]
    kept = provider.check(ROLE, inputs, {**first, "name": "writer-0000000"}, name="writer")
    assert kept["name"] == "writer-0000000"
    assert provider.check(ALIAS, {"targetKeyId": "k"}, name="meters")["name"] == "alias/meters-19b2585"


def test_a_given_name_or_prefix_is_not_overridden(provider: ProviderClient) -> None:
    assert provider.check(ROLE, {"assumeRolePolicy": "{}", "name": "w"})["name"] == "w"
    assert "name" not in provider.check(ROLE, {"assumeRolePolicy": "{}", "namePrefix": "w"})


@pytest.mark.parametrize(
    ("settings", "failures"),
    [
        pytest.param(
            {"regoin": "eu-west-1"},
            [("regoin", "`regoin` is no property of this type. Did you mean `region`?")],
            id="a misspelt setting",
        ),
        pytest.param(
            {"allowedAccountIds": "000000000000,"},
            [("allowedAccountIds", '`aws:allowedAccountIds` must be a JSON array, not "000000000000,".')],
            id="a list that is no JSON",
        ),
        pytest.param(
            {"endpoints": [{"kms": "http://localhost:4566"}]},
            [
                (
                    "endpoints",
                    "`aws:endpoints` cannot be used in the sandbox: "
                    "the sandbox answers for every AWS host by itself.",
                )
            ],
            id="an endpoint",
        ),
    ],
)
def test_a_wrong_configuration_is_refused(
    settings: dict[str, Any], failures: list[tuple[str, str]], provider: ProviderClient
) -> None:
    with pytest.raises(CheckFailedError) as error:
        provider.configure(**settings)
    assert error.value.failures == failures


PROXY = "every call goes through the sandbox's own proxy."
FILES = "it reads no configuration of the user; use `accessKey` and `secretKey`, `assumeRoles` or `region`."


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("httpProxy", "http://proxy.example.com:3128", PROXY),
        ("httpsProxy", "http://proxy.example.com:3128", PROXY),
        ("noProxy", "*", PROXY),
        ("customCaBundle", "/nowhere.pem", "the sandbox's hosts have certificates of its own authority."),
        ("sharedConfigFiles", ["/home/me/.aws/config"], FILES),
        ("sharedCredentialsFiles", ["/home/me/.aws/credentials"], FILES),
        ("assumeRoleWithWebIdentity", {"roleArn": "arn:aws:iam::000000000000:role/ci"}, "use `assumeRoles`."),
    ],
)
def test_a_setting_that_leads_past_the_sandbox_is_refused(
    setting: str, value: Any, reason: str, provider: ProviderClient
) -> None:
    with pytest.raises(CheckFailedError) as error:
        provider.configure(**{setting: value})
    assert error.value.failures == [(setting, f"`aws:{setting}` cannot be used in the sandbox: {reason}")]


def test_the_value_of_a_secret_is_never_shown(provider: ProviderClient) -> None:
    with pytest.raises(CheckFailedError) as error:
        provider.check(
            "aws:secretsmanager/secretVersion:SecretVersion", {"secretId": "pin", "secretString": 4711}
        )
    assert error.value.failures == [("", "`secretString` must be a string, not what is given.")]
