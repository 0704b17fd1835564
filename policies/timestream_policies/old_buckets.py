"""Buckets under their older token: blocks that stand once are lists there, under names in the plural."""

from collections.abc import Mapping
from typing import Any

from timestream_policies.values import EMPTY, Properties

OLD_BUCKET = "aws:s3/bucketV2:BucketV2"
_NAMES = {
    "loggings": "logging",
    "replicationConfigurations": "replicationConfiguration",
    "serverSideEncryptionConfigurations": "serverSideEncryptionConfiguration",
    "versionings": "versioning",
    "websites": "website",
}
_INSIDE = {
    "lifecycleRules": {
        "expirations": "expiration",
        "noncurrentVersionExpirations": "noncurrentVersionExpiration",
    },
    "objectLockConfiguration": {"rules": "rule", "defaultRetentions": "defaultRetention"},
    "replicationConfigurations": {"destinations": "destination", "filters": "filter"},
    "serverSideEncryptionConfigurations": {
        "rules": "rule",
        "applyServerSideEncryptionByDefaults": "applyServerSideEncryptionByDefault",
    },
}


def as_bucket(properties: Properties) -> Properties:
    """Return the properties of an older bucket under the names that a bucket has."""
    if properties is EMPTY:
        return properties
    return Properties(lambda: by_new_name(properties.load()), properties.may_hold_secrets)


def by_new_name(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept under the names of an older bucket's properties under those of a bucket."""
    return {
        _NAMES.get(name, name): _renamed(value, _INSIDE[name]) if name in _INSIDE else value
        for name, value in properties.items()
        if value != []
    }


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, (list, tuple)):
        return [_renamed(item, names) for item in value]
    if isinstance(value, dict):
        return {names.get(name, name): _renamed(item, names) for name, item in value.items()}
    return value
