"""The account guard: a resource that was recorded elsewhere is never touched and never said to be gone."""

import re

from aws_sandbox.resource import Properties
from aws_sandbox.states import MARK

_ACCOUNT_OF_ARN = re.compile(r"arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):")


class ForeignResourceError(Exception):
    """The recorded resource does not belong to the account that the provider works on."""


def require_own(urn: str, resource_id: str, state: Properties, account: str) -> None:
    """Raise unless the recorded state says that the resource was made by the sandbox in this account."""
    name = urn.rsplit("::", 1)[-1]
    way_out = "Select the stack of the account it belongs to, or remove it from this stack's state."
    mark = state.get(MARK, {}).get("account")
    if mark is None:
        raise ForeignResourceError(
            f"{name} ({resource_id}) was not recorded by the sandbox: it may be a real resource, "
            f"so it is neither read nor changed here. {way_out}"
        )
    for text in (state.get("arn"), resource_id):
        found = _ACCOUNT_OF_ARN.match(text) if isinstance(text, str) else None
        if found and found.group(1) != account:
            mark = found.group(1)
    if mark != account:
        raise ForeignResourceError(
            f"{name} ({resource_id}) was recorded in account {mark}, and the provider works on {account}: "
            f"it is neither read nor changed here. {way_out}"
        )
