"""What roles may do that work with records: writers and readers, and how both use keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from timestream_baseline.documents.conditions import NO_TAGS, has_tags
from timestream_baseline.documents.keys import timestream_service
from timestream_baseline.documents.parts import Document, allow, document


def writer_policy(*, table_arns: Sequence[str], resource_tags: Mapping[str, str] = NO_TAGS) -> Document:
    """Let a role write records, and nothing else."""
    return document(
        allow(
            "WriteRecords",
            ["timestream:WriteRecords"],
            sorted(table_arns),
            condition=has_tags(resource_tags),
        ),
        # DescribeEndpoints knows no resource; every other action depends on it.
        allow("DiscoverEndpointsWhichHaveNoResource", ["timestream:DescribeEndpoints"], "*"),
    )


def reader_policy(*, table_arns: Sequence[str], resource_tags: Mapping[str, str] = NO_TAGS) -> Document:
    """Let a role query tables, and nothing else."""
    return document(
        allow(
            "QueryTables",
            ["timestream:DescribeTable", "timestream:ListMeasures", "timestream:Select"],
            sorted(table_arns),
            condition=has_tags(resource_tags),
        ),
        allow(
            "ActionsThatHaveNoResource",
            ["timestream:CancelQuery", "timestream:DescribeEndpoints", "timestream:SelectValues"],
            "*",
        ),
    )


def key_use_policy(*, key_arns: Sequence[str], region: str, dns_suffix: str) -> Document:
    """Let a role decrypt with the databases' keys, but only inside calls to Timestream.

    AWS documents kms:Decrypt for query credentials. About writers it says nothing; without Select a writer
    gains nothing by it.
    https://docs.aws.amazon.com/timestream/latest/developerguide/EncryptionAtRest.html
    """
    return document(
        allow(
            "DecryptThroughTimestream",
            ["kms:Decrypt"],
            sorted(set(key_arns)),
            condition={
                "StringEquals": {"kms:ViaService": timestream_service(region=region, dns_suffix=dns_suffix)}
            },
        )
    )
