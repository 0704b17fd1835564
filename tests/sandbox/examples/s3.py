from tests.sandbox.examples import Example

EXAMPLES: dict[str, Example] = {
    "aws:s3/bucket:Bucket": Example(
        inputs={"bucket": "meter-rejects", "tags": {"team": "billing"}},
        change={"tags": {"team": "metering"}, "forceDestroy": True},
        replace={"bucket": "meter-errors"},
    ),
}
