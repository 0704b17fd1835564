"""AWS through boto3: the credentials of the provider's configuration, clients, and who they belong to.

The provider only works inside a sandbox: before it makes any session it makes sure that the proxy of its
environment is the server of the sandbox's directory, and its clients reach nothing but that proxy.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aws_sandbox import control_client
from aws_sandbox.account import ACCESS_KEY, ACCOUNT, SECRET_KEY

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_ASSUME_ROLE = {
    "roleArn": "RoleArn",
    "sessionName": "RoleSessionName",
    "externalId": "ExternalId",
    "policy": "Policy",
    "policyArns": "PolicyArns",
    "tags": "Tags",
    "transitiveTagKeys": "TransitiveTagKeys",
    "sourceIdentity": "SourceIdentity",
}


class ConfigurationError(Exception):
    """The provider cannot work with this configuration."""


@dataclass(frozen=True)
class Place:
    """The sandbox that the provider works on."""

    directory: Path
    port: int


class Session:
    """Credentials and the clients made with them; safe to use from many threads."""

    def __init__(self, place: Place, credentials: Mapping[str, str], profile: str | None = None) -> None:
        # Imported here: the engine waits for our port, and boto3 takes a while to import.
        from botocore.exceptions import BotoCoreError

        from aws_sandbox import boto

        try:
            self._session: Any = boto.session(place.directory, credentials, profile)
        except BotoCoreError as error:
            raise ConfigurationError(str(error)) from error
        self.place = place
        self._options = boto.options(place.directory, place.port)
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str, region: str) -> Any:
        """Return the client of a service in a region."""
        # boto3 sessions are not thread-safe while they make a client; the clients themselves are.
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._session.client(service, region_name=region, **self._options)
            return self._clients[key]


@dataclass(frozen=True)
class RegionalAws:
    """AWS as one resource sees it (the `Aws` of the service files)."""

    account: str
    region: str
    partition: str
    session: Session = field(repr=False)

    def client(self, service: str, region: str | None = None) -> Any:
        """Return the (cached) boto3 client of a service in this region, or in another one."""
        return self.session.client(service, region or self.region)


def connect(configuration: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> RegionalAws:
    """Return AWS for the provider's configuration, or say why it cannot be used."""
    place = _sandbox(environment)
    region = (
        configuration.get("region") or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    )
    if not region:
        raise ConfigurationError("No region is set. Set it with `pulumi config set aws:region REGION`.")
    session = Session(place, _credentials(configuration, environment), configuration.get("profile"))
    identity = session.client("sts", region).get_caller_identity()
    if identity["Account"] != ACCOUNT:
        raise ConfigurationError(
            f"AWS answered as account {identity['Account']}, which is not the sandbox's ({ACCOUNT}). "
            "This provider only works on the sandbox; use the official `aws` plugin for real accounts."
        )
    for role in configuration.get("assumeRoles") or ():
        session = _assume(session, region, role)
        identity = session.client("sts", region).get_caller_identity()
    _check_account(identity["Account"], configuration)
    return RegionalAws(identity["Account"], region, identity["Arn"].split(":")[1], session)


def _sandbox(environment: Mapping[str, str]) -> Place:
    """Return the sandbox of the environment; refuse any other proxy, and none, before a request is made."""
    directory = environment.get("AWS_SANDBOX_DIRECTORY")
    proxy = urlsplit(environment.get("HTTPS_PROXY", ""))
    if directory and proxy.hostname in _LOOPBACK and proxy.port:
        # Another proxy on loopback, of a company or of a debugger, is not even asked.
        server = control_client.described(Path(directory))
        if server and server.port == proxy.port and server.serves():
            return Place(Path(directory), proxy.port)
    raise ConfigurationError(
        "This is the sandbox's `aws` provider, and it does not run in a sandbox. "
        "Run the command as `aws-sandbox run -- COMMAND`, or take the directory of the sandbox's "
        "`pulumi-resource-aws` off PATH to use the official plugin."
    )


def _credentials(configuration: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of the configuration, else the environment's, else the sandbox's own user's.

    Never none without a profile: boto3 would look for them in places of its own, one after the other.
    """
    names = {
        "accessKey": "aws_access_key_id",
        "secretKey": "aws_secret_access_key",
        "token": "aws_session_token",
    }
    given = {boto: configuration[name] for name, boto in names.items() if configuration.get(name)}
    if given or configuration.get("profile"):
        return given
    found = {boto: environment[boto.upper()] for boto in names.values() if environment.get(boto.upper())}
    return found or {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY}


def _assume(session: Session, region: str, role: Mapping[str, Any]) -> Session:
    from botocore.exceptions import BotoCoreError, ClientError

    request = {aws: role[name] for name, aws in _ASSUME_ROLE.items() if role.get(name)}
    request.setdefault("RoleSessionName", "aws-sandbox")
    if "PolicyArns" in request:
        request["PolicyArns"] = [{"arn": arn} for arn in request["PolicyArns"]]
    if "Tags" in request:
        request["Tags"] = [{"Key": key, "Value": value} for key, value in request["Tags"].items()]
    try:
        granted = session.client("sts", region).assume_role(**request)["Credentials"]
    except (BotoCoreError, ClientError) as error:
        raise ConfigurationError(f"assuming the role {role.get('roleArn')}: {explain(error)}") from error
    return Session(
        session.place,
        {
            "aws_access_key_id": granted["AccessKeyId"],
            "aws_secret_access_key": granted["SecretAccessKey"],
            "aws_session_token": granted["SessionToken"],
        },
    )


def _check_account(account: str, configuration: Mapping[str, Any]) -> None:
    allowed: Sequence[str] = configuration.get("allowedAccountIds") or ()
    forbidden: Sequence[str] = configuration.get("forbiddenAccountIds") or ()
    if allowed and account not in allowed:
        raise ConfigurationError(
            f"The account {account} is not in `aws:allowedAccountIds` ({', '.join(allowed)})."
        )
    if account in forbidden:
        raise ConfigurationError(f"The account {account} is in `aws:forbiddenAccountIds`.")


def explain(error: Exception) -> str:
    """Return an error of AWS as `Code: message`, any other as it says itself."""
    answer = getattr(error, "response", None)
    if isinstance(answer, dict) and "Error" in answer:
        return f"{answer['Error'].get('Code', 'Unknown')}: {answer['Error'].get('Message', '')}"
    return f"{type(error).__name__}: {error}"
