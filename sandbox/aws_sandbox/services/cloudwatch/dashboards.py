"""CloudWatch dashboards."""

import json
from collections.abc import Iterator

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services._calls import found
from aws_sandbox.wire import is_unknown

_GONE = ("ResourceNotFound", "DashboardNotFoundError")
_MOST_WIDGETS = 500
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"""


def _check(inputs: Properties) -> Iterator[tuple[str, str]]:
    body = inputs["dashboardBody"]
    if is_unknown(body):
        return
    try:
        widgets = json.loads(body).get("widgets", [])
    except (ValueError, AttributeError):
        yield "dashboardBody", "it is not a JSON object."
        return
    if len(widgets) > _MOST_WIDGETS:
        problem = f"it has {len(widgets)} widgets, CloudWatch takes at most {_MOST_WIDGETS}."
        yield "dashboardBody", f"{problem} Split the dashboard."


def _put(aws: Aws, inputs: Properties) -> None:
    aws.client("cloudwatch").put_dashboard(
        DashboardName=inputs["dashboardName"], DashboardBody=inputs["dashboardBody"]
    )


def _create(aws: Aws, inputs: Properties) -> str:
    _put(aws, inputs)
    return str(inputs["dashboardName"])


def _read(aws: Aws, name: str, state: Properties) -> Properties | None:
    client = aws.client("cloudwatch")
    answer = found(lambda: client.get_dashboard(DashboardName=name), *_GONE)
    if answer is None:
        return None
    return {
        "dashboardArn": answer["DashboardArn"],
        "dashboardBody": answer["DashboardBody"],
        "dashboardName": name,
    }


def _update(aws: Aws, name: str, state: Properties, inputs: Properties) -> None:
    _put(aws, inputs)


def _delete(aws: Aws, name: str, state: Properties) -> None:
    client = aws.client("cloudwatch")
    found(lambda: client.delete_dashboards(DashboardNames=[name]), *_GONE)


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:cloudwatch/dashboard:Dashboard",
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        replaces=frozenset({"dashboardName"}),
        json_documents=frozenset({"dashboardBody"}),
        check=_check,
    ),
)
