"""Timestream answers at cell hosts: DescribeEndpoints names the cell, the regional host knows nothing else.

The cells of the two APIs differ, so that no program can take one for the other or write one down.
"""

import re

from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction

INGEST_CELL = "cell2"
QUERY_CELL = "cell3"
CACHE_MINUTES = 1440

CELLS = {"timestream-write": f"ingest-{INGEST_CELL}", "timestream-query": f"query-{QUERY_CELL}"}

_CELL_HOST = re.compile(r"(ingest|query)-cell\d+\.timestream\.")


def cell_host(service: str, region: str) -> str:
    """Return the host at which this account uses a Timestream API."""
    return f"{CELLS[service]}.timestream.{region}.amazonaws.com"


def regional_host(host: str) -> str:
    """Return the host that moto knows for a host of AWS."""
    return _CELL_HOST.sub(r"\1.timestream.", host)


def _describe_endpoints(call: Operation) -> Result:
    address = cell_host(call.service, call.region)
    return {"Endpoints": [{"Address": address, "CachePeriodInMinutes": CACHE_MINUTES}]}


def _only_at_its_cell(call: Operation) -> None:
    # moto has one model for both APIs: an operation of the other one is none of this host's.
    known = call.model is not None and (
        call.name == "DescribeEndpoints" or call.host == cell_host(call.service, call.region)
    )
    if not known:
        raise AwsError("UnknownOperationException", "The operation is not known at this endpoint.", 404)


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/timestream/latest/developerguide/Using-API.endpoint-discovery.how-it-works.html",
    checks={(service, "*"): _only_at_its_cell for service in CELLS},
    handlers={(service, "DescribeEndpoints"): _describe_endpoints for service in CELLS},
)
