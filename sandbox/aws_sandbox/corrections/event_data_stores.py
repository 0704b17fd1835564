"""CloudTrail Lake event data stores, which moto does not have."""

import datetime
import uuid
from typing import Any

from aws_sandbox.account import ACCOUNT
from aws_sandbox.aws_api import AwsError, Operation, Result
from aws_sandbox.corrections.correction import Correction, moto_backend, moto_state

Store = dict[str, Any]

_RETENTION = {"EXTENDABLE_RETENTION_PRICING": 366, "FIXED_RETENTION_PRICING": 2557}
_SETTINGS = (
    "AdvancedEventSelectors",
    "BillingMode",
    "KmsKeyId",
    "MultiRegionEnabled",
    "Name",
    "OrganizationEnabled",
    "RetentionPeriod",
    "TerminationProtectionEnabled",
)
_MANAGEMENT_EVENTS = {
    "Name": "Default management events",
    "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
}


def _stores(call: Operation) -> dict[str, Store]:
    stores: dict[str, Store] = moto_state("cloudtrail", call.region, "event_data_stores", dict)
    return stores


def _store(call: Operation) -> Store:
    """Return the store that the call names, by its ARN or its id."""
    wanted = call.params["EventDataStore"]
    store = _stores(call).get(wanted.rsplit("/", 1)[-1])
    if store is None:
        raise AwsError("EventDataStoreNotFoundException", f"Event data store {wanted} was not found.")
    return store


def _active(call: Operation) -> Store:
    store = _store(call)
    if store["Status"] == "PENDING_DELETION":
        arn = store["EventDataStoreArn"]
        raise AwsError("InactiveEventDataStoreException", f"The event data store {arn} is inactive.")
    return store


def _create(call: Operation) -> Result:
    name = call.params["Name"]
    if any(store["Name"] == name for store in _stores(call).values()):
        message = f"An event data store with the name {name} already exists."
        raise AwsError("EventDataStoreAlreadyExistsException", message)
    identifier = str(uuid.uuid4())
    now = datetime.datetime.now(datetime.UTC)
    billing = call.params.get("BillingMode", "EXTENDABLE_RETENTION_PRICING")
    arn = f"arn:aws:cloudtrail:{call.region}:{ACCOUNT}:eventdatastore/{identifier}"
    store = {
        "AdvancedEventSelectors": [_MANAGEMENT_EVENTS],
        "BillingMode": billing,
        "CreatedTimestamp": now,
        "EventDataStoreArn": arn,
        "MultiRegionEnabled": True,
        "OrganizationEnabled": False,
        "RetentionPeriod": _RETENTION[billing],
        "Status": "ENABLED" if call.params.get("StartIngestion", True) else "STOPPED_INGESTION",
        "TerminationProtectionEnabled": True,
        "UpdatedTimestamp": now,
        **{name: call.params[name] for name in _SETTINGS if name in call.params},
    }
    _stores(call)[identifier] = store
    tags = call.params.get("TagsList", [])
    moto_backend("cloudtrail", call.region).add_tags(resource_id=arn, tags_list=tags)
    return {**store, "TagsList": tags}


def _update(call: Operation) -> Result:
    store = _active(call)
    store |= {name: call.params[name] for name in _SETTINGS if name in call.params}
    store["UpdatedTimestamp"] = datetime.datetime.now(datetime.UTC)
    return store


def _delete(call: Operation) -> Result:
    store = _active(call)
    if store["TerminationProtectionEnabled"]:
        message = "The event data store cannot be deleted because termination protection is enabled for it."
        raise AwsError("EventDataStoreTerminationProtectedException", message)
    store["Status"] = "PENDING_DELETION"
    return {}


def _start(call: Operation) -> Result:
    _active(call)["Status"] = "ENABLED"
    return {}


def _stop(call: Operation) -> Result:
    _active(call)["Status"] = "STOPPED_INGESTION"
    return {}


def _list(call: Operation) -> Result:
    return {"EventDataStores": list(_stores(call).values())}


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html",
    handlers={
        ("cloudtrail", "CreateEventDataStore"): _create,
        ("cloudtrail", "GetEventDataStore"): _store,
        ("cloudtrail", "UpdateEventDataStore"): _update,
        ("cloudtrail", "DeleteEventDataStore"): _delete,
        ("cloudtrail", "ListEventDataStores"): _list,
        ("cloudtrail", "StartEventDataStoreIngestion"): _start,
        ("cloudtrail", "StopEventDataStoreIngestion"): _stop,
    },
)
