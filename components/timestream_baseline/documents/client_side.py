"""The key with which applications encrypt values before they send them to Timestream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from timestream_baseline.documents.keys import management
from timestream_baseline.documents.parts import Document, allow, document, root_arn

# What applications must say about a data key: the database whose values it encrypts.
CONTEXT_KEY: Final = "timestream:database"
_CONTEXT: Final = f"kms:EncryptionContext:{CONTEXT_KEY}"
# Applications call KMS themselves. With this nobody uses the key through another service, for other data.
_CALLED_DIRECTLY: Final[dict[str, str]] = {"kms:ViaService": "true"}


def client_side_key_policy(
    *,
    partition: str,
    region: str,  # noqa: ARG001 - all key policies are written from the same arguments
    account: str,
    dns_suffix: str,  # noqa: ARG001
    administrators: Sequence[str],
) -> Document:
    """Let the account make and open data keys, always for a database; which principals may, IAM decides.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    """
    return document(
        management(partition=partition, account=account, administrators=administrators),
        allow(
            "DataKeysForDatabasesAsIamAllows",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            "*",
            principal={"AWS": root_arn(partition=partition, account=account)},
            condition={
                "StringEquals": {"kms:CallerAccount": account},
                "Null": {_CONTEXT: "false", **_CALLED_DIRECTLY},
            },
        ),
    )


def client_side_writer_policy(*, key_arn: str, databases: Sequence[str]) -> Document:
    """Let a role make data keys for the values of its databases, and open none."""
    return document(
        allow(
            "MakeDataKeysForItsDatabases",
            ["kms:GenerateDataKey"],
            [key_arn],
            condition=_for_databases(databases),
        )
    )


def client_side_reader_policy(*, key_arn: str, databases: Sequence[str]) -> Document:
    """Let a role open the data keys of the values of its databases, and make none."""
    return document(
        allow("OpenDataKeysOfItsDatabases", ["kms:Decrypt"], [key_arn], condition=_for_databases(databases))
    )


def _for_databases(databases: Sequence[str]) -> dict[str, Any]:
    return {"StringEquals": {_CONTEXT: sorted(databases)}, "Null": _CALLED_DIRECTLY}
