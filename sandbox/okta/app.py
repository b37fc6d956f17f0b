"""The users and groups APIs of Okta as an ASGI application, refusing what the real ones refuse."""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.okta.organization import Json, Organization

_CHANGED = re.compile(r'lastUpdated gt "([^"]+)"')
_NAMED = re.compile(r'profile\.name eq "((?:[^"\\]|\\.)*)"')
_LARGEST_PAGE = 200

Handler = Callable[[Organization, Request], Response]


def okta_error(status: int, code: str, summary: str) -> JSONResponse:
    """An error as Okta writes it."""
    body = {"errorCode": code, "errorSummary": summary, "errorLink": code, "errorId": uuid4().hex, "errorCauses": []}
    return JSONResponse(body, status)


def create_app(organization: Organization) -> Starlette:
    """The application over an organization, which tests may also change directly."""

    def guarded(endpoint: str, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            return organization.faults.applied(endpoint, request, _answer(organization, request, handler))

        return serve

    return Starlette(
        routes=[
            Route("/api/v1/users", guarded("users", _users)),
            Route("/api/v1/users/{user}", guarded("user", _user)),
            Route("/api/v1/groups", guarded("groups", _groups)),
            Route("/api/v1/groups/{group}/users", guarded("members", _members)),
        ]
    )


def _answer(organization: Organization, request: Request, handler: Handler) -> Response:
    left, reset = organization.count()
    if request.headers.get("Authorization") != f"SSWS {organization.token}":
        answer: Response = okta_error(401, "E0000011", "Invalid token provided")
    elif left < 0:
        answer = okta_error(429, "E0000047", "API call exceeded rate limit due to too many requests.")
    elif not organization.may_read:
        answer = okta_error(403, "E0000006", "You do not have permission to perform the requested action")
    else:
        answer = handler(organization, request)
    answer.headers["X-Rate-Limit-Limit"] = str(organization.limit)
    answer.headers["X-Rate-Limit-Remaining"] = str(max(left, 0))
    answer.headers["X-Rate-Limit-Reset"] = str(reset)
    return answer


def _users(organization: Organization, request: Request) -> Response:
    expression = request.query_params.get("filter")
    everybody = sorted(organization.users.values(), key=lambda user: user.id)
    if expression is None:
        listed = [user for user in everybody if user.status != "DEPROVISIONED"]
    elif found := _CHANGED.fullmatch(expression):
        since = datetime.fromisoformat(found[1]).timestamp()
        listed = [user for user in everybody if user.updated > since]
    else:
        return okta_error(400, "E0000031", "Invalid search criteria.")
    return _paged(organization, request, [user.shown() for user in listed])


def _user(organization: Organization, request: Request) -> Response:
    key = request.path_params["user"]
    if key not in organization.users:
        return okta_error(404, "E0000007", f"Not found: Resource not found: {key} (User)")
    return JSONResponse(organization.users[key].shown())


def _groups(organization: Organization, request: Request) -> Response:
    found = _NAMED.fullmatch(request.query_params.get("search", ""))
    if found is None:
        return okta_error(400, "E0000031", "Invalid search criteria.")
    wanted = re.sub(r"\\(.)", r"\1", found[1]).casefold()
    groups = [
        {"id": group_id, "type": "OKTA_GROUP", "profile": {"name": name}}
        for group_id, (name, _) in sorted(organization.groups.items())
        if name.casefold() == wanted
    ]
    return _paged(organization, request, groups)


def _members(organization: Organization, request: Request) -> Response:
    group_id = request.path_params["group"]
    if group_id not in organization.groups:
        return okta_error(404, "E0000007", f"Not found: Resource not found: {group_id} (UserGroup)")
    return _paged(organization, request, [user.shown() for user in organization.members(group_id)])


def _paged(organization: Organization, request: Request, items: Sequence[Json]) -> Response:
    """The items behind the cursor, with the links; a cursor names the last id that was sent."""
    asked = request.query_params.get("limit", "200")
    if not asked.isdecimal() or not 1 <= int(asked) <= _LARGEST_PAGE:
        return okta_error(400, "E0000001", "Api validation failed: limit")
    size = min(int(asked), organization.page_size)
    after = request.query_params.get("after")
    place = "" if after is None else organization.place(after)
    if place is None:
        return okta_error(400, "E0000001", "Api validation failed: after")
    rest = [item for item in items if item["id"] > place]
    answer = JSONResponse(rest[:size])
    answer.headers.append("Link", f'<{request.url}>; rel="self"')
    if len(rest) > size:
        following = request.url.include_query_params(after=organization.remember(rest[size - 1]["id"]))
        answer.headers.append("Link", f'<{following}>; rel="next"')
    return answer
