"""OpenID Connect providers: adding and removing client ids, which moto lacks."""

from typing import Any

from moto.iam.exceptions import NotFoundException

from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend


def _provider(call: Operation) -> Any:
    arn = call.params["OpenIDConnectProviderArn"]
    try:
        return moto_backend("iam", "aws").get_open_id_connect_provider(arn)
    except NotFoundException as error:
        raise AwsError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}") from error


def _add(call: Operation) -> Result:
    provider, client_id = _provider(call), call.params["ClientID"]
    if client_id not in provider.client_id_list:
        provider.client_id_list = [*provider.client_id_list, client_id]
    return {}


def _remove(call: Operation) -> Result:
    provider = _provider(call)
    provider.client_id_list = [item for item in provider.client_id_list if item != call.params["ClientID"]]
    return {}


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html",
    handlers={
        ("iam", "AddClientIDToOpenIDConnectProvider"): _add,
        ("iam", "RemoveClientIDFromOpenIDConnectProvider"): _remove,
    },
)
