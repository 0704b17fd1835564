"""OpenID Connect providers."""

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, to_aws
from aws_sandbox.services.iam._shared import GONE, client, update_tags, with_tags


def _create_oidc(aws: Aws, inputs: Properties) -> str:
    names = {"url": "Url", "clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"}
    request = with_tags(to_aws(names, inputs), inputs)
    return str(client(aws).create_open_id_connect_provider(**request)["OpenIDConnectProviderArn"])


def _read_oidc(aws: Aws, arn: str, state: Properties) -> Properties | None:
    answer = found(lambda: client(aws).get_open_id_connect_provider(OpenIDConnectProviderArn=arn), *GONE)
    if answer is None:
        return None
    url, given = answer["Url"].removeprefix("https://"), state.get("url", "")
    return {
        "arn": arn,
        "clientIdLists": answer.get("ClientIDList", []),
        "tagsAll": _tags.from_list(answer.get("Tags", [])),
        "thumbprintLists": answer.get("ThumbprintList", []),
        # IAM leaves out the scheme, which a program must give.
        "url": given if given.removeprefix("https://") == url else f"https://{url}",
    }


def _update_oidc(aws: Aws, arn: str, state: Properties, inputs: Properties) -> None:
    iam, key = client(aws), {"OpenIDConnectProviderArn": arn}
    if "thumbprintLists" in inputs and changed(state, inputs, "thumbprintLists"):
        iam.update_open_id_connect_provider_thumbprint(**key, ThumbprintList=inputs["thumbprintLists"])
    old, new = set(state.get("clientIdLists") or ()), set(inputs["clientIdLists"])
    for client_id in sorted(new - old):
        iam.add_client_id_to_open_id_connect_provider(**key, ClientID=client_id)
    for client_id in sorted(old - new):
        iam.remove_client_id_from_open_id_connect_provider(**key, ClientID=client_id)
    update_tags(aws, "open_id_connect_provider", key, state, inputs)


def _delete_oidc(aws: Aws, arn: str, _state: Properties) -> None:
    found(lambda: client(aws).delete_open_id_connect_provider(OpenIDConnectProviderArn=arn), *GONE)


TYPES = (
    ResourceType(
        token="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        create=_create_oidc,
        read=_read_oidc,
        update=_update_oidc,
        delete=_delete_oidc,
        replaces=frozenset({"url"}),
    ),
)
