"""The host of the component package: what makes the component usable from every Pulumi language."""

from __future__ import annotations

import sys

import pulumi
import pulumi.provider
from pulumi.provider.experimental.analyzer import ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from timestream_baseline.baseline import TimestreamBaseline
from timestream_baseline.inputs import ArgumentsError, CamelCaseArgs

PACKAGE = "timestream-baseline"
VERSION = "0.1.0"


class BaselineProvider(ComponentProvider):
    """Hands the inputs to the normaliser as they come.

    The SDK's own mapping drops unknown keys, stops at the first mistake, and fails on computed numbers.
    """

    def __init__(self) -> None:
        super().__init__([TimestreamBaseline], PACKAGE, None, VERSION)

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


def _for_the_engine(error: ArgumentsError) -> pulumi.InputPropertiesError:
    """Drop the `RunError` half, which the SDK's server would report without the paths."""
    return pulumi.InputPropertiesError(error.message, error.errors)


def main() -> None:
    """Serve the package until the engine ends it."""
    pulumi.provider.main(BaselineProvider(), sys.argv[1:])
