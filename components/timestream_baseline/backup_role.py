"""The role that makes backups, with as many policies as its databases and keys need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import iam

from timestream_baseline.documents.backups import (
    backup_key_statements,
    backup_role_statements,
    backup_trust_policy,
    backup_vault_statements,
)
from timestream_baseline.documents.limits import MANAGED_POLICY, compact, excess
from timestream_baseline.documents.parts import Document, document
from timestream_baseline.inputs.backup import BackupPart
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.location import Location
from timestream_baseline.naming import policy_name, role_name
from timestream_baseline.resources import child_of

# What one managed policy holds: ARNs may be computed, so policies are counted before their size is known.
DATABASES_PER_POLICY: Final = 18
KEYS_PER_POLICY: Final = 25

Write = Callable[[Sequence[str]], Document]


@dataclass(frozen=True)
class BackupRole:
    """A role, and what must stand before somebody uses it."""

    arn: pulumi.Output[str]
    permissions: tuple[pulumi.Resource, ...]


def backup_role(
    parent: pulumi.Resource,
    *,
    owner: str,
    settings: BackupPart,
    vault_arn: pulumi.Output[str],
    vault_key_arn: pulumi.Output[str],
    location: Location,
) -> BackupRole:
    """Make the role that backs up the tables into the vault."""
    policies = _policies(settings, vault_arn, vault_key_arn, location)
    role = iam.Role(
        f"{owner}-backup",
        name=role_name(owner, "service", "backup"),
        description=f"{owner}: makes backups",
        assume_role_policy=compact(backup_trust_policy()),
        permissions_boundary=settings.boundary_arn,
        tags=dict(settings.tags),
        opts=child_of(parent),
    )
    attachments = []
    for purpose, content in policies.items():
        policy = iam.Policy(
            f"{owner}-backup/{purpose}",
            name=policy_name(owner, "backup", purpose),
            description=f"{owner}: what the role that makes backups may do ({purpose})",
            policy=content,
            tags=dict(settings.tags),
            opts=child_of(parent),
        )
        attachments.append(
            iam.RolePolicyAttachment(
                f"{owner}-backup/{purpose}",
                role=role.name,
                policy_arn=policy.arn,
                opts=child_of(parent),
            )
        )
    return BackupRole(arn=role.arn, permissions=tuple(attachments))


def unique(keys: Iterable[TextInput]) -> list[TextInput]:
    """List each key once: a computed one is the same when it is the same object."""
    return list({key if isinstance(key, str) else id(key): key for key in keys}.values())


def databases_of(table_arns: Sequence[TextInput]) -> list[TextInput]:
    """Find the databases of tables: each once and in one order, except those of computed ARNs."""
    known = sorted({_database_of(arn) for arn in table_arns if isinstance(arn, str)})
    return [*known, *(arn.apply(_database_of) for arn in table_arns if not isinstance(arn, str))]


def _database_of(table_arn: str) -> str:
    return table_arn.partition("/table/")[0]


def _policies(
    settings: BackupPart,
    vault_arn: pulumi.Output[str],
    vault_key_arn: pulumi.Output[str],
    location: Location,
) -> dict[str, pulumi.Input[str]]:
    """Write the policies by what they are about. What is known stands apart from what is not known yet."""
    policies: dict[str, pulumi.Input[str]] = {}

    def databases(arns: Sequence[str]) -> Document:
        return document(*backup_role_statements(database_arns=arns))

    def keys(arns: Sequence[str]) -> Document:
        return document(
            *backup_key_statements(key_arns=arns, region=location.region, dns_suffix=location.dns_suffix)
        )

    def vaults(arns: Sequence[str]) -> Document:
        return document(
            *backup_vault_statements(
                partition=location.partition,
                region=location.region,
                account=location.account,
                vault_arn=arns[0],
                copy_to_vault_arn=arns[1] if len(arns) > 1 else None,
            )
        )

    for number, some in enumerate(_chunks(databases_of(settings.table_arns), DATABASES_PER_POLICY), start=1):
        policies[f"databases-{number}"] = _written(databases, some)
    keys_used = unique([vault_key_arn, *settings.database_key_arns])
    for number, some in enumerate(_chunks(keys_used, KEYS_PER_POLICY), start=1):
        policies[f"keys-{number}"] = _written(keys, some)
    copies = [] if settings.copy_to_vault_arn is None else [settings.copy_to_vault_arn]
    policies["vaults"] = _written(vaults, [vault_arn, *copies])
    return policies


def _chunks(items: Sequence[TextInput], size: int) -> list[Sequence[TextInput]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _written(write: Write, arns: Sequence[TextInput]) -> pulumi.Input[str]:
    """Write a policy now if all its ARNs are known, so that the gate can read it at preview."""

    def text(known: Sequence[str]) -> str:
        content = write(known)
        too_large = excess(MANAGED_POLICY, content)
        if too_large:
            raise pulumi.RunError(f"the backup of {len(known)} databases {too_large}")
        return compact(content)

    known = [arn for arn in arns if isinstance(arn, str)]
    if len(known) == len(arns):
        return text(known)
    return pulumi.Output.all(*arns).apply(text)
