"""Short ways to write the resources of a stack that is up: known ids and ARNs, policies as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from timestream_policies.examples import Given

ACCOUNT, REGION = "111122223333", "eu-west-1"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
HERE = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def arn(service: str, resource: str, *, region: str = REGION) -> str:
    """Return the ARN of something in this account."""
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


def resource(type_: str, name: str, properties: Mapping[str, Any], *, id_: str = "", arn: str = "") -> Given:
    """Return a resource as the state of a stack that is up shows it."""
    outputs = {**properties, "id": id_ or name, **({"arn": arn} if arn else {})}
    return Given(type_, properties, name, outputs=outputs, id=id_ or name)


def statement(
    sid: str, principal: Any, actions: list[str], resources: Any = "*", **more: Any
) -> dict[str, Any]:
    """Return an Allow statement of a resource policy."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": actions,
        "Resource": resources,
        **more,
    }


def allow(sid: str, actions: list[str], resources: Any, **more: Any) -> dict[str, Any]:
    """Return an Allow statement of an identity policy."""
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources, **more}


def policy(*statements: Mapping[str, Any]) -> str:
    """Return a policy document as programs write it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str, *conditions: Mapping[str, Any]) -> str:
    """Return a trust policy for an AWS service."""
    merged: dict[str, Any] = {}
    for condition in conditions:
        merged |= condition
    said = {"Condition": merged} if merged else {}
    return policy(
        {
            "Sid": "Service",
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            **said,
        }
    )
