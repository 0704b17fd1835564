"""Timestream for InfluxDB alone: what is made, what is refused, and what stays secret."""

import json
import re
from typing import Any

import pulumi
import pytest

from tests.components.arns import ACCOUNT, REGION, id_of
from tests.components.recorder import UNKNOWN, Deployment, deploy, walk
from timestream_baseline.influxdb import InfluxDb
from timestream_baseline.inputs import ArgumentsError, CamelCaseArgs

SECRET = "1b47061264138c4ac30d75fd1eb44270"
CLIENTS = "sg-0123456789abcdef0"
OTHERS = "sg-0fedcba9876543210"
NETWORK: Any = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"],
    "allowed_security_group_ids": [CLIENTS],
}
V3: Any = {"engine": "v3", "parameter_group": "InfluxDBV3Core"}
GROUP = id_of("aws:ec2/securityGroup:SecurityGroup", "timestream-x-influxdb-plant")
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"


def influxdb(instances: Any, *, unknown: bool = False, **more: Any) -> Deployment:
    def program() -> dict[str, pulumi.Output[Any]]:
        args: Any = {"influxdb": instances, **more}
        made = InfluxDb("x", args)
        return {
            "endpoints": made.endpoints,
            "secretArns": made.secret_arns,
            "logBucket": made.log_bucket,
            "keyArn": made.key_arn,
            "names": pulumi.Output.from_input([list(made.instance_names), list(made.cluster_names)]),
        }

    return deploy(program, unknown=unknown)


def plant(**settings: Any) -> Any:
    return {"plant": {**NETWORK, **settings}}


def mistakes(instances: Any, **more: Any) -> list[str]:
    args: Any = {"influxdb": instances, **more}
    with pytest.raises(ArgumentsError) as caught:
        InfluxDb("x", args)
    assert str(caught.value).startswith('the arguments of InfluxDb "x" have ')
    return [str(mistake) for mistake in caught.value.mistakes]


def password_of(made: Deployment, kind: str = "DbInstance") -> Any:
    return made.named(kind, "x-plant").inputs["password"]


def test_an_instance_makes_exactly_these_resources() -> None:
    made = influxdb(plant())
    assert sorted(f"{r.type.rsplit(':', 1)[1]} {r.name}" for r in made.registrations) == [
        "Alias x-influxdbLogs",
        "Bucket x-influxdb-logs",
        "BucketLifecycleConfiguration x-influxdbLogs",
        "BucketOwnershipControls x-influxdbLogs",
        "BucketPolicy x-influxdbLogs",
        "BucketPublicAccessBlock x-influxdbLogs",
        "BucketServerSideEncryptionConfiguration x-influxdbLogs",
        "BucketVersioning x-influxdbLogs",
        "DbInstance x-plant",
        "EncryptionKey x-influxdbLogs",
        "InfluxDb x",
        "Key x-influxdbLogs",
        "SecurityGroup timestream-x-influxdb-plant",
        f"SecurityGroupIngressRule x-plant/{CLIENTS}",
    ]


def test_an_instance_of_v2_has_the_defaults_of_the_contract() -> None:
    made = influxdb(plant())
    inputs = dict(made.named("DbInstance", "x-plant").inputs)
    del inputs["password"]
    assert inputs == {
        "name": "plant",
        "dbInstanceType": "db.influx.medium",
        "allocatedStorage": 20,
        "deploymentType": "WITH_MULTIAZ_STANDBY",
        "publiclyAccessible": False,
        "port": 8086,
        "organization": "plant",
        "bucket": "plant",
        "username": "admin",
        "vpcSubnetIds": NETWORK["subnet_ids"],
        "vpcSecurityGroupIds": [GROUP],
        "logDeliveryConfiguration": {
            "s3Configuration": {"bucketName": "x-influxdb-logs-1a2b3c4", "enabled": True}
        },
        "tags": {},
        "region": REGION,
    }


