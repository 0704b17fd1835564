"""What the inputs of an InfluxDB instance or cluster say about it."""

from timestream_policies.model import Resource
from timestream_policies.types import DB_CLUSTER

PORTS = {"v2": 8086, "v3": 8181}
_OF_V3 = "influxdbv3"


def is_version_3(database: Resource) -> bool:
    """Tell whether it runs InfluxDB 3, which the parameter group decides.

    With a group of the user's own a cluster tells by its storage: InfluxDB 3 takes none.
    """
    group = str(database.get("dbParameterGroupIdentifier", ""))
    if not group:
        return False
    return group.lower().startswith(_OF_V3) or (
        database.type == DB_CLUSTER and database.get("allocatedStorage") is None
    )


def port_of(database: Resource) -> int:
    """Return the port that it listens on."""
    default = PORTS["v3" if database.get("port") is None and is_version_3(database) else "v2"]
    return int(database.number("port", default))
