import pytest
from botocore.exceptions import ClientError

from tests.sandbox.services.resources import Resource, Resources

VERSION = "aws:secretsmanager/secretVersion:SecretVersion"


def secret(resources: Resources, **inputs: object) -> Resource:
    return resources.create("aws:secretsmanager/secret:Secret", name="influx", **inputs)


def test_a_deleted_secret_can_be_restored_while_its_window_is_open(resources: Resources) -> None:
    made = secret(resources, recoveryWindowInDays=7)
    made.delete()
    assert made.find(made.state) is None
    resources.aws.client("secretsmanager").restore_secret(SecretId=made.id)
    assert made.find(made.state) is not None


def test_without_a_window_a_secret_is_deleted_at_once(resources: Resources) -> None:
    made = secret(resources, recoveryWindowInDays=0)
    made.delete()
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        resources.aws.client("secretsmanager").describe_secret(SecretId=made.id)


def test_a_version_is_the_current_value(resources: Resources) -> None:
    made = secret(resources)
    resources.create(VERSION, secretId=made.id, secretString="first")
    resources.create(VERSION, secretId=made.id, secretString="second")
    found = resources.aws.client("secretsmanager").get_secret_value(SecretId=made.id)
    assert found["SecretString"] == "second"


def test_a_write_only_value_reaches_aws_and_never_the_state(resources: Resources) -> None:
    made = secret(resources)
    version = resources.create(VERSION, secretId=made.id, secretStringWo="hidden", secretStringWoVersion=1)
    found = resources.aws.client("secretsmanager").get_secret_value(SecretId=made.id)
    assert found["SecretString"] == "hidden"
    assert "secretString" not in version.state
    assert version.state["hasSecretStringWo"] is True


def test_a_binary_value_is_written_in_base64(resources: Resources) -> None:
    made = secret(resources)
    version = resources.create(VERSION, secretId=made.id, secretBinary="AAEC")
    found = resources.aws.client("secretsmanager").get_secret_value(SecretId=made.id)
    assert (found["SecretBinary"], version.state["secretBinary"]) == (b"\x00\x01\x02", "AAEC")


def test_a_secret_is_copied_to_the_regions_that_are_stated(resources: Resources) -> None:
    made = secret(resources, replicas=[{"region": "eu-central-1"}], recoveryWindowInDays=0)
    other = resources.aws.client("secretsmanager", "eu-central-1")
    assert len(other.list_secrets()["SecretList"]) == 1
    made.delete()
    assert other.list_secrets()["SecretList"] == []