def test_every_argument_of_an_instance_of_v2_arrives() -> None:
    made = influxdb(
        plant(
            engine="v2",
            instance_type="db.influx.24xlarge",
            storage_gib=400,
            storage_type="InfluxIOIncludedT3",
            multi_az=False,
            parameter_group="abcdefgh",
            port=9000,
            organization="Plant 7",
            bucket="measurements",
            username="plant-7",
            password="Abcdefgh12345678",
            maintenance={"timezone": "Europe/Berlin", "window": "Sun:02:00-Sun:04:00"},
            tags={"team": "plant"},
        ),
        tags={"owner": "platform"},
    )
    inputs = made.named("DbInstance", "x-plant").inputs
    assert {
        name: inputs[name] for name in ("dbInstanceType", "allocatedStorage", "dbStorageType", "port")
    } == {
        "dbInstanceType": "db.influx.24xlarge",
        "allocatedStorage": 400,
        "dbStorageType": "InfluxIOIncludedT3",
        "port": 9000,
    }
    assert (inputs["deploymentType"], inputs["dbParameterGroupIdentifier"]) == ("SINGLE_AZ", "abcdefgh")
    assert (inputs["organization"], inputs["bucket"], inputs["username"]) == (
        "Plant 7",
        "measurements",
        "plant-7",
    )
    assert inputs["maintenanceSchedule"] == {
        "timezone": "Europe/Berlin",
        "preferredMaintenanceWindow": "Sun:02:00-Sun:04:00",
    }
    assert inputs["tags"] == {"owner": "platform", "team": "plant"}
    group = made.named("SecurityGroup", "timestream-x-influxdb-plant")
    assert group.inputs["tags"] == {"owner": "platform", "team": "plant"}
    assert made.named("Bucket", "x-influxdb-logs").inputs["tags"] == {"owner": "platform"}


def test_read_replicas_are_a_cluster_of_v2() -> None:
    made = influxdb(plant(cluster=True))
    inputs = made.named("DbCluster", "x-plant").inputs
    assert (inputs["deploymentType"], inputs["failoverMode"], inputs["allocatedStorage"], inputs["port"]) == (
        "MULTI_NODE_READ_REPLICAS",
        "AUTOMATIC",
        20,
        8086,
    )
    assert made.of("DbInstance") == []


def test_v3_is_a_cluster_and_gets_nothing_that_it_forbids() -> None:
    window = {"window": "Sun:02:00-Sun:04:00"}
    made = influxdb(plant(**V3, maintenance=window))
    assert made.named("DbCluster", "x-plant").inputs == {
        "name": "plant",
        "dbInstanceType": "db.influx.medium",
        "dbParameterGroupIdentifier": "InfluxDBV3Core",
        "publiclyAccessible": False,
        "port": 8181,
        "maintenanceSchedule": {
            "timezone": "UTC",
            "preferredMaintenanceWindow": "Sun:02:00-Sun:04:00",
        },
        "vpcSubnetIds": NETWORK["subnet_ids"],
        "vpcSecurityGroupIds": [GROUP],
        "logDeliveryConfiguration": {
            "s3Configuration": {"bucketName": "x-influxdb-logs-1a2b3c4", "enabled": True}
        },
        "tags": {},
        "region": REGION,
    }


def test_monitoring_learns_the_names_by_kind() -> None:
    made = influxdb({"single": NETWORK, "replicas": {**NETWORK, "cluster": True}, "third": {**NETWORK, **V3}})
    assert made.outputs["names"] == [["single"], ["replicas", "third"]]


def test_the_outputs_are_by_name_and_are_registered() -> None:
    made = influxdb({"plant": NETWORK, "third": {**NETWORK, **V3}})
    assert made.outputs["endpoints"] == {
        "plant": f"plant.timestream-influxdb.{REGION}.on.aws",
        "third": f"third.timestream-influxdb.{REGION}.on.aws",
    }
    assert made.outputs["secretArns"] == {
        "plant": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:plant",
        "third": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:third",
    }
    assert made.outputs["logBucket"] == "x-influxdb-logs-1a2b3c4"
    registered = made.registered_outputs["timestream-baseline:index:InfluxDb::x"]
    assert registered == {name: value for name, value in made.outputs.items() if name != "names"}


