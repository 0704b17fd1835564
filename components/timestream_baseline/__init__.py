"""A secure baseline for Amazon Timestream as a Pulumi component."""

from timestream_baseline.baseline import TimestreamBaseline
from timestream_baseline.inputs import ArgumentsError
from timestream_baseline.inputs.baseline import TimestreamBaselineArgs

__all__ = ["ArgumentsError", "TimestreamBaseline", "TimestreamBaselineArgs"]
