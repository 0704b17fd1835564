"""Roles for applications: writers and readers."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

import json
from collections.abc import Iterable, Sequence
from typing import Never

import pulumi
from pulumi_aws import iam

from timestream_baseline.documents.parts import Document, table_arn
from timestream_baseline.documents.roles import key_use_policy, reader_policy, writer_policy
from timestream_baseline.documents.trusts import CONFUSED_DEPUTY_SOURCES, TokenTrust, trust_policy
from timestream_baseline.inputs.access import Access, AccessRolesPart, AccessRolesPartArgs, Role, Trust
from timestream_baseline.naming import role_name
from timestream_baseline.part import Part
from timestream_baseline.resources import child_of, output_map


class AccessRoles(pulumi.ComponentResource):
    """Least-privilege roles: writers can write records, readers can query, neither can do anything else.

    There are no users, no access keys and no AWS managed policies.
    """

    role_arns: pulumi.Output[dict[str, str]]
    """The ARN of each role, by kind and name: "writers/ingest"."""

    def __init__(
        self,
        name: str,
        args: AccessRolesPartArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Validate the arguments, then make the roles."""
        part = Part("AccessRoles", AccessRolesPart, name, args, unexpected)
        access = part.settings
        super().__init__(
            "timestream-baseline:index:AccessRoles",
            name,
            {"writers": sorted(access.writers), "readers": sorted(access.readers)},
            opts,
        )
        self._owner = name
        self._boundary = None if access.permissions_boundary == "none" else access.permissions_boundary
        self._databases = access.databases
        self._keys = access.key_arns
        self._location = part.locate(self)
        self._tags = access.tags
        _warn_about_unguarded_services(access, self)
        roles = {
            **{f"writers/{role}": self._role("writers", role, it) for role, it in access.writers.items()},
            **{f"readers/{role}": self._role("readers", role, it) for role, it in access.readers.items()},
        }
        self.role_arns = output_map({path: role.arn for path, role in roles.items()})
        self.register_outputs({"roleArns": self.role_arns})

    def _role(self, kind: str, name: str, settings: Role) -> iam.Role:
        if settings.trust is None:
            raise ValueError(f"role {kind}/{name} trusts nobody")  # the normaliser has refused it
        logical_name = f"{self._owner}-{kind}/{name}"
        role = iam.Role(
            logical_name,
            name=role_name(self._owner, kind, name),
            description=f"{self._owner}: {kind}/{name}",
            path=settings.path,
            assume_role_policy=_trust(settings.trust, self._location.account),
            max_session_duration=settings.max_session_hours * 3600,
            permissions_boundary=self._boundary,
            tags=dict(self._tags),
            opts=child_of(self),
        )
        reach = _reach(settings, self._databases)
        tables = [
            table_arn(
                partition=self._location.partition,
                region=self._location.region,
                account=self._location.account,
                database=database,
                table=table,
            )
            for database, tables in reach.items()
            for table in tables
        ]
        document = writer_policy(table_arns=tables) if kind == "writers" else reader_policy(table_arns=tables)
        iam.RolePolicy(
            logical_name,
            name="timestream",
            role=role.name,
            policy=json.dumps(document),
            opts=child_of(self),
        )
        # The ARN of a new key is known only after it is made. In a document of its own it does not hide the
        # other statements from the policy gate at preview.
        iam.RolePolicy(
            f"{logical_name}/keys",
            name="keys",
            role=role.name,
            policy=self._key_policy([self._keys[database] for database in reach]),
            opts=child_of(self),
        )
        return role

    def _key_policy(self, keys: Sequence[pulumi.Input[str]]) -> pulumi.Input[str]:
        def write(arns: Sequence[str]) -> str:
            document = key_use_policy(
                key_arns=arns, region=self._location.region, dns_suffix=self._location.dns_suffix
            )
            return json.dumps(document)

        return pulumi.Output.all(*keys).apply(write)


def _reach(role: Role, databases: Iterable[str]) -> dict[str, list[str]]:
    """Say which tables of which databases a role reaches; all tables of a database are one `*`."""
    if role.databases is None and role.tables is None:
        return {database: ["*"] for database in databases}
    reach = {database: ["*"] for database in role.databases or ()}
    for path in role.tables or ():
        database, _, table = path.partition("/")
        tables = reach.setdefault(database, [])
        if tables != ["*"]:
            tables.append(table)
    return reach


def _trust(trust: Trust, account: str) -> pulumi.Input[str]:
    def write(computed: Sequence[str]) -> str:
        role_arns, providers = computed[: len(trust.role_arns)], computed[len(trust.role_arns) :]
        return json.dumps(_trust_document(trust, account, role_arns, providers))

    values = [*trust.role_arns, *(token.provider_arn or "" for token in trust.oidc)]
    if all(isinstance(value, str) for value in values):
        return write([str(value) for value in values])
    return pulumi.Output.all(*values).apply(write)


def _trust_document(
    trust: Trust, account: str, role_arns: Sequence[str], providers: Iterable[str]
) -> Document:
    return trust_policy(
        account=account,
        services=trust.services,
        role_arns=role_arns,
        external_id=trust.external_id,
        tokens=[
            TokenTrust(provider_arn=provider, audience=token.audience or "", subjects=token.subjects)
            for provider, token in zip(providers, trust.oidc, strict=True)
        ],
        eks_pod_identity=trust.eks_pod_identity,
    )


def _warn_about_unguarded_services(access: Access, component: pulumi.Resource) -> None:
    """Say once for all roles which services cannot be held to this account."""
    unguarded = sorted(
        {
            service
            for role in (*access.writers.values(), *access.readers.values())
            for service in (role.trust.services if role.trust else ())
            if service not in CONFUSED_DEPUTY_SOURCES
        }
    )
    if unguarded:
        pulumi.log.warn(
            f"access: AWS offers no condition that ties the trust in {', '.join(unguarded)} to this account; "
            "limit who has iam:PassRole on the roles that trust it",
            resource=component,
        )
