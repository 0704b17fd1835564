"""IAM decisions by an evaluator that this project did not write (tests/node)."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NODE = Path(__file__).resolve().parent / "node"


@dataclass(frozen=True)
class Request:
    """One request of one principal, with every document that decides about it."""

    principal: str
    action: str
    resource: str
    policies: tuple[str, ...]
    """The identity policies of the principal, as JSON text."""
    resource_policy: str | None = None
    context: Mapping[str, str] = field(default_factory=dict)

    def simulation(self) -> dict[str, Any]:
        account = self.principal.split(":")[4]
        simulation: dict[str, Any] = {
            "request": {
                "principal": self.principal,
                "action": self.action,
                "resource": {"resource": self.resource, "accountId": account},
                "contextVariables": dict(self.context),
            },
            "identityPolicies": [
                {"name": f"policy-{i}", "policy": json.loads(text)} for i, text in enumerate(self.policies)
            ],
            "serviceControlPolicies": [],
            "resourceControlPolicies": [],
        }
        if self.resource_policy is not None:
            simulation["resourcePolicy"] = json.loads(self.resource_policy)
        return simulation


def allowed(requests: Iterable[Request]) -> list[bool]:
    """Return the decision about each request; a request that the evaluator cannot judge is an error."""
    simulations = [request.simulation() for request in requests]
    done = subprocess.run(
        ["node", "evaluate.mjs"],
        cwd=NODE,
        input=json.dumps(simulations),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answers = json.loads(done.stdout)
    assert len(answers) == len(simulations)
    wrong = [(s["request"], a["error"]) for s, a in zip(simulations, answers, strict=True) if "error" in a]
    assert wrong == []
    return [answer["result"] == "Allowed" for answer in answers]
