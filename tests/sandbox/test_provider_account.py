"""Whose resources the provider touches, in which account, with which tags."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest

from aws_sandbox.protocol import provider_pb2
from aws_sandbox.sandbox import Sandbox
from aws_sandbox.wire import to_struct
from tests.sandbox.provider_client import Change, ProviderClient, ProviderError, Recorded

ROLE = "aws:iam/role:Role"
TABLE = "aws:timestreamwrite/table:Table"
DATABASE = "aws:timestreamwrite/database:Database"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}],
    }
)
WAY_OUT = "Select the stack of the account it belongs to, or remove it from this stack's state."

Start = Callable[..., ProviderClient]


@pytest.fixture
def start(empty_sandbox: Sandbox) -> Iterator[Start]:
    """Start a provider of its own in the sandbox's environment, with changes to it."""
    with ExitStack() as stack:

        def started(**environment: str) -> ProviderClient:
            return stack.enter_context(ProviderClient({**empty_sandbox.aws_env, **environment}))

        yield started


def foreign(**outputs: Any) -> Recorded:
    """A table as another provider has recorded it."""
    return Recorded(
        TABLE, "readings", "readings:meters", {"databaseName": "meters", "tableName": "readings"}, outputs
    )


REAL = foreign(arn="arn:aws:timestream:eu-west-1:111122223333:database/meters/table/readings")
MARKED = foreign(__sandbox={"account": "111122223333"})
COPIED = foreign(
    __sandbox={"account": "000000000000"},
    arn="arn:aws:timestream:eu-west-1:111122223333:database/meters/table/readings",
)
NOT_RECORDED_HERE = (
    "readings (readings:meters) was not recorded by the sandbox: it may be a real resource, "
    f"so it is neither read nor changed here. {WAY_OUT}"
)
OTHER_ACCOUNT = (
    "readings (readings:meters) was recorded in account 111122223333, and the provider works on "
    f"000000000000: it is neither read nor changed here. {WAY_OUT}"
)


@pytest.mark.parametrize(
    ("recorded", "message"),
    [
        pytest.param(REAL, NOT_RECORDED_HERE, id="recorded by the real provider"),
        pytest.param(MARKED, OTHER_ACCOUNT, id="recorded in another account"),
        pytest.param(COPIED, OTHER_ACCOUNT, id="with the ARN of another account"),
    ],
)
@pytest.mark.parametrize(
    "step",
    [
        pytest.param(lambda provider, recorded: provider.refresh(recorded), id="refresh"),
        pytest.param(lambda provider, recorded: provider.diff(recorded, recorded.inputs), id="compare"),
        pytest.param(lambda provider, recorded: provider.update(recorded, recorded.inputs), id="update"),
        pytest.param(lambda provider, recorded: provider.delete(recorded), id="delete"),
    ],
)
def test_a_resource_recorded_elsewhere_is_never_touched_and_never_said_to_be_gone(
    step: Callable[[ProviderClient, Recorded], Any],
    recorded: Recorded,
    message: str,
    provider: ProviderClient,
    empty_sandbox: Sandbox,
) -> None:
    before = len(empty_sandbox.calls(service="timestream-write"))
    with pytest.raises(ProviderError) as error:
        step(provider, recorded)
    assert str(error.value) == message
    assert len(empty_sandbox.calls(service="timestream-write")) == before


class OtherProxy(BaseHTTPRequestHandler):
    """A proxy on loopback that is no sandbox: it would pass everything on."""

    def do_CONNECT(self) -> None:
        self.asked()

    def do_POST(self) -> None:
        self.asked()

    def asked(self) -> None:
        cast(list[str], self.server.asked).append(f"{self.command} {self.path}")  # type: ignore[attr-defined]
        self.send_error(502)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def other_proxy() -> Iterator[tuple[str, list[str]]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), OtherProxy) as server:
        asked: list[str] = []
        server.asked = asked  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"HTTPS_PROXY": ""}, id="without a proxy"),
        pytest.param({"HTTPS_PROXY": "http://proxy.example.com:3128"}, id="with a proxy elsewhere"),
        pytest.param({"AWS_SANDBOX_DIRECTORY": ""}, id="without a directory"),
        pytest.param({"AWS_SANDBOX_DIRECTORY": "/elsewhere"}, id="with the directory of another sandbox"),
    ],
)
def test_outside_a_sandbox_it_refuses_to_start(environment: dict[str, str], start: Start) -> None:
    with pytest.raises(ProviderError) as error:
        start(**environment).configure()
    assert str(error.value) == OUTSIDE


def test_another_proxy_on_this_machine_is_not_even_asked(
    start: Start, other_proxy: tuple[str, list[str]]
) -> None:
    address, asked = other_proxy
    with pytest.raises(ProviderError) as error:
        start(HTTPS_PROXY=address).configure()
    assert str(error.value) == OUTSIDE
    assert asked == []


