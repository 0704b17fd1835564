"""Serves the package `timestream-baseline` to the Pulumi engine."""

from timestream_baseline.host import main

if __name__ == "__main__":
    main()
