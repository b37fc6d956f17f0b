"""`$batch`: up to 20 requests in one, each with a status of its own, answered in any order."""

import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.microsoft.answers import graph_error
from sandbox.microsoft.faults import Endpoint, Order
from sandbox.microsoft.mailboxes import purpose
from sandbox.microsoft.mishaps import refusal
from sandbox.microsoft.people import Json
from sandbox.microsoft.tenant import Tenant

_MOST = 20
_MAILBOX = re.compile(r"/users/([^/?]+)/mailboxSettings/userPurpose")


def batch(request: Request, tenant: Tenant, _: Order | None) -> Response:
    """All of them, the last one first."""
    try:
        asked = json.loads(request.state.body)["requests"]
        ids = [one["id"] for one in asked]
        misuse = not 0 < len(asked) <= _MOST or len({*ids}) < len(ids) or not all(isinstance(one, str) for one in ids)
    except (ValueError, KeyError, TypeError):
        misuse, asked = True, []
    if misuse:
        return graph_error(400, "BadRequest", "A batch has 1 to 20 requests with ids of their own.")
    return JSONResponse({"responses": [_inner(tenant, one) for one in reversed(asked)]})


def _inner(tenant: Tenant, asked: dict[str, Any]) -> Json:
    found = _MAILBOX.fullmatch(asked.get("url", ""))
    if found is None or asked.get("method") != "GET":
        answer: Response = graph_error(400, "BadRequest", "Only the purpose of a mailbox is known here.")
    else:
        order = tenant.faults.take(Endpoint.MAILBOX)
        answer = (order and refusal(order)) or purpose(tenant, found[1])
    pause = answer.headers.get("Retry-After")
    headers = {"Content-Type": "application/json", **({"Retry-After": pause} if pause else {})}
    return {"id": asked["id"], "status": answer.status_code, "headers": headers, "body": json.loads(bytes(answer.body))}
