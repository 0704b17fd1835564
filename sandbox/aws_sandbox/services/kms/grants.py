"""Grants of the use of a key."""

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services._calls import found, present, to_aws
from aws_sandbox.services.kms._shared import GONE


def _create_grant(aws: Aws, inputs: Properties) -> str:
    request = to_aws(
        {
            "keyId": "KeyId",
            "granteePrincipal": "GranteePrincipal",
            "operations": "Operations",
            "name": "Name",
            "retiringPrincipal": "RetiringPrincipal",
            "grantCreationTokens": "GrantTokens",
        },
        inputs,
    )
    constraints: Properties = next(iter(inputs.get("constraints") or ()), {})
    names = {
        "encryptionContextEquals": "EncryptionContextEquals",
        "encryptionContextSubset": "EncryptionContextSubset",
    }
    if constraints:
        request["Constraints"] = to_aws(names, constraints)
    grant_id = aws.client("kms").create_grant(**request)["GrantId"]
    return f"{inputs['keyId']}:{grant_id}"


def _read_grant(aws: Aws, resource_id: str, state: Properties) -> Properties | None:
    key_id, grant_id = resource_id.rsplit(":", 1)
    answer = found(lambda: aws.client("kms").list_grants(KeyId=key_id), *GONE)
    grant = next((item for item in (answer or {}).get("Grants", ()) if item["GrantId"] == grant_id), None)
    if grant is None:
        return None
    constraints = grant.get("Constraints") or {}
    return present(
        {
            "constraints": [
                present(
                    {
                        "encryptionContextEquals": constraints.get("EncryptionContextEquals"),
                        "encryptionContextSubset": constraints.get("EncryptionContextSubset"),
                    }
                )
            ]
            if constraints
            else None,
            "grantId": grant_id,
            # KMS tells the token only when the grant is made, and the sandbox's grants need none.
            "grantToken": state.get("grantToken", ""),
            "granteePrincipal": grant["GranteePrincipal"],
            "keyId": key_id,
            "name": grant.get("Name") or None,
            "operations": grant["Operations"],
            "retiringPrincipal": grant.get("RetiringPrincipal") or None,
        }
    )


def _delete_grant(aws: Aws, resource_id: str, state: Properties) -> None:
    key_id, grant_id = resource_id.rsplit(":", 1)
    kms = aws.client("kms")
    end = kms.retire_grant if state.get("retireOnDelete") else kms.revoke_grant
    found(lambda: end(KeyId=key_id, GrantId=grant_id), *GONE)


TYPES = (
    ResourceType(
        token="aws:kms/grant:Grant",
        create=_create_grant,
        read=_read_grant,
        delete=_delete_grant,
        defaults={"retireOnDelete": False},
        write_only=frozenset({"grantCreationTokens", "retireOnDelete"}),
    ),
)