class TestNetwork:
    def test_only_the_named_groups_come_in_and_only_on_the_port(self) -> None:
        made = influxdb(plant(allowed_security_group_ids=[CLIENTS, OTHERS], port=9000))
        group = made.named("SecurityGroup", "timestream-x-influxdb-plant").inputs
        assert "ingress" not in group
        assert "egress" not in group
        assert group["vpcId"] == NETWORK["vpc_id"]
        rules = [rule.inputs for rule in made.of("SecurityGroupIngressRule")]
        assert [
            (rule["referencedSecurityGroupId"], rule["ipProtocol"], rule["fromPort"], rule["toPort"])
            for rule in rules
        ] == [(CLIENTS, "tcp", 9000, 9000), (OTHERS, "tcp", 9000, 9000)]
        assert {rule["securityGroupId"] for rule in rules} == {GROUP}

    def test_nothing_goes_out_of_v2(self) -> None:
        assert influxdb(plant(cluster=True)).of("SecurityGroupEgressRule") == []

    def test_v3_reaches_s3_and_nothing_else(self) -> None:
        (rule,) = influxdb(plant(**V3)).of("SecurityGroupEgressRule")
        assert {name: rule.inputs[name] for name in ("prefixListId", "ipProtocol", "fromPort", "toPort")} == {
            "prefixListId": f"pl-com.amazonaws.{REGION}.s3",
            "ipProtocol": "tcp",
            "fromPort": 443,
            "toPort": 443,
        }

    def test_every_instance_has_a_group_of_its_own(self) -> None:
        made = influxdb({"plant": NETWORK, "fleet": {**NETWORK, "allowed_security_group_ids": [OTHERS]}})
        assert [group.name for group in made.of("SecurityGroup")] == [
            "timestream-x-influxdb-fleet",
            "timestream-x-influxdb-plant",
        ]
        assert [rule.name for rule in made.of("SecurityGroupIngressRule")] == [
            f"x-fleet/{OTHERS}",
            f"x-plant/{CLIENTS}",
        ]

    def test_everything_may_be_computed_that_the_contract_lets_be_computed(self) -> None:
        instances = plant(
            vpc_id=pulumi.Output.from_input(NETWORK["vpc_id"]),
            subnet_ids=pulumi.Output.from_input(NETWORK["subnet_ids"]),
            allowed_security_group_ids=[pulumi.Output.from_input(CLIENTS), OTHERS],
        )
        made = influxdb(instances)
        assert made.named("DbInstance", "x-plant").inputs["vpcSubnetIds"] == NETWORK["subnet_ids"]
        assert [
            (rule.name, rule.inputs["referencedSecurityGroupId"])
            for rule in made.of("SecurityGroupIngressRule")
        ] == [("x-plant/0", CLIENTS), (f"x-plant/{OTHERS}", OTHERS)]

    def test_at_preview_nothing_needs_to_be_known(self) -> None:
        made = influxdb(plant(**V3), unknown=True)
        assert made.named("DbCluster", "x-plant").inputs["vpcSecurityGroupIds"] == [UNKNOWN]


