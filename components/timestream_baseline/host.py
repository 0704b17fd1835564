"""The host of the component package: what makes the component usable from every Pulumi language."""

from __future__ import annotations

import ast
import inspect
import json
import sys
from typing import Final, get_type_hints, is_typeddict

import pulumi
import pulumi.provider
from pulumi.provider.experimental.analyzer import ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.experimental.schema import generate_schema
from pulumi.provider.server import ComponentInitError

from timestream_baseline.access import AccessRoles
from timestream_baseline.audit import AuditTrail
from timestream_baseline.backup import Backup
from timestream_baseline.baseline import TimestreamBaseline
from timestream_baseline.databases import LiveAnalytics
from timestream_baseline.encryption import EncryptionKey
from timestream_baseline.endpoints import PrivateEndpoints
from timestream_baseline.influxdb import InfluxDb
from timestream_baseline.inputs import ArgumentsError, CamelCaseArgs
from timestream_baseline.monitoring import Monitoring

PACKAGE = "timestream-baseline"
VERSION = "0.1.0"
# The baseline, and its parts that can be used alone.
CLASSES: Final = (
    TimestreamBaseline,
    EncryptionKey,
    LiveAnalytics,
    InfluxDb,
    PrivateEndpoints,
    AuditTrail,
    AccessRoles,
    Monitoring,
    Backup,
)


class BaselineProvider(ComponentProvider):
    """Hands the inputs to the normaliser as they come.

    The SDK's own mapping drops unknown keys, stops at the first mistake, and fails on computed numbers.
    """

    def __init__(self) -> None:
        super().__init__(list(CLASSES), PACKAGE, None, VERSION)
        self._describe_inherited_properties()
        schema = generate_schema(
            PACKAGE, VERSION, None, self._component_defs, self._type_defs, self._dependencies
        )
        self.schema = json.dumps(schema.to_json())

    def _describe_inherited_properties(self) -> None:
        """Describe the properties that arguments have from another type: the SDK leaves them out."""
        described = [
            (
                definition.inputs,
                definition.inputs_mapping,
                get_type_hints(self._components[name].__init__)["args"],
            )
            for name, definition in self._component_defs.items()
        ]
        described += [
            (definition.properties, definition.properties_mapping, definition.python_type)
            for definition in self._type_defs.values()
        ]
        for properties, names, arguments in described:
            for name, definition in properties.items():
                if definition.description is None:
                    definition.description = self._description(arguments, names[name])

    def _description(self, arguments: type, name: str) -> str | None:
        found: str | None = self.analyzer.get_docstring(arguments, name)
        return found or next(
            filter(None, (self._description(base, name) for base in _bases(arguments))), None
        )

    def map_inputs(self, inputs: pulumi.Inputs, component_def: ComponentDefinition) -> pulumi.Inputs:  # noqa: ARG002
        """Leave the mapping to the normaliser."""
        return CamelCaseArgs(inputs)

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> pulumi.provider.ConstructResult:
        """Make the component; mistakes in arguments become diagnostics with property paths."""
        try:
            return super().construct(name, resource_type, inputs, options)
        except ArgumentsError as error:
            raise _for_the_engine(error) from None
        except ComponentInitError as error:
            if isinstance(error.inner, ArgumentsError):
                raise _for_the_engine(error.inner) from None
            if isinstance(error.inner, pulumi.RunError):
                raise error.inner from None  # the SDK's server adds no stack trace to a RunError
            raise


def _bases(arguments: type) -> list[type]:
    """Find what a TypedDict is made from: before Python 3.12 only its source says so."""
    definition = ast.parse(inspect.getsource(arguments)).body[0]
    named = definition.bases if isinstance(definition, ast.ClassDef) else []
    module = sys.modules[arguments.__module__]
    found = [getattr(module, base.id) for base in named if isinstance(base, ast.Name)]
    return [base for base in found if is_typeddict(base)]


def _for_the_engine(error: ArgumentsError) -> pulumi.InputPropertiesError:
    """Drop the `RunError` half, which the SDK's server would report without the paths."""
    return pulumi.InputPropertiesError(error.message, error.errors)


def main() -> None:
    """Serve the package until the engine ends it."""
    pulumi.provider.main(BaselineProvider(), sys.argv[1:])
