"""What the role that deploys the baseline may do: one policy for each part.

The actions are those that the provider calls to make, read, change and remove the part's resources, together
with what AWS documents for the handlers of the same resources in CloudFormation (the permissions of the
resource types in its registry). Names that are ours bound what they reach; where AWS makes up the id (keys,
endpoints, security groups, plans) the account and the region do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from timestream_baseline.documents.deploying import control, data, network
from timestream_baseline.documents.deploying.scope import Scope
from timestream_baseline.documents.parts import Document, Statement, document

__all__ = ["PARTS", "Scope", "deploying_policies"]

PARTS: Final[Mapping[str, Callable[[Scope], list[Statement]]]] = {
    "keys": data.keys,
    "databases": data.databases,
    "rejected-records": data.rejected_records,
    "influxdb": data.influxdb,
    "network": network.network,
    "access": control.access,
    "audit": control.audit,
    "monitoring": control.monitoring,
    "backup": control.backup,
    "empty-buckets": data.emptied_buckets,
}


def deploying_policies(scope: Scope) -> dict[str, Document]:
    """Write the policies of the deploying role, by part. Parts that a stack leaves out may be left out.

    As many as IAM attaches to one role by default. Every stack needs "keys".
    """
    return {part: document(*statements(scope)) for part, statements in PARTS.items()}
