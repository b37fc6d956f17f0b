"""Turning a good answer into the failure that was ordered."""

import asyncio
import base64
import json

from starlette.requests import Request
from starlette.responses import Response

from sandbox.microsoft.answers import Dropped, base_url, graph_error, truncated
from sandbox.microsoft.faults import Fault, Order

_WANTED = {"essential": True, "value": "1604106651"}
_CLAIMS = {"access_token": {"nbf": _WANTED}}

# Status, code and message of the failures that replace the answer.
_REFUSALS: dict[Fault, tuple[int, str, str]] = {
    Fault.FORBIDDEN: (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
    Fault.THROTTLED: (429, "TooManyRequests", "Too many requests."),
    Fault.SERVER_ERROR: (500, "InternalServerError", "Something broke."),
    Fault.UNAVAILABLE: (503, "ServiceUnavailable", "The service is unavailable."),
    Fault.GATEWAY_TIMEOUT: (504, "GatewayTimeout", "The gateway waited in vain."),
    Fault.NOT_FOUND: (404, "Request_ResourceNotFound", "There is no such resource."),
    Fault.GONE_WITHOUT_LOCATION: (410, "resyncRequired", "The state was reset."),
    Fault.RESYNC_APPLY: (410, "resyncApplyDifferences", "Take the server's state."),
    Fault.RESYNC_UPLOAD: (400, "resyncUploadDifferences", "Take both states."),
    Fault.FAILED_DEPENDENCY: (424, "FailedDependency", "Another request of the batch failed."),
    Fault.SYNC_STATE_NOT_FOUND: (400, "syncStateNotFound", "The sync state generation is not found."),
    Fault.PAGE_TOKEN_EXPIRED: (400, "Directory_ExpiredPageToken", "The page token has expired."),
    Fault.TOKEN_REVOKED: (401, "InvalidAuthenticationToken", "The access token has been revoked."),
}


async def mishap(order: Order, request: Request, answer: Response) -> Response:
    """What is sent instead of the answer; faults that concern a page only leave it as it is."""
    match order.fault:
        case Fault.SLOW:
            await asyncio.sleep(order.seconds or 1)
            return answer
        case Fault.DROPPED:
            return Dropped(bytes(answer.body), answer.status_code, media_type="application/json")
        case Fault.TRUNCATED:
            return truncated(answer)
        case Fault.GONE:
            location = {"Location": f"{base_url(request)}/v1.0/users/delta?$deltatoken="}
            return graph_error(410, "resyncRequired", "The state was reset.", location)
    return refusal(order) or answer


def refusal(order: Order) -> Response | None:
    """The failure that replaces an answer; None for a fault of another sort."""
    if order.fault not in _REFUSALS:
        return None
    pause = {} if order.seconds is None else {"Retry-After": str(order.seconds)}
    return graph_error(*_REFUSALS[order.fault], pause)


def meets_challenge(claims: str) -> bool:
    """Whether a token was asked for with the claims that our challenge names; others may stand beside them."""
    try:
        return bool(json.loads(claims)["access_token"]["nbf"] == _WANTED)
    except (ValueError, KeyError, TypeError):
        return False


def claims_challenge() -> Response:
    """What Graph answers when the token must be asked for with claims."""
    claims = base64.b64encode(json.dumps(_CLAIMS).encode()).decode()
    challenge = f'Bearer realm="", error="insufficient_claims", claims="{claims}"'
    return graph_error(401, "InvalidAuthenticationToken", "Claims are needed.", {"WWW-Authenticate": challenge})
