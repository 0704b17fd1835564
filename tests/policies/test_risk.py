"""Risks that a program accepts: registered before what they cover, and right at once or not at all."""

from datetime import date, timedelta
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from tests.components.recorder import Deployment, deploy
from timestream_policies.model import Resource
from timestream_policies.risk import accept_risk
from timestream_policies.settings import Suppression
from timestream_policies.suppressions import WrongSuppressions, from_program
from timestream_policies.types import ACCEPTED_RISK
from timestream_policies.values import Properties

UNTIL = date.today() + timedelta(days=30)
GOOD: dict[str, Any] = {
    "rule": "TS-KMS-002",
    "resource": "*::legacy",
    "reason": "The old reader cannot follow a rotation",
    "owner": "data-platform@example.com",
    "expires": UNTIL.isoformat(),
}


def deployed(**changes: Any) -> Deployment:
    def program() -> dict[str, pulumi.Output[Any]]:
        entry = {**GOOD, **changes}
        risk = accept_risk(entry.pop("rule"), **entry)
        key = aws.kms.Key("legacy", opts=pulumi.ResourceOptions(depends_on=[risk]))
        return {"arn": key.arn}

    return deploy(program, unknown=True)


def test_the_risk_is_registered_before_the_resource_that_depends_on_it() -> None:
    risk, key = deployed().registrations
    assert risk.type == ACCEPTED_RISK
    assert key.dependencies == (risk.urn,)


@pytest.mark.parametrize("key", [None, "enableKeyRotation"])
def test_inputs_and_outputs_carry_the_entry(key: str | None) -> None:
    deployment = deployed(key=key, expires=UNTIL)
    (risk,) = deployment.of("AcceptedRisk")
    (outputs,) = (out for at, out in deployment.registered_outputs.items() if at.startswith(ACCEPTED_RISK))
    assert risk.inputs == outputs
    resource = Resource(urn=risk.urn, type_=risk.type, inputs=Properties.of(risk.inputs))
    assert from_program([resource]) == (Suppression(**{**GOOD, "expires": UNTIL, "key": key}),)


def test_two_risks_of_one_rule_have_two_names() -> None:
    def program() -> dict[str, pulumi.Output[Any]]:
        entry = {name: value for name, value in GOOD.items() if name not in ("rule", "resource")}
        for resource, key in (("a", None), ("b", None), ("a", "policy/Everyone")):
            accept_risk("TS-KMS-002", resource=resource, key=key, **entry)
        return {}

    risks = deploy(program).of("AcceptedRisk")
    assert len({risk.urn for risk in risks}) == len(risks) == 3


def test_wrong_values_are_errors_in_the_program_all_at_once() -> None:
    with pytest.raises(WrongSuppressions) as raised:
        accept_risk("TS-KMS-999", resource="*", reason="because", owner=" ", expires="2126-01-01")
    assert [mistake.partition(":")[0] for mistake in raised.value.mistakes] == [
        "accept_risk.rule",
        "accept_risk.resource",
        "accept_risk.reason",
        "accept_risk.owner",
        "accept_risk.expires",
    ]


def test_an_end_that_is_no_date_is_told() -> None:
    with pytest.raises(WrongSuppressions, match=r"accept_risk\.expires: 'soon' is not a date"):
        deployed(expires="soon")


def test_an_expired_risk_may_stay_in_the_program() -> None:
    (risk,) = deployed(expires="2020-01-01").of("AcceptedRisk")
    assert risk.inputs["expires"] == "2020-01-01"
