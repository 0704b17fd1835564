"""Aliases of keys."""

import json
import re
from collections.abc import Iterator

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services._calls import changed, found
from aws_sandbox.services.kms._shared import GONE
from aws_sandbox.wire import is_unknown

_ALIAS_NAME = re.compile(r"alias/[A-Za-z0-9/_-]{1,250}")


def _create_alias(aws: Aws, inputs: Properties) -> str:
    name = str(inputs["name"])
    aws.client("kms").create_alias(AliasName=name, TargetKeyId=inputs["targetKeyId"])
    return name


def _read_alias(aws: Aws, name: str, state: Properties) -> Properties | None:
    pages = aws.client("kms").get_paginator("list_aliases").paginate()
    alias = next((item for page in pages for item in page["Aliases"] if item["AliasName"] == name), None)
    if alias is None or "TargetKeyId" not in alias:
        return None
    key_id = alias["TargetKeyId"]
    key_arn = f"arn:{aws.partition}:kms:{aws.region}:{aws.account}:key/{key_id}"
    given = state.get("targetKeyId")
    return {
        "arn": alias["AliasArn"],
        "name": name,
        # The key may be given by id or ARN: both mean the same.
        "targetKeyId": given if given in (key_id, key_arn) else key_id,
        "targetKeyArn": key_arn,
    }


def _update_alias(aws: Aws, name: str, state: Properties, inputs: Properties) -> None:
    if changed(state, inputs, "targetKeyId"):
        aws.client("kms").update_alias(AliasName=name, TargetKeyId=inputs["targetKeyId"])


def _delete_alias(aws: Aws, name: str, _state: Properties) -> None:
    found(lambda: aws.client("kms").delete_alias(AliasName=name), *GONE)


def _check_alias(inputs: Properties) -> Iterator[tuple[str, str]]:
    name = inputs.get("name", "")
    if name and not is_unknown(name) and not _ALIAS_NAME.fullmatch(name):
        yield (
            "name",
            f"`name` must be `alias/` and then letters, digits, `/`, `_` or `-` (256 characters at most), "
            f"not {json.dumps(name)}.",
        )
    elif name.startswith("alias/aws/"):
        yield (
            "name",
            f"`name` must not begin with `alias/aws/`, which AWS keeps for itself: {json.dumps(name)}.",
        )


TYPES = (
    ResourceType(
        token="aws:kms/alias:Alias",
        create=_create_alias,
        read=_read_alias,
        update=_update_alias,
        delete=_delete_alias,
        check=_check_alias,
        replaces=frozenset({"name", "namePrefix"}),
        autoname="name",
        autoname_prefix="namePrefix",
        autoname_format="alias/{}",
    ),
)
