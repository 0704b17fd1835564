"""What the sandbox itself can be asked over loopback: status, reset, faults.

The client is `aws_sandbox.control_client`. Requests are POSTs of JSON to the proxy's own port, with the token
that the server wrote into its `server.json`: a web page or another user of this machine cannot have it.
"""

import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moto.core.base_backend import BackendDict
from moto.s3.models import s3_backends

from aws_sandbox.aws_api import AwsError, service_model
from aws_sandbox.calls import CallLog
from aws_sandbox.control_client import CONTROL_HEADER, SERVER_FILE
from aws_sandbox.dispatch import Dispatcher
from aws_sandbox.faults import Faults
from aws_sandbox.persistence import Store
from aws_sandbox.proxy import HttpAnswer, HttpRequest, header

LONGEST_WAIT = 60.0

Json = dict[str, Any]


class Control:
    """Answers the sandbox's own requests."""

    def __init__(
        self,
        directory: Path,
        token: str,
        dispatcher: Dispatcher,
        log: CallLog,
        faults: Faults,
        store: Store,
    ) -> None:
        """Control this server for those who have the token."""
        self._directory = directory
        self._token = token.encode()
        self._dispatcher = dispatcher
        self._log = log
        self._faults = faults
        self._store = store
        self._commands: dict[str, Callable[[Json], Json]] = {
            "/sandbox/status": self._status,
            "/sandbox/reset": self._reset,
            "/sandbox/hold": self._hold,
            "/sandbox/arrived": self._arrived,
            "/sandbox/release": self._release,
            "/sandbox/fail": self._fail,
        }

    def __call__(self, http: HttpRequest) -> HttpAnswer:
        """Answer one request."""
        given = header(http.headers, CONTROL_HEADER) or ""
        if not hmac.compare_digest(given.encode(), self._token):
            return _json(403, {"error": f"the sandbox obeys only who sends the token of its {SERVER_FILE}"})
        command = self._commands.get(http.path)
        if command is None or http.method != "POST":
            return _json(404, {"error": f"the sandbox has no {http.method} {http.path}"})
        try:
            return _json(200, command(json.loads(http.body or b"{}")))
        except (KeyError, TypeError, ValueError) as error:
            return _json(400, {"error": str(error)})

    def _status(self, _: Json) -> Json:
        return {"directory": str(self._directory)}

    def _reset(self, _: Json) -> Json:
        self._faults.clear()
        with self._dispatcher.lock:
            BackendDict.reset()
            s3_backends.bucket_accounts.clear()
            self._store.clear()
            self._log.clear()
        return {}

    def _hold(self, order: Json) -> Json:
        service, action = _operation(order)
        if order["when"] not in ("before", "after"):
            raise ValueError(f"when is before or after, not {order['when']!r}")
        return {"hold": self._faults.hold(service, action, order["when"], int(order["times"]))}

    def _arrived(self, order: Json) -> Json:
        return {"arrived": self._faults.arrived(order["hold"], min(float(order["seconds"]), LONGEST_WAIT))}

    def _release(self, order: Json) -> Json:
        self._faults.release(order["hold"])
        return {}

    def _fail(self, order: Json) -> Json:
        service, action = _operation(order)
        error = AwsError(order["code"], order["message"], int(order["status"]))
        self._faults.fail(service, action, error, int(order["times"]))
        return {}


def _operation(order: Json) -> tuple[str, str]:
    """Return service and operation, or say that there is none such: a typing error would wait for ever."""
    service, action = order["service"], order["action"]
    model = service_model(service)
    if model is None:
        raise ValueError(f"boto3 has no service {service!r}")
    if action not in model.operation_names:
        raise ValueError(f"{service} has no operation {action!r}")
    return service, action


def _json(status: int, value: Json) -> HttpAnswer:
    return HttpAnswer(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
