"""The cells of Timestream that an account is mapped to, and the endpoint URLs that follow from them.

Every account is mapped to one cell for writing and one for querying in each region. A client that is
given the URL of its cell needs no discovery, which in a private subnet would hang.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pulumi

from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.network import Network
from timestream_baseline.location import Location

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config

SERVICES: Final = {"ingest": "timestream-write", "query": "timestream-query"}
# Keys of the namespace `aws` that decide with which credentials the provider works.
_PLAIN_KEYS: Final = {
    "profile": "profile_name",
    "accessKey": "aws_access_key_id",
    "secretKey": "aws_secret_access_key",
    "token": "aws_session_token",
}
_ASSUME_KEYS: Final = {
    "roleArn": "RoleArn",
    "sessionName": "RoleSessionName",
    "externalId": "ExternalId",
    "policy": "Policy",
    "sourceIdentity": "SourceIdentity",
}


class DiscoveryError(Exception):
    """Why the cells could not be discovered, in words for the user."""


def endpoint_urls(cells: Mapping[str, str], location: Location, *, influxdb: bool = False) -> dict[str, str]:
    """Say what applications pass as `endpoint_url`; for InfluxDB, to its control plane."""
    hosts = {kind: f"{kind}-{cell}.timestream" for kind, cell in cells.items()}
    if influxdb:
        hosts["influxdb"] = "timestream-influxdb"
    return {kind: f"https://{host}.{location.region}.{location.dns_suffix}" for kind, host in hosts.items()}


def find_cells(
    component: pulumi.ComponentResource,
    network: Network,
    location: Location,
    place: Place,
    *,
    from_stack: bool,
) -> dict[str, str]:
    """Take the cells that are given, and ask Timestream for the others; note a mistake where that fails.

    `from_stack` tells whether the arguments are the configuration of the stack.
    """
    given = {"ingest": network.ingest_cell, "query": network.query_cell}
    cells = {kind: cell for kind, cell in given.items() if cell is not None}
    missing = [kind for kind in given if kind not in cells]
    if not missing:
        return cells
    try:
        if component.get_provider("aws:timestreamwrite/database:Database") is not None:
            raise DiscoveryError(
                "the component has a provider of its own, whose credentials cannot be read from here"
            )
        found = discover_cells(missing, location, stack_credentials())
    except DiscoveryError as error:
        for kind in missing:
            place.field(f"{kind}_cell").mistake(
                f"is not given and cannot be discovered: {error}. Give the cell that "
                f"`aws {SERVICES[kind]} describe-endpoints --region {location.region}` answers, "
                f"for example cell1"
            )
        return cells
    pulumi.log.info(
        f"discovered {', '.join(f'{kind} {cell}' for kind, cell in found.items())}; "
        f"{_how_to_pin(cells, found, place, from_stack=from_stack)}",
        resource=component,
    )
    return {**cells, **found}


def _how_to_pin(given: Mapping[str, str], found: Mapping[str, str], place: Place, *, from_stack: bool) -> str:
    """Say how to keep the cells that were found, where the arguments were written."""
    if from_stack:
        paths = {place.field(f"{kind}_cell").text: cell for kind, cell in found.items()}
        commands = (f"pulumi config set --path {path} {cell}" for path, cell in paths.items())
        return f"to pin them: {' && '.join(commands)}"
    cells = {place.spelled(f"{kind}_cell"): cell for kind, cell in {**given, **found}.items()}
    if place.path:
        return f'to pin them, give "{place.text}": {json.dumps(cells)}'
    return f"to pin them, give {json.dumps(cells)[1:-1]}"


def stack_credentials() -> dict[str, Any]:
    """Read what the stack's `aws:` configuration says about credentials."""
    config = pulumi.Config("aws")
    settings: dict[str, Any] = {
        key: value for key in (*_PLAIN_KEYS, "assumeRole", "assumeRoles") if (value := config.get(key))
    }
    for key in ("assumeRole", "assumeRoles"):
        if key in settings:
            settings[key] = json.loads(settings[key])
    return settings


def discover_cells(kinds: list[str], location: Location, credentials: Mapping[str, Any]) -> dict[str, str]:
    """Ask DescribeEndpoints for cells, with the credentials that the stack works with."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    # From a network that does not reach AWS every call would hang for minutes.
    config = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 3})
    try:
        session = boto3.Session(
            region_name=location.region,
            **{_PLAIN_KEYS[key]: value for key, value in credentials.items() if key in _PLAIN_KEYS},
        )
        roles = credentials.get("assumeRoles") or credentials.get("assumeRole") or []
        for role in roles if isinstance(roles, list) else [roles]:
            session = _assume(session, role, location, config)
        account = session.client("sts", config=config).get_caller_identity()["Account"]
        if account != location.account:
            raise DiscoveryError(
                f"the credentials found here belong to account {account}, the stack to {location.account}"
            )
        # Clients are made one after the other, since a session is not safe for threads; the calls are not.
        clients: dict[str, Any] = {
            kind: session.client(SERVICES[kind], config=config)  # type: ignore[call-overload]
            for kind in kinds
        }
        with ThreadPoolExecutor() as pool:
            answers = dict(zip(kinds, pool.map(_address, clients.values()), strict=True))
    except NoCredentialsError:
        raise DiscoveryError("no AWS credentials were found") from None
    except ClientError as error:
        raise DiscoveryError(_explained(error.response.get("Error", {}))) from None
    except BotoCoreError as error:
        raise DiscoveryError(f"AWS could not be asked ({error})") from None
    return {kind: _cell(kind, host, location) for kind, host in answers.items()}


def _address(client: Any) -> str:
    endpoints = client.describe_endpoints()["Endpoints"]
    return str(endpoints[0]["Address"]) if endpoints else ""


def _assume(
    session: boto3.Session, role: Mapping[str, Any], location: Location, config: Config
) -> boto3.Session:
    import boto3

    request = {_ASSUME_KEYS[key]: value for key, value in role.items() if key in _ASSUME_KEYS and value}
    answer = session.client("sts", config=config).assume_role(
        **{"RoleSessionName": "timestream-baseline", **request}
    )
    return boto3.Session(
        aws_access_key_id=answer["Credentials"]["AccessKeyId"],
        aws_secret_access_key=answer["Credentials"]["SecretAccessKey"],
        aws_session_token=answer["Credentials"]["SessionToken"],
        region_name=location.region,
    )


def _explained(error: Mapping[str, Any]) -> str:
    code, message = error.get("Code", "unknown"), error.get("Message", "")
    if code in ("AccessDenied", "AccessDeniedException"):
        return (
            f"access denied ({message}). The deploying role lacks timestream:DescribeEndpoints, or this "
            "account may not use LiveAnalytics, which has been closed to new customers since 2025-06-20"
        )
    return f"AWS answered {code} ({message})"


def _cell(kind: str, host: str, location: Location) -> str:
    pattern = rf"{kind}-(cell\d+)\.timestream\.{re.escape(location.region)}\.{re.escape(location.dns_suffix)}"
    if match := re.fullmatch(pattern, host):
        return match[1]
    raise DiscoveryError(f"Timestream answered the unexpected host {host!r}")
