"""Answers a request for AWS: corrections first, else moto; logs the call and keeps the state."""

import functools
import re
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from botocore.parsers import create_parser
from moto.backend_index import backend_url_patterns
from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.core.request import Request
from moto.sts.models import sts_backends
from werkzeug.exceptions import HTTPException

from aws_sandbox import corrections
from aws_sandbox.account import ACCOUNT
from aws_sandbox.aws_api import (
    AwsError,
    Operation,
    answer,
    error_answer,
    identify,
    service_model,
    signed_service,
)
from aws_sandbox.calls import LARGEST_ANSWER, Call, CallLog, masked
from aws_sandbox.corrections.timestream_cells import regional_host
from aws_sandbox.faults import Faults
from aws_sandbox.persistence import Store, touched
from aws_sandbox.proxy import HttpAnswer, HttpRequest

_READING = re.compile(
    r"(Get|List|Describe|Head|BatchGet|Lookup|Search|Filter|Query|Select|Test|Validate|Simulate|Preview|Decrypt"
    r"|Encrypt|ReEncrypt|GenerateDataKey|GenerateMac|GenerateRandom|Sign|Verify|Estimate)"
)


class Dispatcher:
    """AWS as one function from request to answer.

    Calls take effect one after the other: moto's models are not made for threads, and the state
    that is kept must be that of a moment between two calls.
    """

    def __init__(self, log: CallLog, faults: Faults, store: Store) -> None:
        """Serve with this log, these faults and this store of state."""
        self._log = log
        self._faults = faults
        self._store = store
        self.lock = threading.RLock()

    def __call__(self, http: HttpRequest) -> HttpAnswer:
        """Answer one request."""
        begin = time.time()
        host = regional_host(http.host)
        url = f"{http.scheme}://{host}"
        request = Request.from_primitives(http.method, url + http.path, http.headers, http.body)
        backend = _backend_of_host(url)
        operation = identify(
            request, _service_name(backend) if backend else signed_service(request), http.host
        )
        self._faults.wait(operation.service, operation.name, "before")
        with self.lock:
            touched.clear()
            reply = self._reply(operation, request, backend, http)
            self._store.save(reading=bool(_READING.match(operation.name)))
            principal = _principal(operation)
        self._log.write(_call(begin, operation, principal, reply))
        self._faults.wait(operation.service, operation.name, "after")
        return reply

    def _reply(
        self, operation: Operation, request: Request, backend: str | None, http: HttpRequest
    ) -> HttpAnswer:
        if error := self._faults.failure(operation.service, operation.name):
            return error_answer(operation, error)
        try:
            if backend is None:
                raise AwsError("NotInSandbox", f"the sandbox has no AWS service at {http.host}")
            corrections.check(operation)
            if handler := corrections.handler(operation):
                return answer(operation, handler(operation))
            return _moto(request, backend)
        except AwsError as error:
            return error_answer(operation, error)
        except NotImplementedError:
            text = f"the sandbox has no {operation.service} {operation.name or http.method + ' ' + http.path}"
            return error_answer(operation, AwsError("NotInSandbox", text))
        except Exception:
            # A defect in moto or in a correction: the caller is told, the server's log has the trace.
            traceback.print_exc()
            text = f"{operation.service} {operation.name} broke the sandbox: {traceback.format_exc(limit=-1)}"
            return error_answer(operation, AwsError("SandboxDefect", text))


def _moto(request: Request, backend: str) -> HttpAnswer:
    handler = _handler(backend, request.raw_path)
    if handler is None:
        raise NotImplementedError
    try:
        response = handler(request, request.raw_url, request.headers)
    except HTTPException as error:
        headers = {name: str(value) for name, value in error.get_headers()}
        return HttpAnswer(error.code or 400, headers, str(error.get_body()).encode())
    status, headers, body = response if isinstance(response, tuple) else (200, {}, response)
    text = {
        name: value.decode() if isinstance(value, bytes) else str(value) for name, value in headers.items()
    }
    return HttpAnswer(int(status), text, body.encode() if isinstance(body, str) else bytes(body or b""))


@functools.lru_cache(maxsize=4096)
def _backend_of_host(url: str) -> str | None:
    return next((name for name, pattern in backend_url_patterns if pattern.match(url)), None)


@functools.cache
def _service_name(backend: str) -> str:
    """Return boto3's name for one of moto's backends."""
    name = str(get_backend(backend).service_name)  # type: ignore[call-overload]
    return name if service_model(name) else backend


@functools.lru_cache(maxsize=4096)
def _handler(backend: str, path: str) -> Callable[..., Any] | None:
    return next((handler for pattern, handler in _paths(backend) if pattern.match(path)), None)


@functools.cache
def _paths(backend: str) -> list[tuple[re.Pattern[str], Callable[..., Any]]]:
    backends: BackendDict[Any] = get_backend(backend)  # type: ignore[call-overload]
    regions = backends[ACCOUNT]
    urls = regions["us-east-1" if "us-east-1" in regions else "aws"].url_paths
    return [(re.compile(pattern), handler) for pattern, handler in urls.items()]


def _principal(operation: Operation) -> str:
    _, arn, _ = sts_backends[ACCOUNT]["aws"].get_caller_identity(operation.access_key, operation.region)
    return str(arn)


def _call(begin: float, operation: Operation, principal: str, reply: HttpAnswer) -> Call:
    parsed = _parsed(operation, reply)
    error = parsed.get("Error", {}) if reply.status >= 400 else {}
    return Call(
        time=begin,
        service=operation.service,
        action=operation.name,
        region=operation.region,
        host=operation.host,
        principal=principal,
        request=masked(operation.params),
        status=reply.status,
        answer=masked(
            {name: part for name, part in parsed.items() if name not in ("Error", "ResponseMetadata")}
        )
        if reply.status < 400
        else {},
        error=(error.get("Code") or str(reply.status)) if reply.status >= 400 else None,
        message=error.get("Message") if reply.status >= 400 else None,
        milliseconds=round((time.time() - begin) * 1000, 2),
    )


def _parsed(operation: Operation, reply: HttpAnswer) -> dict[str, Any]:
    """Return the answer as a client would read it."""
    if operation.model is None or (not reply.body and reply.status < 400):
        return {}
    shape = operation.model.output_shape
    if reply.status < 400:
        if shape is None or operation.model.has_streaming_output or operation.model.has_event_stream_output:
            return {}
        if len(reply.body) > LARGEST_ANSWER:
            return {"(not recorded)": f"{len(reply.body)} bytes"}
    headers = {name.lower(): value for name, value in reply.headers.items()}
    parser = create_parser(operation.protocol)
    parsed: dict[str, Any] = parser.parse(
        {"status_code": reply.status, "headers": headers, "body": reply.body}, shape
    )
    return parsed
