import pytest

from aws_sandbox.names import fill_in
from tests.sandbox.services.resources import types


@pytest.mark.parametrize(
    ("token", "name", "inputs", "expected"),
    [
        ("aws:s3/bucket:Bucket", "bucket", {}, "meterrejects-2d71164"),
        ("aws:sns/topic:Topic", "name", {}, "MeterRejects-2d71164"),
        ("aws:sns/topic:Topic", "name", {"fifoTopic": True}, "MeterRejects-2d71164.fifo"),
        ("aws:sqs/queue:Queue", "name", {"fifoQueue": True}, "MeterRejects-2d71164.fifo"),
    ],
)
def test_a_chosen_name_has_the_form_that_aws_asks_for(
    token: str, name: str, inputs: dict[str, object], expected: str
) -> None:
    filled = fill_in(types()[token], inputs, {}, name="MeterRejects", seed=b"x", proposed="")
    assert filled[name] == expected
