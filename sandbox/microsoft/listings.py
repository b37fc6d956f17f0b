"""Lists with pages: the next one is behind an opaque token that carries the query of the first."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.microsoft.answers import base_url, graph_error
from sandbox.microsoft.faults import Fault, Order
from sandbox.microsoft.people import Json


@dataclass(slots=True)
class Listings:
    """What is left of the lists that somebody is reading, by token."""

    rest: dict[str, tuple[Sequence[Json], int]] = field(default_factory=dict)

    def keep(self, items: Sequence[Json], size: int) -> str:
        """Remembers the rest and gives its token, which leads there as often as it is asked."""
        token = secrets.token_urlsafe(24)
        self.rest[token] = (items, size)
        return token


def listed(
    request: Request, listings: Listings, items: Sequence[Json], size: int, order: Order | None = None
) -> Response:
    """The page that the request asks for: the first one of these items, or the one behind its token."""
    token = request.query_params.get("$skiptoken")
    if token is not None:
        if token not in listings.rest:
            return graph_error(400, "Directory_ExpiredPageToken", "The specified page token is expired.")
        items, size = listings.rest[token]
    if order is not None and order.fault is Fault.EMPTY_PAGE:
        page, rest = items[:0], items
    else:
        page, rest = items[:size], items[size:]
    body: Json = {"value": list(page)}
    if rest:
        query = {**request.query_params, "$skiptoken": listings.keep(rest, size)}
        body["@odata.nextLink"] = f"{base_url(request)}{request.url.path}?{urlencode(query)}"
    return JSONResponse(body if order is None else twisted(body, order.fault, request))


def _as_it_was(user: Json) -> Json:
    """A user as an older change had it, which Graph may send once more behind the newer."""
    if "@removed" in user or "accountEnabled" not in user:
        return user
    return {**user, "displayName": "As it was", "accountEnabled": not user["accountEnabled"]}


def twisted(body: Json, fault: Fault, request: Request) -> Json:
    """The page with what a broken or hostile server would make of it."""
    links = {key: value for key, value in body.items() if key.endswith("Link")}
    rest = {key: value for key, value in body.items() if key not in links}
    users: Mapping[Fault, Callable[[list[Json]], list[Json]]] = {
        Fault.EMPTY_DIRECTORY: lambda _: [],
        Fault.PARTIAL_DIRECTORY: lambda found: found[1::2],
        Fault.STALE_REPLAY: lambda found: [*found, *map(_as_it_was, found)],
        Fault.MANGLED_USER: lambda _: [{"displayName": "Nobody"}],
    }
    if fault in users:
        return {**body, "value": users[fault](body["value"])}
    match fault:
        case Fault.FOREIGN_LINK:
            return {**rest, "@odata.nextLink": "https://graph.example/v1.0/users/delta?$skiptoken=x"}
        case Fault.LOOPING_LINK:
            return {**rest, "@odata.nextLink": str(request.url)}
        case Fault.MISSING_LINK:
            return rest
    return body
