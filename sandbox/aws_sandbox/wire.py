"""Values between the protocol's `Struct` and plain Python.

The provider neither accepts secrets nor output values (it says so in its handshake), so the engine sends
plain values and keeps secrecy by itself; what is left to translate is numbers, which all travel as floats,
and values that are not known yet, which travel as one of seven sentinel strings. Only the provider's own
configuration always comes with its secrets marked.
"""

from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import ListValue, Struct, Value

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The sentinel for a value that is not known yet. Pulumi defines one for each kind of value
(sdk/go/common/resource/plugin/rpc.go); the engine takes any of them for any value."""

_SENTINELS = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        UNKNOWN,
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key of a marked value (sdk/go/common/resource/sig/sig.go), and what it holds for a secret:"""
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark, not a secret


def is_unknown(value: Any) -> bool:
    """Say whether the value itself is not known yet."""
    return isinstance(value, str) and value in _SENTINELS


def has_unknown(value: Any) -> bool:
    """Say whether the value or anything in it is not known yet."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return is_unknown(value)


def from_struct(struct: Struct) -> dict[str, Any]:
    """Read the properties of a request; absent and null are the same."""
    properties = {key: _from_value(value) for key, value in struct.fields.items()}
    return {key: value for key, value in properties.items() if value is not None}


def _from_value(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "struct_value":
            properties = from_struct(value.struct_value)
            return properties.get("value") if properties.get(_SIGNATURE) == _SECRET else properties
        case "list_value":
            return [_from_value(item) for item in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case _:
            return None


def to_struct(properties: dict[str, Any]) -> Struct:
    """Write the properties of an answer; None means absent."""
    struct = Struct()
    ParseDict(_without_none(properties), struct)
    return struct


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple | set | frozenset | ListValue):
        return [_without_none(item) for item in value]
    return value
