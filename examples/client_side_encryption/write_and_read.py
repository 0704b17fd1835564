"""Writes one record with an encrypted value and reads it back. Reads `pulumi stack output --json`."""

import json
import sys
import time
from datetime import UTC, datetime
from typing import Any

import boto3
from sealing import Opener, Record, Sealer

DATABASE, TABLE = "clinic", "visits"
LATEST = 'SELECT time, heart_rate, diagnosis FROM "clinic"."visits" ORDER BY time DESC LIMIT 1'
DIMENSIONS = {"ward": "3", "patient": "0815"}
MEASURE = "visit"
DIAGNOSIS = "acute appendicitis"


def bound(time_ns: int) -> Record:
    return Record(DATABASE, TABLE, DIMENSIONS, MEASURE, "diagnosis", time_ns)


def write(timestream: Any, sealer: Sealer) -> None:
    time_ns = time.time_ns()
    timestream.write_records(
        DatabaseName=DATABASE,
        TableName=TABLE,
        Records=[
            {
                "Dimensions": [{"Name": name, "Value": value} for name, value in DIMENSIONS.items()],
                "MeasureName": MEASURE,
                "MeasureValueType": "MULTI",
                "MeasureValues": [
                    # What queries filter and compute with stays readable.
                    {"Name": "heart_rate", "Value": "88", "Type": "BIGINT"},
                    {"Name": "diagnosis", "Value": sealer.seal(DIAGNOSIS, bound(time_ns)), "Type": "VARCHAR"},
                ],
                "Time": str(time_ns),
                "TimeUnit": "NANOSECONDS",
            }
        ],
    )


def read(timestream: Any, opener: Opener) -> dict[str, str]:
    answer = timestream.query(QueryString=LATEST)
    at, heart_rate, sealed = (cell["ScalarValue"] for cell in answer["Rows"][0]["Data"])
    return {
        "heartRate": heart_rate,
        "stored": f"{len(sealed)} bytes, beginning with {sealed[:8]}",
        "diagnosis": opener.open(sealed, bound(nanoseconds(at))),
    }


def nanoseconds(timestamp: str) -> int:
    """Turn Timestream's text, such as 2026-11-22 18:00:00.000000001, into nanoseconds since 1970."""
    seconds, _, fraction = timestamp.partition(".")
    whole = int(datetime.fromisoformat(seconds).replace(tzinfo=UTC).timestamp())
    return whole * 10**9 + int(fraction.ljust(9, "0"))


def main() -> None:
    outputs = json.load(sys.stdin)
    key_arn, urls = outputs["keyArn"], outputs["endpointUrls"]
    aws = boto3.Session(region_name=key_arn.split(":")[3])
    kms = aws.client("kms")
    ingest = aws.client("timestream-write", endpoint_url=urls["ingest"])
    query = aws.client("timestream-query", endpoint_url=urls["query"])
    write(ingest, Sealer(kms, key_arn, DATABASE))
    found = read(query, Opener(kms, key_arn, DATABASE))
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
