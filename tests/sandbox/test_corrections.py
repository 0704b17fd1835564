"""The other services in the sandbox behave as AWS does where moto does not."""

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws_sandbox import corrections
from aws_sandbox.sandbox import Sandbox

TOPIC = "arn:aws:sns:eu-west-1:000000000000:alarms"


def refused(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    parts = error.value.response["Error"]
    return parts["Code"], parts["Message"]


def test_each_correction_names_the_page_of_aws_that_says_how_it_is() -> None:
    sources = [correction.source for correction in corrections.all_corrections()]

    assert [source for source in sources if not source.startswith("https://docs.aws.amazon.com/")] == []


class TestSts:
    def test_the_caller_is_a_user_of_the_sandbox(self, empty_sandbox: Sandbox) -> None:
        identity = empty_sandbox.client("sts").get_caller_identity()

        assert (identity["Account"], identity["Arn"], identity["UserId"]) == (
            "000000000000",
            "arn:aws:iam::000000000000:user/sandbox",
            "AIDASANDBOX0000000000",
        )

    def test_an_assumed_role_is_the_caller(self, empty_sandbox: Sandbox) -> None:
        role = empty_sandbox.client("iam").create_role(RoleName="reader", AssumeRolePolicyDocument="{}")
        assumed = empty_sandbox.client("sts").assume_role(
            RoleArn=role["Role"]["Arn"], RoleSessionName="demo"
        )["Credentials"]

        identity = empty_sandbox.client(
            "sts",
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=assumed["SecretAccessKey"],
            aws_session_token=assumed["SessionToken"],
        ).get_caller_identity()

        arn = "arn:aws:sts::000000000000:assumed-role/reader/demo"
        assert identity["Arn"] == arn
        assert empty_sandbox.calls()[-1].principal == arn


class TestKms:
    def test_the_rotation_period_is_kept(self, empty_sandbox: Sandbox) -> None:
        kms = empty_sandbox.client("kms")
        key = kms.create_key()["KeyMetadata"]

        kms.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=180)

        status = kms.get_key_rotation_status(KeyId=key["Arn"])
        assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)
        first = status["NextRotationDate"] - key["CreationDate"]
        assert round(first.total_seconds() / 86_400, 3) == 180

    def test_the_period_is_a_year_unless_one_is_given(self, empty_sandbox: Sandbox) -> None:
        kms = empty_sandbox.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]

        kms.enable_key_rotation(KeyId=key)

        assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365
        kms.disable_key_rotation(KeyId=key)
        assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False

    def test_a_multi_region_key_has_an_id_without_hyphens(self, empty_sandbox: Sandbox) -> None:
        made = empty_sandbox.client("kms").create_key(MultiRegion=True)["KeyMetadata"]
        assert re.fullmatch("mrk-[0-9a-f]{32}", made["KeyId"])

    def test_a_replica_has_aliases_of_its_own(self, empty_sandbox: Sandbox) -> None:
        kms, replicas = empty_sandbox.client("kms"), empty_sandbox.client("kms", region="eu-central-1")
        key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName="alias/ours", TargetKeyId=key)
        kms.replicate_key(KeyId=key, ReplicaRegion="eu-central-1")
        assert replicas.list_aliases(KeyId=key)["Aliases"] == []
        replicas.create_alias(AliasName="alias/ours", TargetKeyId=key)
        assert [alias["AliasName"] for alias in replicas.list_aliases(KeyId=key)["Aliases"]] == ["alias/ours"]

    def test_a_key_that_cannot_be_rotated_is_refused(self, empty_sandbox: Sandbox) -> None:
        kms = empty_sandbox.client("kms")
        key = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]

        with pytest.raises(ClientError) as error:
            kms.enable_key_rotation(KeyId=key["KeyId"])

        assert refused(error) == (
            "UnsupportedOperationException",
            f"{key['Arn']} is of a kind that is not rotated.",
        )

    def test_a_key_that_is_not_there_is_not_found(self, empty_sandbox: Sandbox) -> None:
        with pytest.raises(ClientError) as error:
            empty_sandbox.client("kms").get_key_rotation_status(KeyId="alias/gone")

        assert refused(error) == ("NotFoundException", "Alias alias/gone is not found.")

    def test_a_policy_that_denies_under_a_condition_leaves_the_key_usable(
        self, empty_sandbox: Sandbox
    ) -> None:
        kms = empty_sandbox.client("kms")
        denial = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "kms:*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"kms:CallerAccount": "000000000000"}},
        }
        key = kms.create_key(Policy=json.dumps({"Version": "2012-10-17", "Statement": [denial]}))

        described = kms.describe_key(KeyId=key["KeyMetadata"]["KeyId"])

        assert described["KeyMetadata"]["KeyState"] == "Enabled"


ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
TWO_ZONES = ZONES[:2]


