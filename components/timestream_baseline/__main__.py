"""Runs the command: `python -m timestream_baseline adopt --region eu-west-1`."""

from timestream_baseline.command import main

if __name__ == "__main__":
    raise SystemExit(main())
