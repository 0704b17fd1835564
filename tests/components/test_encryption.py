"""Keys, their replicas in other regions, and `EncryptionKey` alone."""

import json
from typing import Any

import pytest

from tests.components.arns import ACCOUNT, REGION
from tests.components.recorder import DEPLOYER, Deployment, Registration, deploy
from timestream_baseline import LiveAnalytics, TimestreamBaseline
from timestream_baseline.encryption import EncryptionKey
from timestream_baseline.inputs import ArgumentsError, CamelCaseArgs

REPLICATED: Any = {"multi_region": True, "replica_regions": ["eu-central-1", "us-east-1"]}
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/break-glass"


def key(args: Any = None, **more: Any) -> Deployment:
    def program() -> dict[str, Any]:
        made = EncryptionKey("vault", {} if args is None else args, **more)
        return {"arn": made.arn, "replicas": made.replica_arns or {}}

    return deploy(program)


def baseline(encryption: Any) -> Deployment:
    args: Any = {
        "databases": {"metrics": {"tables": {"cpu": {}}}},
        "encryption": encryption,
        "network": {"ingest_cell": "cell1", "query_cell": "cell1"},
    }
    return deploy(lambda: {"keys": TimestreamBaseline("baseline", args).key_arns})


def mistakes(args: Any) -> str:
    with pytest.raises(ArgumentsError) as raised:
        key(args)
    return str(raised.value)


def via(registration: Registration) -> str:
    statement = registration.statements()["UseThroughTimestreamAsIamAllows"]
    service: str = statement["Condition"]["StringEquals"]["kms:ViaService"]
    return service


def test_a_key_is_made_alone_with_defaults() -> None:
    deployment = key()
    (made,) = deployment.of("Key")
    assert made.inputs == {
        "description": "vault: databases",
        "policy": made.inputs["policy"],
        "enableKeyRotation": True,
        "rotationPeriodInDays": 365,
        "deletionWindowInDays": 30,
        "bypassPolicyLockoutSafetyCheck": False,
        "region": REGION,
        "tags": {},
    }
    assert (made.protect, made.retain_on_delete) == (True, True)
    assert [it.inputs["name"] for it in deployment.of("Alias")] == ["alias/vault/databases"]
    assert deployment.of("ReplicaKey") == []
    assert deployment.outputs["replicas"] == {}


def test_every_replica_has_the_policy_of_its_own_region_and_an_alias_there() -> None:
    deployment = key(REPLICATED)
    (primary,) = deployment.of("Key")
    replicas = deployment.of("ReplicaKey")
    assert primary.inputs["multiRegion"] is True
    assert [it.inputs["region"] for it in replicas] == ["eu-central-1", "us-east-1"]
    assert {it.inputs["primaryKeyArn"] for it in replicas} == {deployment.outputs["arn"]}
    assert [via(it) for it in (primary, *replicas)] == [
        f"timestream.{region}.amazonaws.com" for region in (REGION, "eu-central-1", "us-east-1")
    ]
    aliases = {it.inputs["region"]: it.inputs["name"] for it in deployment.of("Alias")}
    assert aliases == dict.fromkeys([REGION, "eu-central-1", "us-east-1"], "alias/vault/databases")
    assert set(deployment.outputs["replicas"]) == {"eu-central-1", "us-east-1"}


def test_replicas_are_protected_and_kept_like_their_primary() -> None:
    for protected in (True, False):
        deployment = key({**REPLICATED, "protect_data": protected, "deletion_window_days": 14})
        keys = [*deployment.of("Key"), *deployment.of("ReplicaKey")]
        assert {(it.protect, it.retain_on_delete) for it in keys} == {(protected, protected)}
        assert {it.inputs["deletionWindowInDays"] for it in keys} == {14}
        assert {it.inputs["bypassPolicyLockoutSafetyCheck"] for it in keys} == {False}


def test_the_key_is_replicated_into_the_named_regions_only() -> None:
    deployment = key(REPLICATED)
    (primary,) = deployment.of("Key")
    assert primary.statements()["ManagersReplicateIntoNamedRegions"] == {
        "Sid": "ManagersReplicateIntoNamedRegions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": ["kms:ReplicateKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:ReplicaRegion": ["eu-central-1", "us-east-1"]}},
    }
    for replica in deployment.of("ReplicaKey"):
        assert "kms:ReplicateKey" not in json.dumps(replica.document())


def test_administrators_replicate_what_they_manage() -> None:
    deployment = key({**REPLICATED, "administrators": [DEPLOYER, BREAK_GLASS]})
    (primary,) = deployment.of("Key")
    statement = primary.statements()["ManagersReplicateIntoNamedRegions"]
    assert statement["Principal"] == {"AWS": [BREAK_GLASS, DEPLOYER]}


def test_a_multi_region_key_without_replicas_can_be_replicated_later() -> None:
    (made,) = key({"multi_region": True}).of("Key")
    assert made.inputs["multiRegion"] is True
    assert "ManagersReplicateIntoNamedRegions" not in made.statements()


