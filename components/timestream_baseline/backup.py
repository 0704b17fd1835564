"""Backups of LiveAnalytics tables."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

from collections.abc import Sequence
from typing import Final, Never

import pulumi
from pulumi_aws import backup

from timestream_baseline.alarms import Announcer
from timestream_baseline.backup_announcements import announce_backups
from timestream_baseline.backup_checks import check_backup
from timestream_baseline.backup_role import BackupRole, backup_role
from timestream_baseline.documents.backups import backup_key_policy, vault_policy
from timestream_baseline.documents.limits import RESOURCES_PER_BACKUP_SELECTION, compact
from timestream_baseline.encryption import encryption_key
from timestream_baseline.inputs.backup import BackupPart, BackupPartArgs, weakened_defaults
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.naming import backup_name
from timestream_baseline.part import Part
from timestream_baseline.resources import child_of, data_child_of, engine_calls_back, hook_name

# The shortest time that AWS leaves to change one's mind about a lock in compliance mode.
# https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
COOLING_OFF_DAYS: Final = 3
# What somebody should look at; the events of failed backups themselves are no longer sent to topics by the
# vault. https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
VAULT_EVENTS: Final = (
    "COPY_JOB_FAILED",
    "RECOVERY_POINT_MODIFIED",
    "RESTORE_JOB_COMPLETED",
    "RESTORE_JOB_STARTED",
)
_OPT_IN: Final = (
    "opt in to Timestream in the settings of AWS Backup in {region}, once per account: without it its tables "
    "may not be backed up; docs/backup.md says how, and why this is not done here"
)


class Backup(pulumi.ComponentResource):
    """Daily backups of LiveAnalytics tables, which nobody deletes before they expire.

    A vault under a key of its own, a lock, a policy that denies deletion, a plan with its selections, and a
    role that can make backups and nothing else. Timestream for InfluxDB cannot be backed up by AWS Backup.
    A restore makes a new table, without the tags, policies and scheduled queries of the old one.
    """

    vault_arn: pulumi.Output[str] | None = None
    """The ARN of the vault, unless there is nothing to back up."""
    role_arn: pulumi.Output[str] | None = None
    """The ARN of the role that makes backups."""
    key_arn: pulumi.Output[str] | None = None
    """The ARN of the key that encrypts the backups."""

    def __init__(
        self,
        name: str,
        args: BackupPartArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Validate the arguments, then make vault, plan, selections and role."""
        part = Part("Backup", BackupPart, name, args, unexpected)
        settings = part.settings
        super().__init__(
            "timestream-baseline:index:Backup",
            name,
            {"enabled": settings.enabled, "schedule": settings.schedule, "tables": len(settings.table_arns)},
            opts,
        )
        self._location = part.locate(self)
        self._settings = settings
        self._owner = name
        check_backup(part, self._location)
        for message in weakened_defaults(settings, "" if part.alone else "backup."):
            pulumi.log.warn(message, resource=self)
        if not settings.enabled or not settings.table_arns:
            if settings.enabled:
                pulumi.log.info("nothing is backed up: there is no LiveAnalytics table", resource=self)
            self.register_outputs({})
            return
        pulumi.log.info(_OPT_IN.format(region=self._location.region), resource=self)
        key = encryption_key(
            self,
            owner=name,
            purpose="backup",
            policy=backup_key_policy,
            encryption=settings.encryption,
            location=self._location,
            tags=settings.tags,
            protect_data=settings.protect_data,
        )
        vault = backup.Vault(
            backup_name(name, "backups"),
            kms_key_arn=key.arn,
            force_destroy=False,
            tags=dict(settings.tags),
            region=self._location.region,
            opts=data_child_of(self, protect_data=settings.protect_data),
        )
        guards = self._guards(vault)
        role = backup_role(
            self,
            owner=name,
            settings=settings,
            vault_arn=vault.arn,
            vault_key_arn=key.arn,
            location=self._location,
        )
        self._plan(vault, role, guards)
        self.vault_arn, self.role_arn, self.key_arn = vault.arn, role.arn, key.arn
        self.register_outputs({"vaultArn": self.vault_arn, "roleArn": self.role_arn, "keyArn": self.key_arn})

    def _guards(self, vault: "backup.Vault") -> list[pulumi.Resource]:
        """Lock the vault and deny deletion.

        A guard that is turned off goes, and stays with a vault that stays. The policy refuses to be
        rewritten: it is replaced by removing it first.
        """
        settings, region = self._settings, self._location.region
        stays_with_vault = vault if settings.protect_data else None
        guards: list[pulumi.Resource] = []
        if settings.vault_lock != "none":
            guards.append(
                backup.VaultLockConfiguration(
                    f"{self._owner}-backup",
                    backup_vault_name=vault.name,
                    min_retention_days=settings.retention_days,
                    changeable_for_days=COOLING_OFF_DAYS if settings.vault_lock == "compliance" else None,
                    region=region,
                    # Otherwise deleting the old lock would delete the new one: there is one per vault.
                    opts=child_of(self, deleted_with=stays_with_vault, delete_before_replace=True),
                )
            )
        guards.append(
            backup.VaultPolicy(
                f"{self._owner}-backup",
                backup_vault_name=vault.name,
                policy=compact(vault_policy(administrators=settings.encryption.administrators)),
                region=region,
                opts=child_of(
                    self,
                    depends_on=list(guards),
                    deleted_with=stays_with_vault,
                    delete_before_replace=True,
                    replace_on_changes=["policy"],
                    hooks=_explain_standing_policy(self, self._owner),
                ),
            )
        )
        if settings.notify and settings.topic_arn is not None:
            self._notifications(vault, settings.topic_arn)
        return guards

    def _notifications(self, vault: "backup.Vault", topic_arn: TextInput) -> None:
        """Announce failed backups and copies, restores, and changes to the vault.

        The vault itself announces in plain text, which subscriptions that filter by messages never get: the
        same is announced by rules, in JSON.
        """
        name, region = f"{self._owner}-backup", self._location.region
        backup.VaultNotifications(
            name,
            backup_vault_name=vault.name,
            backup_vault_events=list(VAULT_EVENTS),
            sns_topic_arn=topic_arn,
            region=region,
            opts=child_of(self, delete_before_replace=True),
        )
        announcer = Announcer(
            parent=self,
            owner=self._owner,
            topic_arn=topic_arn,
            tags=dict(self._settings.tags),
            location=self._location,
        )
        announce_backups(announcer, vault.arn)

    def _plan(self, vault: "backup.Vault", role: BackupRole, guards: Sequence[pulumi.Resource]) -> None:
        settings, region = self._settings, self._location.region
        lifecycle: backup.PlanRuleLifecycleArgsDict = {"delete_after": settings.retention_days}
        if settings.cold_after_days is not None:
            lifecycle["cold_storage_after"] = settings.cold_after_days
        rule: backup.PlanRuleArgsDict = {
            "rule_name": "tables",
            "target_vault_name": vault.name,
            "schedule": settings.schedule,
            "lifecycle": lifecycle,
        }
        if settings.tags:
            rule["recovery_point_tags"] = dict(settings.tags)
        if settings.copy_to_vault_arn is not None:
            copied: backup.PlanRuleCopyActionLifecycleArgsDict = {"delete_after": settings.retention_days}
            if settings.cold_after_days is not None:
                copied["cold_storage_after"] = settings.cold_after_days
            rule["copy_actions"] = [
                {"destination_vault_arn": settings.copy_to_vault_arn, "lifecycle": copied}
            ]
        plan = backup.Plan(
            backup_name(self._owner, "backups"),
            rules=[rule],
            tags=dict(settings.tags),
            region=region,
            opts=child_of(self, depends_on=guards),
        )
        known = sorted(arn for arn in settings.table_arns if isinstance(arn, str))
        computed = [arn for arn in settings.table_arns if not isinstance(arn, str)]
        tables: list[TextInput] = [*known, *computed]
        for number, start in enumerate(range(0, len(tables), RESOURCES_PER_BACKUP_SELECTION), start=1):
            backup.Selection(
                backup_name(self._owner, f"tables-{number}"),
                plan_id=plan.id,
                iam_role_arn=role.arn,
                resources=tables[start : start + RESOURCES_PER_BACKUP_SELECTION],
                region=region,
                opts=child_of(self, depends_on=role.permissions),
            )


def _explain_standing_policy(component: Backup, owner: str) -> pulumi.ResourceHookBinding | None:
    """Say what to do when the vault still has a policy that the state has forgotten: it refuses a new one."""
    if not engine_calls_back():
        return None

    async def explain(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation == "create" and "AccessDenied" in args.errors[0]:
            vault = (args.new_inputs or {}).get("backupVaultName", "VAULT")
            pulumi.log.error(
                "if the vault has a policy already, which refuses to be rewritten, remove it and run "
                f"pulumi up again: aws backup delete-backup-vault-access-policy --backup-vault-name {vault}",
                resource=component,
            )
        return False  # no second attempt

    return pulumi.ResourceHookBinding(
        on_error=[pulumi.ErrorHook(hook_name(f"creation of the policy of the vault of {owner}"), explain)]
    )