class TestPassword:
    def test_one_is_generated_of_letters_and_digits_and_ignored_afterwards(self) -> None:
        made = influxdb(plant())
        value = password_of(made)
        assert value["4dabf18193072939515e22adb298388d"] == SECRET
        assert re.fullmatch(r"[A-Za-z0-9]{32}", value["value"])
        assert made.named("DbInstance", "x-plant").ignore_changes == ("password",)

    def test_every_one_is_another_one(self) -> None:
        found = {password_of(influxdb(plant()))["value"] for _ in range(3)}
        assert len(found) == 3

    @pytest.mark.parametrize("given", ["Abcdefgh12345678", pulumi.Output.secret("Abcdefgh12345678")])
    def test_a_given_one_is_a_secret_and_its_change_counts(self, given: Any) -> None:
        made = influxdb(plant(password=given))
        assert password_of(made) == {
            "4dabf18193072939515e22adb298388d": SECRET,
            "value": "Abcdefgh12345678",
        }
        assert made.named("DbInstance", "x-plant").ignore_changes == ()

    @pytest.mark.parametrize("settings", [{}, {"password": "Abcdefgh12345678"}, {"cluster": True}])
    def test_it_is_in_no_other_place(self, settings: Any) -> None:
        made = influxdb(plant(**settings))
        kind = "DbCluster" if "cluster" in settings else "DbInstance"
        value = password_of(made, kind)["value"]
        seen = [
            text
            for it in made.registrations
            for text in (it.name, it.urn, *walk({k: v for k, v in it.inputs.items() if k != "password"}))
        ]
        logged = [message for _, message in made.log]
        assert value not in json.dumps([seen, logged, made.outputs, made.registered_outputs])

    @pytest.mark.parametrize("password", ["short12", "with-hyphen", "x" * 65, 12345678])
    def test_a_wrong_one_is_not_shown(self, password: Any) -> None:
        assert mistakes(plant(password=password)) == [
            "influxdb.plant.password: is wrong (its value is a secret and not shown); "
            "give 8 to 64 letters and digits"
        ]

    def test_a_wrong_computed_one_is_not_shown(self) -> None:
        with pytest.raises(ArgumentsError) as caught:
            influxdb(plant(password=pulumi.Output.secret("with-hyphen")))
        assert [str(mistake) for mistake in caught.value.mistakes] == [
            "influxdb.plant.password: was computed and is wrong; give 8 to 64 letters and digits"
        ]


class TestLogs:
    def test_they_go_to_one_private_bucket_under_its_own_key(self) -> None:
        made = influxdb({"plant": NETWORK, "third": {**NETWORK, **V3}})
        (bucket,) = made.of("Bucket")
        assert "objectLockEnabled" not in bucket.inputs
        (encryption,) = made.of("BucketServerSideEncryptionConfiguration")
        (rule,) = encryption.inputs["rules"]
        assert rule["applyServerSideEncryptionByDefault"] == {
            "sseAlgorithm": "aws:kms",
            "kmsMasterKeyId": made.outputs["keyArn"],
        }
        (policy,) = made.of("BucketPolicy")
        statements = policy.statements()
        assert statements["InfluxDbDeliversItsLogs"]["Resource"].endswith("/InfluxLogs/*")
        other_key = statements["NobodyPutsWithAnotherKey"]["Condition"]["StringNotEquals"]
        assert list(other_key.values()) == [made.outputs["keyArn"]]

    def test_the_policy_stands_before_an_instance_is_made(self) -> None:
        made = influxdb(plant())
        (policy,) = made.of("BucketPolicy")
        assert policy.urn in made.named("DbInstance", "x-plant").dependencies

    def test_each_log_is_kept_as_long_as_its_instance_says(self) -> None:
        made = influxdb(
            {
                "plant": {**NETWORK, "log_retention_days": 30},
                "fleet": {**NETWORK, "log_retention_days": 90},
                "lab": {**NETWORK, "log_retention_days": 90},
            }
        )
        (lifecycle,) = made.of("BucketLifecycleConfiguration")
        assert [
            (
                rule["id"],
                rule["filter"]["prefix"],
                rule["expiration"]["days"],
                rule["noncurrentVersionExpiration"]["noncurrentDays"],
            )
            for rule in lifecycle.inputs["rules"]
        ] == [
            ("forget-influxdb-logs", "", 90, 90),
            ("forget-InfluxLogs-plant", "InfluxLogs/plant/", 30, 30),
        ]


