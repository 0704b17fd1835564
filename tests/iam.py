"""IAM decisions by an evaluator that this project did not write (tests/node)."""

import json
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

# The evaluator knows the claims of a few identity providers only. This one has the plain ones of OIDC.
KNOWN_PROVIDER = "accounts.google.com"
NODE = Path(__file__).resolve().parent / "node"


@dataclass(frozen=True)
class Request:
    """One request of one principal, with every document that decides about it."""

    principal: str
    """The ARN of a role, a session, or an identity provider; or the name of a service."""
    action: str
    resource: str
    policies: tuple[str, ...] = ()
    """The identity policies of the principal, as JSON text."""
    resource_policy: str | None = None
    """What the resource says itself: a key policy, a bucket policy, the trust policy of a role."""
    context: Mapping[str, str | list[str]] = field(default_factory=dict)
    boundaries: tuple[str, ...] = ()
    """Permissions boundaries: the request must be allowed by each of them as well."""
    endpoint_policies: tuple[str, ...] = ()
    """Policies of the VPC endpoint that the request goes through: they must allow it as well."""
    account: str | None = None
    """The account of the resource. Default: that of its ARN, else that of the principal."""

    @property
    def owner(self) -> str:
        """Say to which account the resource belongs."""
        arns = (text.split(":") for text in (self.resource, self.principal) if text.startswith("arn:"))
        return self.account or next(parts[4] for parts in arns if parts[4])


class _Documents:
    """Documents by number: thousands of requests share a few of them."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self.numbers.setdefault(_known_names(text), len(self.numbers))

    def all(self, texts: Sequence[str]) -> list[int]:
        return [self.number(text) for text in texts]


def _known_claims(request: Request) -> Request:
    """Write the claims of any identity provider as those of one that the evaluator knows."""
    _, _, host = request.principal.partition(":oidc-provider/")
    if not host:
        return request
    trust = (request.resource_policy or "").replace(f'"{host}:', f'"{KNOWN_PROVIDER}:')
    context = {key.replace(f"{host}:", f"{KNOWN_PROVIDER}:"): value for key, value in request.context.items()}
    return replace(request, resource_policy=trust, context=context)


def _known_names(text: str) -> str:
    """Write the names of encryption contexts, which the evaluator does not know, as tags, which it does."""
    return re.sub(
        r"kms:EncryptionContext:([\w:-]+)",
        lambda found: f"aws:PrincipalTag/encryption-context-{found[1].replace(':', '-')}",
        text,
    )


def _simulation(request: Request, documents: _Documents) -> dict[str, Any]:
    return {
        "request": {
            "principal": request.principal,
            "action": request.action,
            "resource": {"resource": request.resource, "accountId": request.owner},
            "contextVariables": {_known_names(key): value for key, value in request.context.items()},
        },
        "identity": documents.all(request.policies),
        "resourcePolicy": None
        if request.resource_policy is None
        else documents.number(request.resource_policy),
        "boundaries": documents.all(request.boundaries),
        "endpoints": documents.all(request.endpoint_policies),
    }


def allowed(requests: Iterable[Request]) -> list[bool]:
    """Return the decision about each request; a request that the evaluator cannot judge is an error."""
    documents = _Documents()
    simulations = [_simulation(_known_claims(request), documents) for request in requests]
    done = subprocess.run(
        ["node", "evaluate.mjs"],
        cwd=NODE,
        input=json.dumps(
            {"documents": [json.loads(text) for text in documents.numbers], "simulations": simulations}
        ),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    answers = json.loads(done.stdout)
    assert len(answers) == len(simulations)
    for request, answer in zip(simulations, answers, strict=True):
        if "error" in answer:
            raise ValueError(f"cannot judge {request['request']}: {answer['error']}")
    return [answer["result"] == "Allowed" for answer in answers]
