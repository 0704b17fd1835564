"""The rule that a warning names reports the weakened default, and is silent about the default."""

import re
from typing import Any

import pytest

from tests.components.arns import arn_of, id_of, physical_name
from tests.components.recorder import Deployment, Registration
from tests.components.test_component import DEFAULT, baseline
from timestream_policies.evaluation import Verdict, evaluate
from timestream_policies.model import Options, Resource
from timestream_policies.rules import RULES
from timestream_policies.settings import Settings
from timestream_policies.stack import Stack
from timestream_policies.values import Properties

ROLE = {"trust": {"services": ["glue.amazonaws.com"]}}
NETWORK = {
    "vpc_id": "vpc-0a1b2c3d4e5f67890",
    "subnet_ids": ["subnet-0a1b2c3d4e5f6789a", "subnet-0a1b2c3d4e5f6789b"],
    "client_security_group_ids": ["sg-0a1b2c3d4e5f67890"],
    "ingest_cell": "cell2",
    "query_cell": "cell3",
}
INFLUXDB = {
    "plant": {
        "vpc_id": NETWORK["vpc_id"],
        "subnet_ids": NETWORK["subnet_ids"],
        "allowed_security_group_ids": NETWORK["client_security_group_ids"],
        "organization": "example",
        "bucket": "machines",
        "username": "operator",
    }
}
SECURE = {**DEFAULT, "access": {"writers": {"ingest": ROLE}}, "network": NETWORK}


def outputs_of(found: Registration) -> dict[str, Any]:
    name = physical_name(found.name, found.inputs)
    return {**found.inputs, "arn": arn_of(found.type, found.name, found.inputs), "name": name, "bucket": name}


def reported(made: Deployment, rule: str) -> bool:
    stack = Stack(
        (
            Resource(
                urn=found.urn,
                type_=found.type,
                name=found.name,
                inputs=Properties.of(found.inputs),
                outputs=Properties.of(outputs_of(found)),
                id_=id_of(found.type, found.name),
                parent=found.parent,
                dependencies=found.dependencies,
                options=Options(protect=found.protect, retain_on_delete=found.retain_on_delete),
            )
            for found in made.registrations
        ),
        name="test",
        settings=Settings(production=("*",)),
        offers=("options", "retain_on_delete"),
    )
    return any(one.verdict is Verdict.FAIL for one in evaluate(stack, [RULES[rule]]))


@pytest.mark.parametrize(
    ("weakened", "rules"),
    [
        pytest.param({"protect_data": False}, {"TS-GEN-003"}, id="nothing protected"),
        pytest.param({"encryption": {"deletion_window_days": 7}}, {"TS-KMS-003"}, id="a week to notice"),
        pytest.param({"audit": {"trail": "none"}}, {"TS-CT-013"}, id="no trail"),
        pytest.param({"audit": {"data_events": False}}, {"TS-CT-013"}, id="no data events"),
        pytest.param({"audit": {"insights": False}}, {"TS-CT-010"}, id="no insights"),
        pytest.param({"audit": {"multi_region": False}}, {"TS-CT-003"}, id="one region"),
        pytest.param({"audit": {"log_retention_days": 90}}, {"TS-CW-007"}, id="a short log"),
        pytest.param({"monitoring": {"cis_filters": "none"}}, {"TS-CW-008"}, id="no filters of CIS"),
        pytest.param({"backup": {"enabled": False}}, {"TS-BK-002"}, id="no backups"),
        pytest.param({"backup": {"retention_days": 7}}, {"TS-BK-003"}, id="backups of a week"),
        pytest.param({"backup": {"vault_lock": "none"}}, {"TS-BK-005"}, id="an open vault"),
        pytest.param(
            {"network": {"ingest_cell": "cell2", "query_cell": "cell3"}}, {"TS-EP-001"}, id="no endpoints"
        ),
        pytest.param({"network": {**NETWORK, "private_dns": False}}, {"TS-EP-004"}, id="no private names"),
        pytest.param(
            {"influxdb": {"plant": {**INFLUXDB["plant"], "multi_az": False}}},
            {"TS-IDB-007"},
            id="no standby",
        ),
    ],
)
def test_the_rule_that_a_warning_names_reports_it(weakened: dict[str, Any], rules: set[str]) -> None:
    secure = baseline({**SECURE, **({"influxdb": INFLUXDB} if "influxdb" in weakened else {})})
    made = baseline({**SECURE, **weakened})

    warned = " ".join(message for level, message in made.log if level == "warning")
    assert rules <= set(re.findall(r"TS-[A-Z0-9]+-\d{3}", warned))
    for rule in rules:
        assert reported(made, rule)
        assert not reported(secure, rule)
