"""Event patterns: what they find, judged by moto's matcher, and how they are shared out."""

import json
from typing import Any

import pytest

from aws_sandbox.corrections.event_patterns import matches
from timestream_baseline.documents.events import (
    ALL_CALLS,
    ANNOUNCED_PATHS,
    ENDPOINTS,
    INFLUXDB,
    KEYS,
    TABLES,
    TRAIL,
    Calls,
    announcement,
    event_pattern,
    shares,
)
from timestream_baseline.documents.limits import EVENT_PATTERN, compact, fits, stand_in_key_arn
from timestream_baseline.notifications import EXCEPT_ROUTINE

KEY = "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555"
OTHER_KEY = "arn:aws:kms:eu-west-1:000000000000:key/99999999-2222-3333-4444-555555555555"
TRAIL_ARN = "arn:aws:cloudtrail:eu-west-1:000000000000:trail/baseline-trail"
OURS = {
    "tables": ("metrics",),
    "influxdb": (),
    "keys": (KEY,),
    "trail": (TRAIL_ARN, "baseline-trail"),
    "endpoints": ("vpce-0123456789abcdef0",),
}


def event(source: str, name: str, parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "source": f"aws.{source.partition('.')[0]}",
        "detail-type": "AWS API Call via CloudTrail",
        "detail": {"eventSource": source, "eventName": name, "requestParameters": parameters, **more},
    }


def kms(name: str, arn: str) -> dict[str, Any]:
    """Write an event as KMS's guide shows it: the ARN stands in `resources`, whatever the caller named."""
    resources = [{"accountId": "000000000000", "type": "AWS::KMS::Key", "ARN": arn}]
    return event("kms.amazonaws.com", name, {"keyId": arn.rpartition("/")[2]}, resources=resources)


def table(name: str, database: str, source: str = "timestream.amazonaws.com") -> dict[str, Any]:
    return event(source, name, {"databaseName": database, "tableName": "cpu"})


def trail(call: str, **parameters: str) -> dict[str, Any]:
    return event("cloudtrail.amazonaws.com", call, dict(parameters))


def deletion(*endpoints: str) -> dict[str, Any]:
    ids = [{"tag": number, "content": it} for number, it in enumerate(endpoints, start=1)]
    request = {"DeleteVpcEndpointsRequest": {"VpcEndpointId": ids}}
    return event("ec2.amazonaws.com", "DeleteVpcEndpoints", request)


def change(endpoint: str) -> dict[str, Any]:
    request = {"ModifyVpcEndpointRequest": {"VpcEndpointId": endpoint}}
    return event("ec2.amazonaws.com", "ModifyVpcEndpoint", request)


@pytest.mark.parametrize(
    ("happened", "announced_by"),
    [
        pytest.param(table("DeleteTable", "metrics"), ["tables"], id="a table is deleted"),
        pytest.param(table("UpdateTable", "metrics"), ["tables"], id="a retention is changed"),
        pytest.param(table("UpdateDatabase", "metrics"), ["tables"], id="a database gets another key"),
        pytest.param(table("DeleteDatabase", "metrics"), ["tables"], id="a database is deleted"),
        pytest.param(table("DeleteTable", "payroll"), [], id="a table of somebody else"),
        pytest.param(table("CreateTable", "metrics"), [], id="a table is made"),
        pytest.param(table("DeleteTable", "metrics", "dynamodb.amazonaws.com"), [], id="a table of DynamoDB"),
        pytest.param(
            table("DeleteTable", "metrics", "timestream-write.amazonaws.com"),
            ["tables"],
            id="another spelling of the event source",
        ),
        pytest.param(
            event("timestream.amazonaws.com", "DeleteTable", {"DatabaseName": "metrics"}),
            ["tables"],
            id="another spelling of the parameter",
        ),
        pytest.param(
            event("timestream-influxdb.amazonaws.com", "DeleteDbInstance", {"identifier": "abcdefghij"}),
            ["influxdb"],
            id="an InfluxDB instance is deleted",
        ),
        pytest.param(kms("DisableKey", KEY), ["keys"], id="our key is disabled"),
        pytest.param(kms("ScheduleKeyDeletion", KEY), ["keys"], id="our key is deleted"),
        pytest.param(kms("PutKeyPolicy", KEY), ["keys"], id="the policy of our key is changed"),
        pytest.param(kms("RevokeGrant", KEY), ["keys"], id="a grant on our key is taken back"),
        pytest.param(kms("DisableKey", OTHER_KEY), [], id="a key of somebody else is disabled"),
        pytest.param(kms("Decrypt", KEY), [], id="our key is used"),
        pytest.param(trail("StopLogging", name=TRAIL_ARN), ["trail"], id="our trail is stopped by its ARN"),
        pytest.param(
            trail("DeleteTrail", name="baseline-trail"), ["trail"], id="our trail is deleted by name"
        ),
        pytest.param(
            trail("PutEventSelectors", trailName="baseline-trail"), ["trail"], id="our trail records less"
        ),
        pytest.param(trail("StopLogging", name="other"), [], id="another trail is stopped"),
        pytest.param(trail("PutEventSelectors", trailName="other"), [], id="another trail records less"),
        pytest.param(deletion("vpce-0123456789abcdef0"), ["endpoints"], id="our endpoint is deleted"),
        pytest.param(
            deletion("vpce-1", "vpce-0123456789abcdef0"), ["endpoints"], id="our endpoint is one of several"
        ),
        pytest.param(deletion("vpce-1"), [], id="another endpoint is deleted"),
        pytest.param(change("vpce-0123456789abcdef0"), ["endpoints"], id="our endpoint is changed"),
        pytest.param(change("vpce-1"), [], id="another endpoint is changed"),
        pytest.param(
            event("ec2.amazonaws.com", "DeleteVpcEndpoints", {"vpcEndpointId": "vpce-0123456789abcdef0"}),
            ["endpoints"],
            id="another form of the request",
        ),
    ],
)
def test_what_is_announced(happened: dict[str, Any], announced_by: list[str]) -> None:
    patterns = {calls.kind: event_pattern(calls, OURS[calls.kind]) for calls in ALL_CALLS}
    assert [kind for kind, it in patterns.items() if matches(compact(it), happened)] == announced_by


