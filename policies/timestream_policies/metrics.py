"""The metrics that Timestream publishes, and the dimensions they come with."""

from timestream_policies.model import Part, Resource
from timestream_policies.undecided import any_of

LIVE_ANALYTICS = "AWS/Timestream"
INFLUXDB = "AWS/Timestream/InfluxDB"
INVENTED_NAMESPACE = "AWS/TimestreamInfluxDB"

_TABLE = ("DatabaseName", "Operation", "TableName")
# Timestream Developer Guide, "Timestream metrics and dimensions": all dimensions must be given.
DIMENSIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "SuccessfulRequestLatency": (("Operation",), _TABLE),
    "MagneticStoreRejectedRecordCount": (_TABLE,),
    "MagneticStoreRejectedUploadUserFailures": (_TABLE,),
    "MagneticStoreRejectedUploadSystemFailures": (_TABLE,),
    "ActiveMagneticStorePartitions": (("DatabaseName", "Operation"),),
    "MagneticStorePendingRecordsLatency": (_TABLE,),
    "MemoryCumulativeBytesMetered": (("Operation",),),
    "MagneticCumulativeBytesMetered": (("Operation",),),
    "CumulativeBytesMetered": (("Operation",),),
    "NumberOfRecords": (("Operation",),),
    "SystemErrors": (("Operation",),),
    "UserErrors": (("Operation",),),
    "ResourceCount": (("Class", "Resource", "Service", "Type"),),
}


def watched_metric(place: Part) -> str | None:
    """Return why a metric that an alarm watches never has data; None if it can have."""
    namespace = place.get("namespace")
    if namespace == INVENTED_NAMESPACE:
        return f"watches the namespace {namespace}, which does not exist: it is {INFLUXDB}"
    metric = place.get("metricName")
    if namespace == INFLUXDB and not place.get("dimensions"):
        return f"watches {metric} by no dimension, but it is published by DbInstanceName only"
    if namespace != LIVE_ANALYTICS:
        return None
    if metric not in DIMENSIONS:
        return f"watches {metric}, which Timestream does not publish"
    given = tuple(sorted(place.get("dimensions", {})))
    if given in DIMENSIONS[metric]:
        return None
    wanted = " or ".join(" + ".join(dimensions) for dimensions in DIMENSIONS[metric])
    return f"watches {metric} by {' + '.join(given) or 'no dimension'}, but it is published by {wanted} only"


def watches(alarm: Resource, metric: str, namespace: str = LIVE_ANALYTICS) -> bool:
    """Tell whether an alarm watches a metric of Timestream in a way that can fire."""
    if alarm.get("metricName") == metric and alarm.get("namespace") == namespace:
        return watched_metric(alarm) is None
    return any_of(alarm.each("metricQueries"), lambda query: _queries(query, metric, namespace))


def _queries(query: Part, metric: str, namespace: str) -> bool:
    expression = str(query.get("expression", ""))
    if expression.upper().lstrip().startswith("SELECT"):
        return f'"{namespace}"' in expression and metric in expression
    watched = query.part("metric")
    return (
        watched.get("metricName") == metric
        and watched.get("namespace") == namespace
        and watched_metric(watched) is None
    )
