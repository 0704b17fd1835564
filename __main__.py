"""The root program: a stack's typed configuration becomes one TimestreamBaseline."""

import pulumi

from timestream_baseline import TimestreamBaseline
from timestream_baseline.configuration import arguments_from_stack

baseline = TimestreamBaseline("baseline", arguments_from_stack())

for name, value in baseline.outputs().items():
    pulumi.export(name, value)