class TestEndpointServices:
    @pytest.mark.parametrize(
        ("service", "host", "zones"),
        [
            ("timestream.ingest-cell2", "ingest-cell2.timestream.eu-west-1.amazonaws.com", TWO_ZONES),
            ("timestream.query-cell3", "query-cell3.timestream.eu-west-1.amazonaws.com", TWO_ZONES),
            ("timestream-influxdb", "timestream-influxdb.eu-west-1.amazonaws.com", ZONES),
            ("kms", "kms.eu-west-1.amazonaws.com", ZONES),
            ("sts", "sts.eu-west-1.amazonaws.com", ZONES),
            ("logs", "logs.eu-west-1.amazonaws.com", ZONES),
            ("secretsmanager", "secretsmanager.eu-west-1.amazonaws.com", ZONES),
        ],
    )
    def test_that_a_timestream_network_needs_exist(
        self, empty_sandbox: Sandbox, service: str, host: str, zones: list[str]
    ) -> None:
        name = f"com.amazonaws.eu-west-1.{service}"

        (found,) = empty_sandbox.client("ec2").describe_vpc_endpoint_services(ServiceNames=[name])[
            "ServiceDetails"
        ]

        assert found["ServiceName"] == name
        assert found["AvailabilityZones"] == zones
        assert found["PrivateDnsNames"] == [{"PrivateDnsName": host}]
        assert found["VpcEndpointPolicySupported"] is True
        assert found["ServiceType"] == [{"ServiceType": "Interface"}]

    def test_another_cell_is_no_service_of_this_account(self, empty_sandbox: Sandbox) -> None:
        name = "com.amazonaws.eu-west-1.timestream.ingest-cell1"

        with pytest.raises(ClientError) as error:
            self.endpoint(empty_sandbox, name)

        assert refused(error) == (
            "InvalidServiceName",
            f"The Vpc Endpoint Service '{name}' does not exist",
        )

    @pytest.mark.parametrize(
        ("zones", "code", "message"),
        [
            pytest.param(
                ["eu-west-1c"],
                "InvalidParameter",
                "The VPC endpoint service com.amazonaws.eu-west-1.timestream.ingest-cell2 does not support "
                "the availability zone of the subnet: {subnet}.",
                id="where the service is not offered",
            ),
            pytest.param(
                ["eu-west-1a", "eu-west-1a"],
                "DuplicateSubnetsInSameZone",
                "Found another VPC endpoint subnet in the availability zone of {subnet}",
                id="where the endpoint has a subnet already",
            ),
        ],
    )
    def test_no_endpoint_is_put_into_a_zone(
        self, empty_sandbox: Sandbox, zones: list[str], code: str, message: str
    ) -> None:
        ec2 = empty_sandbox.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)["Subnet"]
            for number, zone in enumerate(zones)
        ]

        with pytest.raises(ClientError) as error:
            ec2.create_vpc_endpoint(
                VpcId=vpc,
                ServiceName="com.amazonaws.eu-west-1.timestream.ingest-cell2",
                VpcEndpointType="Interface",
                SubnetIds=[subnet["SubnetId"] for subnet in subnets],
            )

        assert refused(error) == (code, message.format(subnet=subnets[-1]["SubnetId"]))

    def test_an_endpoint_of_the_cell_has_names_of_its_own(self, empty_sandbox: Sandbox) -> None:
        made = self.endpoint(empty_sandbox, "com.amazonaws.eu-west-1.timestream.ingest-cell2")

        (entry,) = made["DnsEntries"]
        assert entry["DnsName"].startswith(f"{made['VpcEndpointId']}-")
        assert entry["DnsName"].endswith(".ingest-cell2.timestream.eu-west-1.vpce.amazonaws.com")

    def endpoint(self, sandbox: Sandbox, service: str) -> Any:
        ec2 = sandbox.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone="eu-west-1a")
        made = ec2.create_vpc_endpoint(
            VpcId=vpc,
            ServiceName=service,
            VpcEndpointType="Interface",
            SubnetIds=[subnet["Subnet"]["SubnetId"]],
            PrivateDnsEnabled=True,
        )
        return made["VpcEndpoint"]


