"""AWS KMS: keys, their policies, replicas and grants, and aliases."""

from aws_sandbox.services.kms import aliases, grants, keys, replicas

TYPES = (
    *keys.TYPES,
    *replicas.TYPES,
    *aliases.TYPES,
    *grants.TYPES,
)
