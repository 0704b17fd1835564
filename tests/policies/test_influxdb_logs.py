from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages
from timestream_policies.examples.influxdb_logs import ARN, BLOCK, DELIVERS, INSTANCE, TLS_ONLY, bucket
from timestream_policies.rules.influxdb_logs import log_buckets_are_hardened
from timestream_policies.types import DB_CLUSTER, DB_INSTANCE

WIDE = ["may do more than add logs to the bucket 'logs' (statement Delivers)"]
TO = "delivers its logs to the bucket 'logs', which "
NOT_FOR_OTHERS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:PutObject",
    "Resource": f"{ARN}/*",
    "Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}},
}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param((), [], id="a bucket of another stack"),
        pytest.param(bucket(DELIVERS, TLS_ONLY), [], id="hardened"),
        pytest.param(bucket(DELIVERS, NOT_FOR_OTHERS, TLS_ONLY), [], id="not for other accounts"),
        pytest.param(
            bucket(
                {**DELIVERS, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}, TLS_ONLY
            ),
            [],
            id="for one account",
        ),
        pytest.param(bucket(DELIVERS), [f"{TO}takes requests without TLS"], id="without TLS"),
        pytest.param(
            bucket(DELIVERS, TLS_ONLY, block={**BLOCK, "blockPublicAcls": False}),
            [f"{TO}does not block public access with all four flags"],
            id="public",
        ),
        pytest.param(
            bucket(DELIVERS, TLS_ONLY, versioning=None), [f"{TO}keeps no old versions"], id="no versions"
        ),
        pytest.param(bucket({**DELIVERS, "Action": "s3:*"}, TLS_ONLY), WIDE, id="everything"),
        pytest.param(
            bucket({**DELIVERS, "Action": ["s3:PutObject", "s3:GetObject"]}, TLS_ONLY), WIDE, id="reads"
        ),
        pytest.param(bucket({**DELIVERS, "Resource": f"{ARN}/*"}, TLS_ONLY), WIDE, id="anywhere"),
        pytest.param(
            bucket({**DELIVERS, "Resource": "arn:aws:s3:::*/InfluxLogs/*"}, TLS_ONLY), WIDE, id="any bucket"
        ),
        pytest.param(
            bucket({**DELIVERS, "Resource": UNKNOWN}, TLS_ONLY), [UNDECIDED], id="a place not known yet"
        ),
    ],
)
@pytest.mark.parametrize("type_", [DB_INSTANCE, DB_CLUSTER])
def test_log_buckets_are_hardened(type_: str, others: Any, expected: Any) -> None:
    assert messages(log_buckets_are_hardened, type_, INSTANCE, {}, *others) == expected


def test_without_delivery_there_is_nothing_to_judge() -> None:
    assert messages(log_buckets_are_hardened, DB_INSTANCE, {"name": "plant"}, {}) == []
    change = {"logDeliveryConfiguration": {"s3Configuration": {"bucketName": UNKNOWN, "enabled": True}}}
    assert messages(log_buckets_are_hardened, DB_INSTANCE, INSTANCE, change) == [UNDECIDED]
