"""What a resource type of the sandbox's `aws` provider is: one record of plain functions.

A service file under `aws_sandbox/services/` holds one `ResourceType` for each type of that AWS
service, collected in its `TYPES`. The provider does everything that is the same for all types
(declared properties, defaults, unknowns, tags, secrets, diffs, previews, the account guard);
the functions here only talk to AWS.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

Properties = dict[str, Any]
"""Resource properties as Pulumi names them (camelCase), plain JSON values, no unknowns."""


class Aws(Protocol):
    """AWS as one resource sees it: the provider's credentials and the resource's own region."""

    @property
    def account(self) -> str:
        """The account that the credentials belong to."""

    @property
    def region(self) -> str:
        """The region of the resource."""

    @property
    def partition(self) -> str:
        """The partition, as in `arn:PARTITION:`."""

    def client(self, service: str, region: str | None = None) -> Any:
        """Return the (cached) boto3 client of a service in this region, or in another one."""


class PartlyCreatedError(Exception):
    """AWS has made the resource, but a later step of `create` failed.

    The provider records the resource with this id, so that it is never an orphan; the next `up`
    finishes it with `update`.
    """

    def __init__(self, resource_id: str, cause: Exception) -> None:
        super().__init__(str(cause))
        self.resource_id = resource_id
        self.cause = cause


@contextmanager
def finishing(resource_id: str) -> Iterator[None]:
    """Mark the steps of `create` that follow once AWS has made the resource."""
    try:
        yield
    except Exception as error:
        raise PartlyCreatedError(resource_id, error) from error


@dataclass(frozen=True, kw_only=True)
class SizeLimit:
    """The largest size AWS accepts for a document, counted as AWS counts it."""

    property: str
    characters: int
    source: str
    """The AWS page that states the limit."""
    ignore_whitespace: bool = False


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """One resource type: how AWS creates, reads, updates and deletes it.

    `create` gets the checked inputs with defaults and all tags under `tagsAll`; it returns the id
    in the real provider's format. After `create` and `update` the provider calls `read`. Steps
    after the first one that makes something belong in `with finishing(id):`.

    `read` returns every property that AWS knows, inputs and computed ones, under the names that
    pulumi_aws declares, or None if the resource is gone. `state` is what Pulumi recorded, empty on
    an import, where the id is all there is.

    `update` gets the recorded state and the new inputs; it is called only for properties that are
    not in `replaces`. `delete` of something already gone is no error.
    """

    token: str
    create: Callable[[Aws, Properties], str]
    read: Callable[[Aws, str, Properties], Properties | None]
    delete: Callable[[Aws, str, Properties], None]
    update: Callable[[Aws, str, Properties, Properties], None] | None = None
    replaces: frozenset[str] = frozenset()
    """Inputs whose change makes the real provider replace the resource; a nested one as `a.b`, without
    indices."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Defaults of the real provider that show in the state (plain values)."""
    autoname: str | None = None
    """The input that gets the logical name with a random suffix when it is absent
    (`name`, `bucket`, …); None where the real provider asks for it."""
    autoname_prefix: str | None = None
    """The input that, when given, makes the real provider choose the name itself."""
    autoname_format: str = "{}"
    """Where the chosen name goes, for names that must begin in a certain way."""
    autoname_form: Callable[[str, Properties], str] | None = None
    """How the chosen name is written, given the inputs, where AWS asks for a form (lower case, `.fifo`)."""
    write_only: frozenset[str] = frozenset()
    """Inputs that AWS never returns; refresh keeps what is recorded."""
    json_documents: frozenset[str] = frozenset()
    """Inputs that are JSON text; how it is written means nothing, the order of its lists does."""
    policy_documents: frozenset[str] = frozenset()
    """Inputs that are policy documents (a nested one as `a.b`): JSON text whose lists have no order."""
    limits: tuple[SizeLimit, ...] = ()
    check: Callable[[Properties], Iterable[tuple[str, str]]] | None = None
    """Rules of AWS that are known before it is asked: yields property and reason for each mistake.
    The inputs have the declared kinds; values that are not known yet are sentinels (`wire.is_unknown`)."""
    recorded_only: str | None = None
    """Why AWS on this machine only records this type; shown in the README's table."""
