"""Security group rules: the description is told whatever the other side is, a group or a prefix list too."""

import inspect
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

from aws_sandbox.corrections.correction import Correction, replace

_OF_PREFIX_LIST = "prefix_list_description"
"""An attribute that moto's rules have not."""


def _description(rule: SecurityGroupRule) -> str | None:
    stated = (rule.ip_range.get("Description"), rule.source_group.get("Description"))
    return next(filter(None, stated), getattr(rule, _OF_PREFIX_LIST, None))


def _patch() -> None:
    make = SecurityGroupRule.__init__
    signature = inspect.signature(make)

    def init(self: SecurityGroupRule, *args: Any, **named: Any) -> None:
        make(self, *args, **named)
        prefix_list = signature.bind(self, *args, **named).arguments.get("prefix_list_id") or {}
        setattr(self, _OF_PREFIX_LIST, prefix_list.get("Description"))

    replace(SecurityGroupRule, "__init__", init)
    told: Any = property(_description)
    replace(SecurityGroupRule, "description", told)


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html",
    patch=_patch,
)