@pytest.mark.parametrize(
    "leading_out",
    [
        pytest.param({"NO_PROXY": "*", "no_proxy": "*"}, id="NO_PROXY"),
        pytest.param({"https_proxy": ""}, id="an empty lower-case proxy"),
        pytest.param({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, id="an endpoint variable"),
        pytest.param({"AWS_CA_BUNDLE": "/nowhere.pem"}, id="other certificates"),
        pytest.param({"AWS_PROFILE": "production"}, id="a profile"),
        pytest.param({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, id="no credentials"),
    ],
)
def test_no_variable_leads_past_the_sandbox(
    leading_out: dict[str, str], start: Start, empty_sandbox: Sandbox
) -> None:
    provider = start(**leading_out)
    provider.configure()
    provider.create(DATABASE, {"databaseName": "meters"})
    hosts = [call.host for call in empty_sandbox.calls("timestream-write", "CreateDatabase")]
    assert hosts == ["ingest-cell2.timestream.eu-west-1.amazonaws.com"]


OUTSIDE = (
    "This is the sandbox's `aws` provider, and it does not run in a sandbox. Run the command as "
    "`aws-sandbox run -- COMMAND`, or take the directory of the sandbox's `pulumi-resource-aws` "
    "off PATH to use the official plugin."
)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param(
            {"allowedAccountIds": ["111122223333"]},
            "The account 000000000000 is not in `aws:allowedAccountIds` (111122223333).",
            id="not allowed",
        ),
        pytest.param(
            {"forbiddenAccountIds": ["000000000000"]},
            "The account 000000000000 is in `aws:forbiddenAccountIds`.",
            id="forbidden",
        ),
        pytest.param(
            {"region": ""},
            "No region is set. Set it with `pulumi config set aws:region REGION`.",
            id="no region",
        ),
        pytest.param(
            {"profile": "production"}, "The config profile (production) could not be found", id="a profile"
        ),
    ],
)
def test_a_configuration_that_does_not_fit_is_refused(
    settings: dict[str, Any], message: str, start: Start
) -> None:
    with pytest.raises(ProviderError) as error:
        start(AWS_REGION="", AWS_DEFAULT_REGION="").configure(**settings)
    assert str(error.value) == message


def test_the_allowed_account_is_accepted(start: Start) -> None:
    start().configure(allowedAccountIds=["000000000000"])


def test_the_marked_secrets_of_a_configuration_are_read(start: Start, provider: ProviderClient) -> None:
    mark = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    news = {"region": "eu-west-1", "accessKey": "AKIAOTHERUSER0000000"}
    request = provider_pb2.ConfigureRequest(
        args=to_struct({**news, "secretKey": {**mark, "value": "hidden"}})
    )
    configured = start()
    configured.stub.Configure(request)
    assert configured.invoke("aws:index/getCallerIdentity:getCallerIdentity")["id"] == "000000000000"


def test_calls_are_made_as_the_assumed_role(start: Start, provider: ProviderClient) -> None:
    role = provider.create(ROLE, {"name": "deployer", "assumeRolePolicy": TRUST})
    deployer = start()
    deployer.configure(assumeRoles=[{"roleArn": role.outputs["arn"], "sessionName": "test"}])
    identity = deployer.invoke("aws:index/getCallerIdentity:getCallerIdentity")
    assert identity["arn"] == "arn:aws:sts::000000000000:assumed-role/deployer/test"
    context = deployer.invoke("aws:iam/getSessionContext:getSessionContext", arn=identity["arn"])
    assert (context["issuerArn"], context["issuerName"], context["sessionName"]) == (
        role.outputs["arn"],
        "deployer",
        "test",
    )


def test_default_tags_go_below_the_resources_own(start: Start, empty_sandbox: Sandbox) -> None:
    tagging = start()
    tagging.configure(defaultTags={"tags": {"team": "meters", "cost": "7"}})
    database = tagging.create(DATABASE, {"databaseName": "meters", "tags": {"team": "billing"}})
    merged = {"team": "billing", "cost": "7"}
    assert (database.outputs["tags"], database.outputs["tagsAll"]) == (merged, merged)
    client = empty_sandbox.client("timestream-write")
    tags = client.list_tags_for_resource(ResourceARN=database.outputs["arn"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == merged


def test_a_new_default_tag_changes_resources_in_place(start: Start) -> None:
    first, second = start(), start()
    first.configure(defaultTags={"tags": {"team": "meters"}})
    second.configure(defaultTags={"tags": {"team": "meters", "cost": "7"}})
    database = first.create(DATABASE, {"databaseName": "meters"})
    assert second.diff(database, {"databaseName": "meters"}) == Change({"tags.cost": "ADD"})
    updated = second.update(database, {"databaseName": "meters"})
    assert updated.outputs["tagsAll"] == {"team": "meters", "cost": "7"}


def test_tags_that_others_manage_are_neither_seen_nor_removed(start: Start, empty_sandbox: Sandbox) -> None:
    ignoring = start()
    ignoring.configure(ignoreTags={"keys": ["scanned"], "keyPrefixes": ["backup:"]})
    database = ignoring.create(DATABASE, {"databaseName": "meters", "tags": {"team": "meters"}})
    client = empty_sandbox.client("timestream-write")
    others = [{"Key": "scanned", "Value": "yes"}, {"Key": "backup:plan", "Value": "daily"}]
    client.tag_resource(ResourceARN=database.outputs["arn"], Tags=others)
    assert ignoring.refresh(database) == database
    ignoring.update(database, {"databaseName": "meters", "tags": {"team": "billing"}})
    tags = client.list_tags_for_resource(ResourceARN=database.outputs["arn"])["Tags"]
    assert {tag["Key"] for tag in tags} == {"team", "scanned", "backup:plan"}


def test_resources_of_an_old_region_are_replaced_by_a_provider_of_a_new_one(start: Start) -> None:
    ireland, virginia = start(), start()
    ireland.configure()
    virginia.configure(region="us-east-1")
    database = ireland.create(DATABASE, {"databaseName": "meters"})
    assert virginia.diff(database, {"databaseName": "meters"}) == Change(
        {"region": "UPDATE_REPLACE"}, ("region",)
    )
    # It is still found, and deleted, where it lies.
    assert virginia.refresh(database) == database
    virginia.delete(database)
    assert ireland.refresh(replace(database)) is None
