"""Scheduled queries: what they run, the roles that run them, and where they report."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
from pulumi_aws import iam, timestreamquery

from timestream_baseline.documents.limits import compact
from timestream_baseline.documents.scheduled_queries import scheduled_query_trust_policy
from timestream_baseline.inputs.scheduled_queries import ScheduledQuery, Target
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.location import Location
from timestream_baseline.naming import role_name, scheduled_query_name
from timestream_baseline.query_policies import data_policy, report_policy, report_prefix, tables_of
from timestream_baseline.rejected_records import RejectedRecords
from timestream_baseline.resources import child_of, engine_calls_back, hook_name

_NO_COLUMN: Final = re.compile(r"Column '.*' does not exist")


class ScheduledQueries(pulumi.ComponentResource):
    """Queries that Timestream runs by itself, each with a role and a key of its own.

    Timestream announces every run on the topic and writes error reports beside the rejected records. It
    refuses a query over a table that never held data: one that is not enabled gets its role and key only.
    """

    def __init__(
        self,
        name: str,
        *,
        owner: str,
        queries: Mapping[str, ScheduledQuery],
        keys: Mapping[str, TextInput],
        database_keys: Mapping[str, TextInput],
        tables: Mapping[str, pulumi.Resource],
        topic_arn: TextInput,
        topic_key_arn: TextInput | None,
        rejected_records: RejectedRecords,
        location: Location,
        tags: Mapping[str, str],
        boundary_arn: TextInput | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the scheduled queries of the baseline named `owner`.

        `keys` are those of the queries, `database_keys` those of the databases, `tables` by "database/table".
        The owner of an existing topic lets the roles use its key: then `topic_key_arn` is None.
        """
        super().__init__(
            "timestream-baseline:index:ScheduledQueries", name, {"queries": sorted(queries)}, opts
        )
        self._owner = owner
        self._location = location
        self._tags = tags
        self._boundary_arn = boundary_arn
        self._topic_arn = topic_arn
        self._topic_key_arn = topic_key_arn
        self._rejected_records = rejected_records
        self.role_arns: dict[str, pulumi.Output[str]] = {}
        self.query_arns: dict[str, pulumi.Output[str]] = {}
        for query, settings in queries.items():
            target = settings.target
            if target is None or target.table is None or settings.query is None:
                raise ValueError(f"scheduled query {query} is not complete")  # the normaliser has refused it
            paths = tables_of(settings)
            used_keys = [database_keys[path.partition("/")[0]] for path in paths]
            role, permissions = self._role(query, settings, keys[query], used_keys)
            self.role_arns[query] = role.arn
            if not settings.enabled:
                continue
            made = timestreamquery.ScheduledQuery(
                f"{owner}-{query}",
                name=scheduled_query_name(owner, query),
                query_string=settings.query,
                execution_role_arn=role.arn,
                kms_key_id=keys[query],
                schedule_configuration={"schedule_expression": settings.schedule or ""},
                notification_configuration={"sns_configuration": {"topic_arn": topic_arn}},
                # Under SSE_KMS the report is encrypted with the query's own key.
                error_report_configuration={
                    "s3_configuration": {
                        "bucket_name": rejected_records.bucket,
                        "encryption_option": "SSE_KMS",
                        "object_key_prefix": report_prefix(query),
                    }
                },
                target_configuration=_target(target, target.table, query),
                tags={**tags, **settings.tags},
                region=location.region,
                opts=child_of(
                    self,
                    depends_on=[
                        *permissions,
                        *rejected_records.settings,
                        *(tables[path] for path in sorted(set(paths))),
                    ],
                    # Two queries of one name cannot stand beside each other.
                    delete_before_replace=True,
                    hooks=_explain_empty_tables(self, owner, query, settings.sources),
                ),
            )
            self.query_arns[query] = made.arn
        self.register_outputs({})

    def _role(
        self,
        query: str,
        settings: ScheduledQuery,
        key_arn: TextInput,
        database_key_arns: Sequence[TextInput],
    ) -> "tuple[iam.Role, list[pulumi.Resource]]":
        """Make the role that runs one query, and return it with its permissions."""
        place = {
            "partition": self._location.partition,
            "region": self._location.region,
            "account": self._location.account,
        }
        logical_name = f"{self._owner}-scheduledQueries/{query}"
        role = iam.Role(
            logical_name,
            name=role_name(self._owner, "scheduledQueries", query),
            description=f"{self._owner}: scheduledQueries/{query}",
            assume_role_policy=compact(
                scheduled_query_trust_policy(**place, query=scheduled_query_name(self._owner, query))
            ),
            permissions_boundary=self._boundary_arn,
            tags={**self._tags, **settings.tags},
            opts=child_of(self),
        )

        # What is known before anything is made stands in a document that the gate can read at preview.
        permissions: list[pulumi.Resource] = [
            iam.RolePolicy(
                logical_name,
                name="timestream",
                role=role.name,
                policy=compact(data_policy(settings, self._location)),
                opts=child_of(self),
            ),
            iam.RolePolicy(
                f"{logical_name}/reports",
                name="reports",
                role=role.name,
                policy=self._reports(query, key_arn, database_key_arns),
                opts=child_of(self),
            ),
        ]
        return role, permissions

    def _reports(
        self, query: str, key_arn: TextInput, database_key_arns: Sequence[TextInput]
    ) -> pulumi.Output[str]:
        topic_keys = [] if self._topic_key_arn is None else [self._topic_key_arn]

        def write(arns: Sequence[str]) -> str:
            topic_arn, bucket_arn, query_key_arn, *others = arns
            return compact(
                report_policy(
                    query,
                    topic_arn=topic_arn,
                    topic_key_arn=others[0] if topic_keys else None,
                    bucket_arn=bucket_arn,
                    query_key_arn=query_key_arn,
                    database_key_arns=others[len(topic_keys) :],
                    location=self._location,
                )
            )

        values = [self._topic_arn, self._rejected_records.bucket_arn, key_arn, *topic_keys]
        return pulumi.Output.all(*values, *database_key_arns).apply(write)


