"""CloudTrail Lake event data stores."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import changed, found, from_aws, to_aws
from aws_sandbox.services.cloudtrail import selectors
from aws_sandbox.services.cloudtrail.trails import change_tags

_GONE = ("EventDataStoreNotFoundException", "EventDataStoreARNInvalidException")
_STORE = {
    "billingMode": "BillingMode",
    "kmsKeyId": "KmsKeyId",
    "multiRegionEnabled": "MultiRegionEnabled",
    "name": "Name",
    "organizationEnabled": "OrganizationEnabled",
    "retentionPeriod": "RetentionPeriod",
    "terminationProtectionEnabled": "TerminationProtectionEnabled",
}


def _request(inputs: Properties) -> dict[str, Any]:
    request = to_aws(_STORE, inputs)
    if inputs.get("advancedEventSelectors"):
        request["AdvancedEventSelectors"] = selectors.advanced_to_aws(inputs["advancedEventSelectors"])
    return request


def _create(aws: Aws, inputs: Properties) -> str:
    tags = _tags.to_list(inputs.get("tagsAll"))
    answer = aws.client("cloudtrail").create_event_data_store(
        **_request(inputs),
        StartIngestion=str(inputs.get("suspend", "false")).lower() != "true",
        **({"TagsList": tags} if tags else {}),
    )
    return str(answer["EventDataStoreArn"])


def _read(aws: Aws, store: str, state: Properties) -> Properties | None:
    client = aws.client("cloudtrail")
    answer = found(lambda: client.get_event_data_store(EventDataStore=store), *_GONE)
    if answer is None or answer["Status"] == "PENDING_DELETION":
        return None
    lists = client.list_tags(ResourceIdList=[store])["ResourceTagList"]
    return {
        **from_aws(_STORE, answer),
        "advancedEventSelectors": selectors.advanced_from_aws(answer.get("AdvancedEventSelectors", [])),
        "arn": store,
        "tagsAll": _tags.from_list([tag for entry in lists for tag in entry.get("TagsList", [])]),
    }


def _update(aws: Aws, store: str, state: Properties, inputs: Properties) -> None:
    client = aws.client("cloudtrail")
    if changed(state, inputs, *_STORE, "advancedEventSelectors"):
        client.update_event_data_store(EventDataStore=store, **_request(inputs))
    if changed(state, inputs, "suspend"):
        stop = str(inputs.get("suspend", "false")).lower() == "true"
        switch = client.stop_event_data_store_ingestion if stop else client.start_event_data_store_ingestion
        switch(EventDataStore=store)
    change_tags(client, store, state, inputs)


def _delete(aws: Aws, store: str, state: Properties) -> None:
    client = aws.client("cloudtrail")
    # A store that is already waiting for its deletion is as gone as CloudTrail makes it.
    gone = (*_GONE, "InactiveEventDataStoreException")
    found(lambda: client.delete_event_data_store(EventDataStore=store), *gone)


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:cloudtrail/eventDataStore:EventDataStore",
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        replaces=frozenset({"kmsKeyId", "name"}),
        defaults={
            "billingMode": "EXTENDABLE_RETENTION_PRICING",
            "multiRegionEnabled": True,
            "organizationEnabled": False,
            "retentionPeriod": 2555,
            "terminationProtectionEnabled": True,
        },
        autoname="name",
        write_only=frozenset({"suspend"}),
    ),
)
