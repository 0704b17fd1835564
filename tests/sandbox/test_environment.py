"""What a program in the sandbox finds in its environment, and what it does not find any more."""

import subprocess
import sys
from pathlib import Path

import pytest

from aws_sandbox.environment import aws_environment, clean, prepare, pulumi_environment, search_path
from aws_sandbox.sandbox import Sandbox

DANGEROUS = {
    "AWS_ACCESS_KEY_ID": "AKIAREAL000000000000",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_SESSION_TOKEN": "real",
    "AWS_SECURITY_TOKEN": "real",
    "AWS_PROFILE": "production",
    "AWS_DEFAULT_PROFILE": "production",
    "AWS_CONFIG_FILE": "/home/somebody/.aws/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/home/somebody/.aws/credentials",
    "AWS_ENDPOINT_URL": "https://example.com",
    "AWS_ENDPOINT_URL_KMS": "https://example.com",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/admin",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/credentials",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "BOTO_CONFIG": "/etc/boto.cfg",
    "PULUMI_ACCESS_TOKEN": "real",
    "PULUMI_BACKEND_URL": "https://api.pulumi.com",
    "PULUMI_IGNORE_AMBIENT_PLUGINS": "1",
    "PULUMI_HOME": "/home/somebody/.pulumi",
    "HTTPS_PROXY": "http://proxy.example.com",
    "https_proxy": "http://proxy.example.com",
    "ALL_PROXY": "socks5://proxy.example.com",
    "NO_PROXY": "amazonaws.com",
    "no_proxy": "*",
    "SSL_CERT_FILE": "/etc/ssl/cert.pem",
}


def test_whatever_could_lead_to_a_real_account_is_taken_away() -> None:
    assert clean({**DANGEROUS, "PATH": "/usr/bin", "HOME": "/home/somebody"}) == {
        "PATH": "/usr/bin",
        "HOME": "/home/somebody",
    }


def test_aws_clients_are_led_to_the_sandbox_and_nowhere_else() -> None:
    box = Path("/box")

    assert aws_environment(box, 8080) == {
        "AWS_SANDBOX_DIRECTORY": "/box",
        "HTTPS_PROXY": "http://127.0.0.1:8080",
        "https_proxy": "http://127.0.0.1:8080",
        "HTTP_PROXY": "http://127.0.0.1:8080",
        "http_proxy": "http://127.0.0.1:8080",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "AWS_CA_BUNDLE": "/box/ca.pem",
        "SSL_CERT_FILE": "/box/ca.pem",
        "REQUESTS_CA_BUNDLE": "/box/ca.pem",
        "CURL_CA_BUNDLE": "/box/ca.pem",
        "NODE_EXTRA_CA_CERTS": "/box/ca.pem",
        "AWS_ACCESS_KEY_ID": "AKIASANDBOX000000000",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_CONFIG_FILE": "/box/aws-config",
        "AWS_SHARED_CREDENTIALS_FILE": "/box/aws-credentials",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }


def test_a_default_region_is_set_only_if_one_is_asked_for() -> None:
    variables = aws_environment(Path("/box"), 8080, "eu-west-1")

    assert (variables["AWS_REGION"], variables["AWS_DEFAULT_REGION"]) == ("eu-west-1", "eu-west-1")


def test_pulumi_has_a_home_and_a_backend_of_its_own() -> None:
    variables = pulumi_environment(Path("/box"))

    assert variables["PULUMI_HOME"] == "/box/pulumi-home"
    assert variables["PULUMI_BACKEND_URL"] == "file:///box/state?metadata=skip"
    assert variables["PULUMI_CONFIG_PASSPHRASE"] == "sandbox"
    assert "PULUMI_IGNORE_AMBIENT_PLUGINS" not in variables


def test_the_provider_comes_first_then_the_engine_then_what_was_there() -> None:
    assert search_path(Path("/box"), [Path("/engine/bin")], "/usr/bin:/bin") == (
        "/box/bin:/engine/bin:/usr/bin:/bin"
    )


def test_the_provider_on_path_runs_this_interpreter(tmp_path: Path) -> None:
    prepare(tmp_path)

    provider = tmp_path / "bin" / "pulumi-resource-aws"
    assert provider.read_text() == f'#!/bin/sh\nexec "{sys.executable}" -u -m aws_sandbox.provider "$@"\n'
    assert provider.stat().st_mode & 0o111


def test_a_program_with_real_credentials_around_it_is_the_user_of_the_sandbox(
    empty_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in DANGEROUS.items():
        monkeypatch.setenv(name, value)
    program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"

    done = subprocess.run(
        [sys.executable, "-c", program], env=empty_sandbox.aws_env, capture_output=True, text=True, check=True
    )

    assert done.stdout == "arn:aws:iam::000000000000:user/sandbox\n"


def test_a_client_of_the_sandbox_heeds_neither_profiles_nor_endpoints_around_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in DANGEROUS.items():
        monkeypatch.setenv(name, value)

    with Sandbox(tmp_path) as sandbox:
        assert sandbox.client("sts").get_caller_identity()["Account"] == "000000000000"
        assert sandbox.client("kms").list_keys()["Keys"] == []
