from timestream_policies.evaluation import Verdict, judge
from timestream_policies.examples import Given, build
from timestream_policies.examples.databases import KEY_ARN
from timestream_policies.rules.tags import regions_agree
from timestream_policies.types import DATABASE


def test_a_region_that_nothing_says_is_an_assumption() -> None:
    stack = build((Given(DATABASE, {"kmsKeyId": KEY_ARN}),))
    judgement = judge(regions_agree, stack.resources[0], stack)
    assert judgement.verdict is Verdict.PASS
    assert [assumption.text for assumption in judgement.assumptions] == [
        f"the provider stands in eu-west-1, as {KEY_ARN} does"
    ]
