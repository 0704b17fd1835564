"""CrossGuard policies for every Pulumi stack that touches Amazon Timestream."""

__version__ = "0.1.0"
