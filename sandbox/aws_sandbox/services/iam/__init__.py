"""AWS IAM: roles, policies and their attachments, instance profiles and OpenID Connect providers."""

from aws_sandbox.services.iam import identity_providers, policies, profiles, role_policies, roles

TYPES = (
    *roles.TYPES,
    *role_policies.TYPES,
    *policies.TYPES,
    *profiles.TYPES,
    *identity_providers.TYPES,
)