def test_nothing_that_did_not_come_through_cloudtrail_is_announced() -> None:
    happened = {**kms("DisableKey", KEY), "detail-type": "KMS Imported Key Material Expiration"}
    assert not matches(compact(event_pattern(KEYS, [KEY])), happened)


def test_one_table_says_which_events_were_never_seen() -> None:
    assert {calls.kind for calls in ALL_CALLS if not calls.verified} == {"tables", "influxdb", "endpoints"}


@pytest.mark.parametrize("calls", [TABLES, INFLUXDB], ids=lambda calls: calls.kind)
def test_an_event_source_that_was_never_seen_is_matched_by_its_beginning(calls: Calls) -> None:
    assert calls.event_source == {"prefix": "timestream"}


class TestShares:
    KEY = stand_in_key_arn(partition="aws-us-gov", region="us-gov-west-1", account="000000000000")

    @pytest.mark.parametrize("count", [1, 18, 19, 100, 300])
    def test_every_key_is_in_one_pattern_and_every_pattern_fits(self, count: int) -> None:
        keys = [self.KEY] * count
        found = shares(KEYS, keys)
        assert sum(len(keys[share]) for share in found) == count
        assert [share.start for share in found] == [0, *(share.stop for share in found[:-1])]
        assert all(fits(EVENT_PATTERN, event_pattern(KEYS, keys[share])) for share in found)

    def test_no_pattern_is_split_before_it_is_full(self) -> None:
        keys = [self.KEY] * 100
        first, *_ = shares(KEYS, keys)
        assert not fits(EVENT_PATTERN, event_pattern(KEYS, keys[first.start : first.stop + 1]))

    def test_fifty_databases_with_the_longest_names_take_two_patterns(self) -> None:
        assert len(shares(TABLES, [f"{number:02}" + "x" * 62 for number in range(50)])) == 2

    def test_nothing_to_watch_is_no_pattern(self) -> None:
        assert shares(ENDPOINTS, []) == []

    def test_the_trail_always_fits(self) -> None:
        arn = "arn:aws-us-gov:cloudtrail:us-gov-west-1:000000000000:trail/" + "x" * 128
        assert fits(EVENT_PATTERN, event_pattern(TRAIL, [arn, "x" * 128]))


def test_the_message_says_what_who_when_and_where_to_look() -> None:
    assert json.loads(announcement("A key is disabled", 'team "a"')) == {
        "what": 'A key is disabled (team "a").',
        "call": "<call> of <service> in <region>, account <account>, at <time>.",
        "who": "<who>",
        "errorIfRefused": "<error>",
        "lookFor": "event <event> in CloudTrail",
    }


def test_the_message_stays_json_with_its_values_so_that_mails_are_not_filtered_out() -> None:
    message = announcement("A key is disabled", "baseline")
    for name in ANNOUNCED_PATHS:
        message = message.replace(f"<{name}>", "arn:aws:sts::111122223333:assumed-role/admin/somebody")
    assert set(json.loads(message)).isdisjoint(EXCEPT_ROUTINE)
    assert "<" not in message
