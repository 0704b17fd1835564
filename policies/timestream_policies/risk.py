"""Accept a risk in the program itself, beside the resource that it is about.

    risk = accept_risk(
        "TS-KMS-002",
        resource="urn:pulumi:prod::*::aws:kms/key:Key::legacy",
        reason="The old reader cannot follow a rotation before March",
        owner="data-platform@example.com",
        expires="2027-03-31",
    )
    key = aws.kms.Key("legacy", opts=pulumi.ResourceOptions(depends_on=[risk]))

The resource is judged when it is registered, so the risk must be there before: `depends_on` says so.
"""

from datetime import date
from hashlib import sha256

import pulumi

from timestream_policies.suppressions import checked
from timestream_policies.types import ACCEPTED_RISK


class AcceptedRisk(pulumi.ComponentResource):
    """A marker in the stack: its inputs and outputs are the entry, and it makes nothing."""

    def __init__(self, name: str, entry: dict[str, str], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(ACCEPTED_RISK, name, dict(entry), opts)
        # Who depends on a component waits for its children, and this one has none. Counted as remote
        # it stands for itself: a resource that depends on it is registered after it.
        self._remote = True
        self.register_outputs(dict(entry))


def accept_risk(
    rule: str,
    *,
    resource: str,
    reason: str,
    owner: str,
    expires: str | date,
    key: str | None = None,
) -> AcceptedRisk:
    """Accept what a rule finds on a resource, until a day at most a year away.

    `resource` is the URN or the name, with `*` and `?` as wildcards; `key` narrows it to one finding.
    Wrong values raise `WrongSuppressions`, a `ValueError`, with all that is wrong.
    """
    content = {
        "rule": rule,
        "resource": resource,
        "reason": reason,
        "owner": owner,
        "expires": expires,
        "key": key,
    }
    checked({name: value for name, value in content.items() if value is not None}, "accept_risk")
    entry = {name: str(value) for name, value in content.items() if value is not None}
    mark = sha256(f"{resource}\n{key or ''}".encode()).hexdigest()[:8]
    return AcceptedRisk(f"accepted-risk-{rule}-{mark}", entry)