class TestProtection:
    KINDS = ("Key", "Bucket", "DbInstance")

    def test_data_and_its_keys_are_protected_and_retained(self) -> None:
        made = influxdb(plant())
        for it in made.registrations:
            kind = it.type.rsplit(":", 1)[1]
            assert it.protect is (kind in self.KINDS), it.name
            # What guards a bucket or an instance stays with it.
            assert it.retain_on_delete is (kind in self.KINDS or kind.startswith(("Bucket", "Security")))

    def test_nothing_is_with_protect_data_off(self) -> None:
        made = influxdb(plant(), protect_data=False)
        assert [it.name for it in made.registrations if it.protect or it.retain_on_delete] == []

    def test_a_replacement_that_is_acknowledged_lifts_the_protection_of_that_instance_only(self) -> None:
        made = influxdb({"plant": NETWORK, "fleet": NETWORK}, acknowledge=["plant: replace"])
        protected = {it.name: (it.protect, it.retain_on_delete) for it in made.of("DbInstance")}
        assert protected == {"x-plant": (False, False), "x-fleet": (True, True)}
        assert made.named("Bucket", "x-influxdb-logs").protect
        assert [message for level, message in made.log if level == "warning"] == [
            "plant is not protected, as acknowledged: a replacement deletes its data. Run pulumi up with "
            "this entry alone first, then change what replaces it, then take the entry out"
        ]

    def test_it_also_lifts_the_protection_that_the_whole_component_was_given(self) -> None:
        args: Any = {"influxdb": plant(), "acknowledge": ["plant: replace"]}

        def program() -> dict[str, pulumi.Output[Any]]:
            return {"key": InfluxDb("x", args, pulumi.ResourceOptions(protect=True)).key_arn}

        made = deploy(program)
        assert not made.named("DbInstance", "x-plant").protect
        assert made.named("SecurityGroup", "timestream-x-influxdb-plant").protect

    def test_the_old_one_is_gone_before_a_replacement_takes_its_name(self) -> None:
        made = influxdb(plant())
        assert made.named("DbInstance", "x-plant").delete_before_replace


def test_without_a_standby_there_is_one_warning() -> None:
    made = influxdb(plant(multi_az=False, subnet_ids=NETWORK["subnet_ids"][:1]))
    assert [message for level, message in made.log if level == "warning"] == [
        "influxdb.plant.multi_az is false (default true): no standby takes over when its zone fails "
        "(TS-IDB-007)"
    ]


def test_logs_that_are_kept_for_less_than_a_year_are_announced() -> None:
    made = influxdb(plant(log_retention_days=364))
    assert [message for level, message in made.log if level == "warning"] == [
        "influxdb.plant.log_retention_days is 364 (default 365): engine logs are deleted earlier"
    ]


PLANT = "influxdb.plant"
NOT_FOR_V3 = {
    "storage_gib": (20, "it keeps its data in S3"),
    "storage_type": ("InfluxIOIncludedT1", "it keeps its data in S3"),
    "multi_az": (True, "its parameter group decides about its nodes"),
    "cluster": (True, "its parameter group decides about its nodes"),
    "organization": ("plant", "it has databases and an admin token instead"),
    "bucket": ("plant", "it has databases and an admin token instead"),
    "username": ("admin", "it has databases and an admin token instead"),
    "password": ("Abcdefgh12345678", "it has databases and an admin token instead"),
}


@pytest.mark.parametrize("name", NOT_FOR_V3)
def test_v3_refuses_what_it_forbids_by_name(name: str) -> None:
    value, reason = NOT_FOR_V3[name]
    assert mistakes(plant(**V3, **{name: value})) == [
        f"{PLANT}.{name}: is not for v3: {reason}; leave it out"
    ]


def test_v3_refuses_everything_that_it_forbids_at_once() -> None:
    found = mistakes(plant(**V3, **{name: value for name, (value, _) in NOT_FOR_V3.items()}))
    assert [mistake.partition(":")[0] for mistake in found] == [f"{PLANT}.{name}" for name in NOT_FOR_V3]


