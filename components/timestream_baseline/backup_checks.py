"""Refuses what cannot be backed up, before anything is made."""

from __future__ import annotations

import math

from timestream_baseline.backup_role import DATABASES_PER_POLICY, KEYS_PER_POLICY, databases_of, unique
from timestream_baseline.documents.backups import vault_policy
from timestream_baseline.documents.limits import (
    MANAGED_POLICIES_PER_ROLE,
    RESOURCES_PER_BACKUP_SELECTION,
    SELECTIONS_PER_BACKUP_PLAN,
    VAULT_POLICY,
    excess,
)
from timestream_baseline.inputs.backup import BackupPart
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.location import Location
from timestream_baseline.part import Part


def check_backup(part: Part[BackupPart], location: Location) -> None:
    """Refuse tables that this vault cannot hold, and more than AWS takes."""
    here = part.place.field("table_arns")
    for index, arn in enumerate(part.settings.table_arns):
        if isinstance(arn, str) and (region := arn.split(":")[3]) != location.region:
            here.at(index).mistake(
                f"is a table of {region}, but the vault is made in {location.region}; "
                "back it up in its own region"
            )
    check_size(part.settings, here, part.place.field("encryption"))
    part.refuse_mistakes()


def check_size(settings: BackupPart, tables: Place, encryption: Place) -> None:
    """Note what is too large for AWS, where the tables are named or the administrators."""
    if not settings.enabled or not settings.table_arns:
        return
    databases, keys = databases_of(settings.table_arns), unique(settings.database_key_arns)
    # One key more, that of the vault, and one policy more, which is about vaults.
    policies = (
        math.ceil(len(databases) / DATABASES_PER_POLICY) + math.ceil((len(keys) + 1) / KEYS_PER_POLICY) + 1
    )
    if policies > MANAGED_POLICIES_PER_ROLE:
        tables.mistake(
            f"name so many databases that the role of backups needs {policies} policies, and AWS takes "
            f"{MANAGED_POLICIES_PER_ROLE}; spread the databases over several components"
        )
    most = RESOURCES_PER_BACKUP_SELECTION * SELECTIONS_PER_BACKUP_PLAN
    if len(settings.table_arns) > most:
        tables.mistake(
            f"name {len(settings.table_arns):,} tables, and a plan of backups takes {most:,}; "
            "spread them over several components"
        )
    if too_large := excess(VAULT_POLICY, vault_policy(administrators=settings.encryption.administrators)):
        encryption.field("administrators").mistake(f"{too_large}; name fewer roles")
