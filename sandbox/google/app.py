"""Google's directory and licensing APIs as an ASGI application, refusing what the real ones refuse."""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.google import sign_in
from sandbox.google.masks import masked, parsed
from sandbox.google.workspace import GROUPS, LICENCES, USERS, Json, Workspace

_NAMED = re.compile(r"name='((?:[^'\\]|\\.)*)'")

Handler = Callable[[Workspace, Request], Response]


def google_error(status: int, reason: str, message: str, domain: str = "global") -> JSONResponse:
    """An error as Google's older APIs write it."""
    errors = [{"message": message, "domain": domain, "reason": reason}]
    return JSONResponse({"error": {"code": status, "message": message, "errors": errors}}, status)


def create_app(workspace: Workspace) -> Starlette:
    """The application over a workspace, which tests may also change directly."""

    def guarded(endpoint: str, scope: str, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            answer = _refusal(workspace, request, scope) or handler(workspace, request)
            return workspace.faults.applied(endpoint, request, answer)

        return serve

    directory = "/admin/directory/v1"
    return Starlette(
        routes=[
            Route("/token", partial(sign_in.token, workspace), methods=["POST"]),
            Route(f"{directory}/users", guarded("users", USERS, _users)),
            Route(f"{directory}/users/{{user}}", guarded("user", USERS, _user)),
            Route(f"{directory}/groups", guarded("groups", GROUPS, _groups)),
            Route(f"{directory}/groups/{{group}}/members", guarded("members", GROUPS, _members)),
            Route("/apps/licensing/v1/product/{product}/users", guarded("licences", LICENCES, _licences)),
        ]
    )


def _refusal(workspace: Workspace, request: Request, scope: str) -> Response | None:
    scopes = workspace.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if scopes is None:
        return google_error(401, "authError", "Invalid Credentials")
    if scope not in scopes:
        return google_error(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
    return None


def _users(workspace: Workspace, request: Request) -> Response:
    if request.query_params.get("customer") not in {"my_customer", workspace.customer_id}:
        return google_error(400, "badRequest", "Bad Request")
    return _paged(workspace, request, "admin#directory#users", "users", workspace.people, largest=500)


def _user(workspace: Workspace, request: Request) -> Response:
    key = request.path_params["user"]
    found = next((one for one in workspace.people.values() if key in {one["id"], one["primaryEmail"]}), None)
    if found is None:
        return google_error(404, "notFound", "Resource Not Found: userKey")
    mask = parsed(request.query_params.get("fields", ""))
    return JSONResponse(masked({"kind": "admin#directory#user", **found}, mask) if mask else found)


def _groups(workspace: Workspace, request: Request) -> Response:
    found = _NAMED.fullmatch(request.query_params.get("query", ""))
    if found is None or request.query_params.get("customer") not in {"my_customer", workspace.customer_id}:
        return google_error(400, "invalid", "Invalid Input: query")
    wanted = re.sub(r"\\(.)", r"\1", found[1]).casefold()
    groups: dict[str, Json] = {
        group.id: {"kind": "admin#directory#group", "id": group.id, "email": group.mail, "name": group.name}
        for group in workspace.groups.values()
        if group.name.casefold() == wanted
    }
    return _paged(workspace, request, "admin#directory#groups", "groups", groups, largest=200)


def _members(workspace: Workspace, request: Request) -> Response:
    key = request.path_params["group"]
    group = next((one for one in workspace.groups.values() if key in {one.id, one.mail}), None)
    if group is None:
        return google_error(404, "notFound", "Resource Not Found: groupKey")
    derived = request.query_params.get("includeDerivedMembership") == "true"
    # Somebody may be in it directly and through another group, and is then listed twice.
    listed = enumerate(workspace.members(group, derived=derived))
    members = {f"{place:08}": member for place, member in listed}
    return _paged(workspace, request, "admin#directory#members", "members", members, largest=200)


def _licences(workspace: Workspace, request: Request) -> Response:
    product = request.path_params["product"]
    if request.query_params.get("customerId") != workspace.customer_id:
        return google_error(400, "invalid", "Invalid customerId")
    if product not in workspace.products:
        return google_error(404, "notFound", "Product not found")
    items = workspace.assignments(product)
    return _paged(workspace, request, "licensing#licenseAssignmentList", "items", items, largest=1000)


def _paged(
    workspace: Workspace, request: Request, kind: str, name: str, items: Mapping[str, Json], *, largest: int
) -> Response:
    """A page in the order of the keys, with the token of the next; an empty one has no items at all, as with Google.

    Who goes meanwhile moves nobody else to a page that was read already.
    """
    asked = request.query_params.get("maxResults", "100")
    if not asked.isdecimal() or not 1 <= int(asked) <= largest:
        return google_error(400, "invalid", f"Invalid value '{asked}'. Values must be within the range: [1, {largest}]")
    size = min(int(asked), workspace.page_size)
    token = request.query_params.get("pageToken")
    place = "" if token is None else workspace.place(token)
    if place is None:
        return google_error(400, "invalid", "Invalid Input: pageToken")
    rest = sorted(key for key in items if key > place)
    body: Json = {"kind": kind, "etag": '"x"'}
    if rest:
        body[name] = [items[key] for key in rest[:size]]
    if len(rest) > size:
        body["nextPageToken"] = workspace.remember(rest[size - 1])
    mask = parsed(request.query_params.get("fields", ""))
    return JSONResponse(masked(body, mask) if mask else body)