def test_defaults_are_not_taken_for_something_that_v3_forbids() -> None:
    nothing_given = dict.fromkeys(NOT_FOR_V3)
    assert influxdb(plant(**V3, **nothing_given)).of("DbCluster") != []


WRONG: dict[str, tuple[Any, list[str]]] = {
    "a customer managed key": (
        plant(key_arn=KEY),
        [
            f"{PLANT}.key_arn: cannot be given: the AWS provider has no customer managed key for Timestream "
            "for InfluxDB yet (hashicorp/terraform-provider-aws#50074); leave it out, and AWS encrypts with "
            "a key that it owns"
        ],
    ),
    "nothing but a name": (
        {"plant": {}},
        [
            f"{PLANT}.vpc_id: is missing; name the VPC of the subnets",
            f"{PLANT}.subnet_ids: is missing; name private subnets of the VPC",
            f"{PLANT}.allowed_security_group_ids: is missing; nobody could connect; "
            "name the groups of the clients",
        ],
    ),
    "nobody who may connect": (
        plant(allowed_security_group_ids=[]),
        [
            f"{PLANT}.allowed_security_group_ids: is missing; nobody could connect; "
            "name the groups of the clients"
        ],
    ),
    "v3 without a parameter group": (
        plant(engine="v3"),
        [
            f"{PLANT}.parameter_group: is missing; engine v3 needs one, such as InfluxDBV3Core or "
            "InfluxDBV3Enterprise"
        ],
    ),
    "a parameter group of v3 for v2": (
        plant(parameter_group="InfluxDBV3Core"),
        [
            f'{PLANT}.parameter_group: is "InfluxDBV3Core", a parameter group of InfluxDB 3; '
            'set engine to "v3"'
        ],
    ),
    "another engine": (plant(engine="v1"), [f'{PLANT}.engine: is the text "v1"; give "v2" or "v3"']),
    "one subnet for a standby": (
        plant(subnet_ids=["subnet-0123456789abcdef0"]),
        [f"{PLANT}.subnet_ids: has one subnet; name another one in another zone, or set multi_az to false"],
    ),
    "one subnet for a cluster": (
        plant(subnet_ids=["subnet-0123456789abcdef0"], cluster=True),
        [f"{PLANT}.subnet_ids: has one subnet; name another one in another zone"],
    ),
    "no subnet": (plant(subnet_ids=[]), [f"{PLANT}.subnet_ids: has 0 subnets; name 1 to 6"]),
    "too many subnets": (
        plant(subnet_ids=[f"subnet-0000000{number}" for number in range(7)]),
        [f"{PLANT}.subnet_ids: has 7 subnets; name 1 to 6"],
    ),
    "a window for a cluster of v2": (
        plant(cluster=True, maintenance={"window": "Sun:02:00-Sun:04:00"}),
        [
            f"{PLANT}.maintenance: is for instances and for v3 only: AWS takes no window for a cluster of "
            "v2; leave it out"
        ],
    ),
    "a standby for a cluster of v2": (
        plant(cluster=True, multi_az=True),
        [
            f"{PLANT}.multi_az: is not for a cluster, whose read replicas stand in other zones anyway; "
            "leave it out"
        ],
    ),
    "a time zone without a window": (
        plant(maintenance={"timezone": "UTC"}),
        [f"{PLANT}.maintenance.window: is missing; give a window such as Sun:02:00-Sun:04:00"],
    ),
    "a window that is none": (
        plant(maintenance={"window": "Sun:25:00-Sun:04:00"}),
        [
            f'{PLANT}.maintenance.window: is the text "Sun:25:00-Sun:04:00"; '
            "give a window such as Sun:02:00-Sun:04:00"
        ],
    ),
    "a time zone that is none": (
        plant(maintenance={"timezone": "CET", "window": "Sun:02:00-Sun:04:00"}),
        [f'{PLANT}.maintenance.timezone: is the text "CET"; give a time zone such as Europe/Berlin, or UTC'],
    ),
    "fast storage that is too small": (
        plant(storage_type="InfluxIOIncludedT2", storage_gib=399),
        [
            f"{PLANT}.storage_gib: must be at least 400 with InfluxIOIncludedT2; "
            "give more, or use InfluxIOIncludedT1"
        ],
    ),
    "fast storage of the default size": (
        plant(storage_type="InfluxIOIncludedT3"),
        [
            f"{PLANT}.storage_gib: must be at least 400 with InfluxIOIncludedT3; "
            "give more, or use InfluxIOIncludedT1"
        ],
    ),
    "a bucket that InfluxDB keeps for itself": (
        plant(bucket="_internal"),
        [
            f'{PLANT}.bucket: is the text "_internal"; '
            'give a name of 2 to 64 characters that does not begin with _ and has no "'
        ],
    ),
    "a username that ends in a hyphen": (
        plant(username="plant-"),
        [
            f'{PLANT}.username: is the text "plant-"; '
            "give a name of 1 to 64 letters, digits and single hyphens, which begins with a letter"
        ],
    ),
    "a parameter group by name": (
        plant(parameter_group="my-group"),
        [
            f'{PLANT}.parameter_group: is the text "my-group"; '
            "give the id of a parameter group of 3 to 64 letters and digits"
        ],
    ),
    "a computed name": (
        plant(organization=pulumi.Output.from_input("plant")),
        [
            f"{PLANT}.organization: is an Output, but this value must be known before anything is created; "
            "give a plain value"
        ],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_mistakes(case: str) -> None:
    instances, expected = WRONG[case]
    assert mistakes(instances) == expected


@pytest.mark.parametrize("port", [2375, 2376, 7788, 7799, 8090, 51678, 51680])
def test_a_port_that_the_service_keeps_is_refused(port: int) -> None:
    assert mistakes(plant(port=port)) == [
        f"{PLANT}.port: is {port}, which the service keeps for itself; "
        "give another port than 2375-2376, 7788-7799, 8090, 51678-51680"
    ]


@pytest.mark.parametrize("port", [1024, 2374, 2377, 7787, 7800, 8089, 8091, 51677, 51681, 65535])
def test_the_ports_beside_them_are_not(port: int) -> None:
    assert influxdb(plant(port=port)).named("DbInstance", "x-plant").inputs["port"] == port


@pytest.mark.parametrize("name", ["ab", "x" * 41, "7plant", "plant--7", "plant-", "plant_7"])
def test_a_name_that_the_service_refuses_is_refused(name: str) -> None:
    (found,) = mistakes({name: NETWORK})
    assert found == (
        f'influxdb.{name}: is named "{name}"; '
        "give a name of 3 to 40 letters, digits and single hyphens, which begins with a letter"
        if not name.startswith("7")
        else f'influxdb["{name}"]: is named "{name}"; '
        "give a name of 3 to 40 letters, digits and single hyphens, which begins with a letter"
    )


def test_there_must_be_an_instance() -> None:
    assert mistakes({}) == ["influxdb: is missing; name at least one instance"]


def test_an_acknowledgement_must_name_an_instance() -> None:
    assert mistakes(plant(), acknowledge=["plan: replace"]) == [
        'acknowledge[0]: names "plan", which is no database or instance of this baseline; '
        'did you mean "plant"?'
    ]


def test_other_languages_read_their_own_spelling() -> None:
    with pytest.raises(ArgumentsError) as caught:
        InfluxDb("x", CamelCaseArgs({"influxdb": {"plant": {"engine": "v3"}}}))  # type: ignore[arg-type]
    assert [mistake.path for mistake in caught.value.mistakes] == [
        "influxdb.plant.vpcId",
        "influxdb.plant.subnetIds",
        "influxdb.plant.allowedSecurityGroupIds",
        "influxdb.plant.parameterGroup",
    ]