def _explain_empty_tables(
    component: pulumi.Resource, owner: str, query: str, sources: Sequence[str]
) -> pulumi.ResourceHookBinding | None:
    """Say what to do when Timestream knows no column: it says nothing about tables that never held data.

    https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2086
    """
    if not engine_calls_back():
        return None

    tables = " or ".join(sources)

    async def explain(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation == "create" and _NO_COLUMN.search(args.errors[0]):
            pulumi.log.error(
                f"scheduled query {query}: a table has the columns of its records only. If {tables} never "
                "held a record, set enabled to false, run pulumi up, write records, and set it to true",
                resource=component,
            )
        return False  # no second attempt

    hook = pulumi.ErrorHook(hook_name(f"creation of scheduled query {query} in {owner}"), explain)
    return pulumi.ResourceHookBinding(on_error=[hook])


def _target(
    target: Target, path: str, query: str
) -> "timestreamquery.ScheduledQueryTargetConfigurationArgsDict":
    """Write each row as one multi-measure record."""
    database, _, table = path.partition("/")
    return {
        "timestream_configuration": {
            "database_name": database,
            "table_name": table,
            "time_column": target.time_column or "",
            "dimension_mappings": [
                {"name": column, "dimension_value_type": kind} for column, kind in target.dimensions.items()
            ],
            "multi_measure_mappings": {
                "target_multi_measure_name": target.measure_name or query,
                "multi_measure_attribute_mappings": [
                    {
                        "source_column": column,
                        "measure_value_type": measure.type or "",
                        "target_multi_measure_attribute_name": measure.name or column,
                    }
                    for column, measure in target.measures.items()
                ],
            },
        }
    }
