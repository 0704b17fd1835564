"""What an HTTP request asks of AWS: service, operation and parameters, whatever the protocol.

The answer in the other direction as well: a result or an error becomes what the service's own
protocol prescribes. Both rest on the service models that botocore carries.
"""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from aws_sandbox.proxy import HttpAnswer

Json = dict[str, Any]

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_CREDENTIAL = re.compile(r"Credential=([A-Z0-9]{16,128})/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/")


class AwsError(Exception):
    """An error as AWS answers it."""

    def __init__(
        self, code: str, message: str, status: int = 0, details: Mapping[str, Any] | None = None
    ) -> None:
        """Keep the parts of the answer.

        `status` 0 means the status that the service's model gives the error, `details` are further
        members of the error's shape.
        """
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.details = dict(details or {})


@dataclass(frozen=True)
class Operation:
    """One call of an AWS operation."""

    service: str
    """The name that boto3 gives the service's client."""
    name: str
    region: str
    host: str
    access_key: str
    params: Json
    model: Any
    """The operation's model, None for what the service does not define."""
    protocol: str


Result = Mapping[str, Any]
Handler = Callable[[Operation], Result]


def identify(request: Request, service: str, host: str) -> Operation:
    """Return the operation that a request calls."""
    model = service_model(service)
    access_key, region = _credential(request, host)
    blank = Operation(service, "", region, host, access_key, {}, None, "rest-xml")
    if model is None:
        return blank
    try:
        protocol = determine_request_protocol(model, request.content_type)
    except NotImplementedError:
        protocol = model.protocol
    name, uri_params = _operation_name(request, service, protocol)
    if name not in model.operation_names:
        return Operation(service, name, region, host, access_key, {}, None, protocol)
    operation = model.operation_model(name)
    params = _parameters(request, operation, protocol, uri_params)
    return Operation(service, name, region, host, access_key, params, operation, protocol)


@functools.cache
def service_model(service: str) -> Any:
    """Return the model of a service, None for one that botocore does not know."""
    # moto's loader has no exception of its own for this; botocore's is one of its base classes.
    from botocore.exceptions import UnknownServiceError

    try:
        return get_service_model(service)
    except UnknownServiceError:
        return None


def answer(operation: Operation, result: Result) -> HttpAnswer:
    """Return a result in the operation's protocol."""
    return _serialized(operation, result)


def error_answer(operation: Operation, error: AwsError) -> HttpAnswer:
    """Return an error in the operation's protocol."""
    exception = _Error(error.code, error.message)
    for name, value in error.details.items():
        setattr(exception, name, value)
    serialized = _serialized(operation, exception)
    return HttpAnswer(error.status or serialized.status, serialized.headers, serialized.body)


class _Error(ServiceException):
    """An exception outside moto's packages: moto looks up the model of the package otherwise."""


def _serialized(operation: Operation, value: Any) -> HttpAnswer:
    model = operation.model or _any_operation(operation.service)
    serializer = get_serializer_class(operation.service, operation.protocol)(operation_model=model)
    made = serializer.serialize(value)
    body = made["body"]
    headers = {name: str(value) for name, value in made["headers"].items()}
    return HttpAnswer(
        int(made["status_code"]), headers, body if isinstance(body, bytes) else str(body).encode()
    )


def _any_operation(service: str) -> Any:
    model = service_model(service) or service_model("s3")
    return model.operation_model(model.operation_names[0])


def _operation_name(request: Request, service: str, protocol: str) -> tuple[str, Json]:
    if target := request.headers.get("X-Amz-Target"):
        return target.rpartition(".")[2], {}
    if protocol in ("query", "ec2"):
        return request.values.get("Action", ""), {}
    try:
        operation, uri_params = get_service_router(service).match(request)
    except (NotFound, NotImplementedError):
        return "", {}
    return str(operation.name), dict(uri_params)


def _parameters(request: Request, operation: Any, protocol: str, uri_params: Json) -> Json:
    parsed = PROTOCOL_PARSERS[protocol](operation, map_type=dict).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.get_data(),
            "url_path": request.path,
            "url_params": uri_params,
        }
    )
    return dict(parsed or {})


def signed_service(request: Request) -> str:
    """Return the service for which a request is signed, for hosts that no backend serves."""
    found = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    return found.group(3) if found else ""


def _credential(request: Request, host: str) -> tuple[str, str]:
    found = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    labels = [label for label in host.split(".") if _REGION.fullmatch(label)]
    if found:
        return found.group(1), labels[0] if labels else found.group(2)
    signed = (request.args.get("X-Amz-Credential") or "").split("/")
    if len(signed) > 2:
        return signed[0], signed[2]
    return request.args.get("AWSAccessKeyId", ""), labels[0] if labels else "us-east-1"