def test_only_keys_whose_data_is_read_elsewhere_are_replicated() -> None:
    deployment = baseline(REPLICATED)
    multi_region = {it.name for it in deployment.of("Key") if it.inputs.get("multiRegion")}
    kinds = {name.removeprefix("baseline-").split("/")[0] for name in multi_region}
    assert "databases" in kinds
    assert kinds <= {"databases", "backup", "clientSide"}
    primaries = {it.name.rsplit("/", 1)[0] for it in deployment.of("ReplicaKey")}
    assert primaries == multi_region
    assert {it.name for it in deployment.of("Key")} - multi_region >= {
        "baseline-topic",
        "baseline-rejectedRecords",
    }


def test_replicas_of_a_key_that_is_not_multi_region_are_a_mistake() -> None:
    assert mistakes({"replica_regions": ["eu-central-1"]}) == (
        'the arguments of EncryptionKey "vault" have 1 mistake:\n'
        "  - replica_regions: needs multi_region: true; only multi-Region keys have replicas"
    )


def test_replicas_stand_in_other_regions_of_the_partition() -> None:
    regions = ["eu-central-1", REGION, "us-gov-west-1", "cn-north-1"]
    assert mistakes({"multi_region": True, "replica_regions": regions}) == (
        'the arguments of EncryptionKey "vault" have 3 mistakes:\n'
        '  - replica_regions[1]: is "eu-west-1", where the keys themselves are made; name other regions\n'
        '  - replica_regions[2]: is "us-gov-west-1", which is in the partition aws-us-gov; '
        "keys are replicated within aws only\n"
        '  - replica_regions[3]: is "cn-north-1", which is in the partition aws-cn; '
        "keys are replicated within aws only"
    )


def test_a_replica_region_has_a_name_and_is_named_once() -> None:
    assert mistakes(
        CamelCaseArgs({"multiRegion": True, "replicaRegions": ["", "us-east-1", "us-east-1"]})
    ) == (
        'the arguments of EncryptionKey "vault" have 2 mistakes:\n'
        '  - replicaRegions[0]: is the text ""; give a region such as eu-central-1\n'
        '  - replicaRegions[2]: repeats "us-east-1"; name it once'
    )


def test_the_deploying_role_is_among_the_administrators_of_a_key_that_stands_alone() -> None:
    assert mistakes({"administrators": [BREAK_GLASS]}) == (
        'the arguments of EncryptionKey "vault" have 1 mistake:\n'
        f"  - administrators: lacks {DEPLOYER}, which deploys this stack and could not manage the keys "
        "that it makes; add it"
    )
    (made,) = key({"administrators": [BREAK_GLASS, DEPLOYER]}).of("Key")
    managers = made.statements()["AdministratorsManageWithoutUsing"]["Principal"]
    assert managers == {"AWS": [BREAK_GLASS, DEPLOYER]}


def test_the_baseline_names_the_section_in_its_mistakes() -> None:
    with pytest.raises(ArgumentsError) as raised:
        baseline({"multi_region": True, "replica_regions": [REGION]})
    assert str(raised.value) == (
        'the arguments of TimestreamBaseline "baseline" have 1 mistake:\n'
        '  - encryption.replica_regions[0]: is "eu-west-1", where the keys themselves are made; '
        "name other regions"
    )


def test_the_account_looks_at_keys_that_administrators_manage_and_changes_nothing() -> None:
    (made,) = key({"administrators": [DEPLOYER]}).of("Key")
    statement = made.statements()["AccountLooksAsIamAllows"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert all(action.startswith(("kms:Get", "kms:List", "kms:Describe")) for action in statement["Action"])
    (open_to_iam,) = key().of("Key")
    assert "AccountLooksAsIamAllows" not in open_to_iam.statements()


def test_a_user_who_deploys_is_told_to_take_a_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.components.recorder.DEPLOYER", f"arn:aws:iam::{ACCOUNT}:user/dora")
    assert mistakes({"administrators": [BREAK_GLASS]}) == (
        'the arguments of EncryptionKey "vault" have 1 mistake:\n'
        f"  - administrators: lacks arn:aws:iam::{ACCOUNT}:user/dora, which deploys this stack and could not "
        "manage the keys that it makes; deploy with one of these roles"
    )


def test_weakened_defaults_of_a_key_that_stands_alone_are_announced() -> None:
    deployment = key({"protect_data": False, "deletion_window_days": 29})
    assert [text for level, text in deployment.log if level == "warning"] == [
        "protect_data is false (default true): destroy deletes what holds data, and its keys (TS-GEN-003)",
        "deletion_window_days is 29 (default 30): less time to notice the deletion of a key (TS-KMS-003)",
    ]


def test_weakened_defaults_of_a_part_that_stands_alone_are_announced_with_their_section() -> None:
    args: Any = {"databases": {"metrics": {}}, "encryption": {"shared_key": True}}
    deployment = deploy(lambda: {"arns": LiveAnalytics("solo", args).database_arns})
    assert [text for level, text in deployment.log if level == "warning"] == [
        "encryption.shared_key is true (default false): one key opens all databases",
    ]


def test_a_name_that_aws_keeps_for_its_own_keys_is_refused_for_parts_as_well() -> None:
    args: Any = {"databases": {"metrics": {}}}
    with pytest.raises(ArgumentsError) as raised:
        deploy(lambda: {"arns": LiveAnalytics("aws", args).database_arns})
    assert [str(mistake) for mistake in raised.value.mistakes] == [
        'the component is named "aws", and AWS keeps aliases under alias/aws/ for itself; rename it'
    ]