class TestBackup:
    @pytest.fixture
    def backup(self, empty_sandbox: Sandbox) -> Any:
        client = empty_sandbox.client("backup")
        client.create_backup_vault(BackupVaultName="vault")
        return client

    def test_a_plan_has_selections(self, backup: Any) -> None:
        rules = [{"RuleName": "daily", "TargetBackupVaultName": "vault"}]
        plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "p", "Rules": rules})["BackupPlanId"]
        selection = {
            "SelectionName": "databases",
            "IamRoleArn": "arn:aws:iam::000000000000:role/backup",
            "Resources": ["arn:aws:timestream:*"],
        }

        made = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)["SelectionId"]

        found = backup.get_backup_selection(BackupPlanId=plan, SelectionId=made)
        assert found["BackupSelection"] == selection
        listed = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
        assert [(one["SelectionId"], one["SelectionName"]) for one in listed] == [(made, "databases")]
        with pytest.raises(ClientError) as error:
            backup.delete_backup_plan(BackupPlanId=plan)
        assert refused(error) == (
            "InvalidRequestException",
            "Related backup plan selections must be deleted prior to backup plan deletion",
        )
        backup.delete_backup_selection(BackupPlanId=plan, SelectionId=made)
        backup.delete_backup_plan(BackupPlanId=plan)

    def test_a_selection_of_no_plan_is_refused(self, backup: Any) -> None:
        with pytest.raises(ClientError) as error:
            backup.list_backup_selections(BackupPlanId="gone")

        assert refused(error) == ("ResourceNotFoundException", "Backup plan gone does not exist.")

    def test_a_vault_has_an_access_policy(self, backup: Any) -> None:
        with pytest.raises(ClientError) as error:
            backup.get_backup_vault_access_policy(BackupVaultName="vault")
        assert refused(error) == ("ResourceNotFoundException", "Backup vault vault has no access policy.")

        backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy='{"Statement": []}')

        found = backup.get_backup_vault_access_policy(BackupVaultName="vault")
        assert found["Policy"] == '{"Statement": []}'
        assert found["BackupVaultArn"] == "arn:aws:backup:eu-west-1:000000000000:backup-vault:vault"

    def test_a_vault_has_notifications_until_they_are_deleted(self, backup: Any) -> None:
        backup.put_backup_vault_notifications(
            BackupVaultName="vault", SNSTopicArn=TOPIC, BackupVaultEvents=["BACKUP_JOB_FAILED"]
        )

        found = backup.get_backup_vault_notifications(BackupVaultName="vault")
        assert (found["SNSTopicArn"], found["BackupVaultEvents"]) == (TOPIC, ["BACKUP_JOB_FAILED"])
        backup.delete_backup_vault_notifications(BackupVaultName="vault")
        with pytest.raises(ClientError) as error:
            backup.get_backup_vault_notifications(BackupVaultName="vault")
        assert refused(error) == ("ResourceNotFoundException", "Backup vault vault has no notifications.")


class TestCompositeAlarms:
    @pytest.fixture
    def cloudwatch(self, empty_sandbox: Sandbox) -> Any:
        client = empty_sandbox.client("cloudwatch")
        client.put_composite_alarm(
            AlarmName="any",
            AlarmRule='ALARM("errors") OR ALARM("throttles")',
            AlarmActions=[TOPIC],
            Tags=[{"Key": "team", "Value": "data"}],
        )
        return client

    def test_are_described_when_their_kind_is_asked_for(self, cloudwatch: Any) -> None:
        (alarm,) = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]

        assert alarm["AlarmRule"] == 'ALARM("errors") OR ALARM("throttles")'
        assert alarm["AlarmActions"] == [TOPIC]
        tags = cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        assert tags == [{"Key": "team", "Value": "data"}]

    def test_are_not_described_when_no_kind_is_asked_for(self, cloudwatch: Any) -> None:
        assert cloudwatch.describe_alarms(AlarmNames=["any"])["CompositeAlarms"] == []

    def test_change_in_place_and_go(self, cloudwatch: Any) -> None:
        cloudwatch.put_composite_alarm(AlarmName="any", AlarmRule="ALARM(errors)", ActionsEnabled=False)

        (alarm,) = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
        assert (alarm["AlarmRule"], alarm["ActionsEnabled"]) == ("ALARM(errors)", False)
        cloudwatch.delete_alarms(AlarmNames=["any"])
        assert cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []


def test_a_service_that_the_sandbox_lacks_says_so(empty_sandbox: Sandbox) -> None:
    with pytest.raises(ClientError) as error:
        empty_sandbox.client("chime").list_accounts()

    code, message = refused(error)
    assert code == "NotInSandbox"
    assert message == "the sandbox has no AWS service at chime.us-east-1.amazonaws.com"


def test_an_operation_that_the_sandbox_lacks_says_so(empty_sandbox: Sandbox) -> None:
    with pytest.raises(ClientError) as error:
        empty_sandbox.client("cloudwatch").put_anomaly_detector(
            Namespace="AWS/Timestream", MetricName="SystemErrors", Stat="Sum"
        )

    assert refused(error) == ("NotInSandbox", "the sandbox has no cloudwatch PutAnomalyDetector")
