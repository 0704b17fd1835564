"""Replica keys: each has its own description, policy, aliases and tags; moto shares those of the primary."""

import json
from copy import deepcopy
from typing import Any

from aws_sandbox.account import ACCOUNT
from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend

_DEFAULT_POLICY = json.dumps(
    {
        "Id": "key-default-1",
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Enable IAM User Permissions",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
)


def _replicate_key(call: Operation) -> Result:
    backend = moto_backend("kms", call.region)
    key_id = backend.any_id_to_key_id(call.params["KeyId"])
    region = call.params["ReplicaRegion"]
    _require_replicable(backend, key_id, region)
    key = backend.replicate_key(key_id, region)
    key.multi_region_configuration = deepcopy(key.multi_region_configuration)
    key.description = call.params.get("Description", "")
    key.policy = call.params.get("Policy", _DEFAULT_POLICY)
    key.enabled = True
    key.aliases = {}
    target = moto_backend("kms", region)
    target.tagger.delete_all_tags_for_resource(key.id)
    tags = call.params.get("Tags", [])
    target.tag_resource(key.id, {tag["TagKey"]: tag["TagValue"] for tag in tags})
    metadata: dict[str, Any] = target.describe_key(key.id).to_dict()["KeyMetadata"]
    return {
        "ReplicaKeyMetadata": metadata,
        "ReplicaPolicy": key.policy,
        "ReplicaTags": tags,
    }


def _require_replicable(backend: Any, key_id: str, region: str) -> None:
    if key_id not in backend.keys:
        raise AwsError("NotFoundException", f"Key '{key_id}' does not exist")
    if not backend.keys[key_id].multi_region:
        message = f"{backend.keys[key_id].arn} is no multi-Region primary key."
        raise AwsError("UnsupportedOperationException", message)
    if key_id in moto_backend("kms", region).keys:
        raise AwsError("AlreadyExistsException", f"The key {key_id} already exists in {region}.")


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html",
    handlers={("kms", "ReplicateKey"): _replicate_key},
)
