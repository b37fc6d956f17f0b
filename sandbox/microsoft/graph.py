"""Graph's part: users and their changes, groups, mailboxes, the licences of a tenant, and the apps registered in it."""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.microsoft import people_and_groups
from sandbox.microsoft.answers import base_url, graph_error
from sandbox.microsoft.batch import batch
from sandbox.microsoft.changes import Page, TokenUnknown
from sandbox.microsoft.cloud import Cloud, Registration
from sandbox.microsoft.faults import Endpoint, Fault, Order
from sandbox.microsoft.listings import twisted
from sandbox.microsoft.mailboxes import purpose
from sandbox.microsoft.mishaps import claims_challenge, mishap
from sandbox.microsoft.people import Json, NobodyThere
from sandbox.microsoft.tenant import READ_APPS, READ_GROUPS, READ_LICENCES, READ_USERS, Tenant

# Without $select, Graph returns these of the properties that we keep.
_DEFAULT = ("displayName", "mail", "userPrincipalName")
_KNOWN = {*_DEFAULT, "id", "accountEnabled", "userType", "assignedLicenses", "department", "employeeId"}
_PAGE_SIZE = re.compile(r"odata\.maxpagesize=(\d+)")
_USUAL_PAGE_SIZE = 200
_APP_BY_ID = re.compile(r"appId eq '([^']+)'")

Handler = Callable[[Request, Tenant, Order | None], Response]


def routes(cloud: Cloud) -> list[Route]:
    """The endpoints, each behind its token and its permission."""

    def guarded(
        endpoint: Endpoint, permission: str | None, handler: Handler
    ) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            return await _serve(cloud, request, endpoint, permission, handler)

        return serve

    def applications(request: Request, tenant: Tenant, _: Order | None) -> Response:
        wanted = _APP_BY_ID.fullmatch(request.query_params.get("$filter", ""))
        if wanted is None:
            return graph_error(400, "Request_UnsupportedQuery", "Only a filter on appId is supported here.")
        registered = cloud.registrations.get(wanted[1])
        here = registered is not None and registered.home == tenant.id
        return JSONResponse({"value": [_application(registered)] if registered and here else []})

    return [
        Route("/v1.0/applications", guarded(Endpoint.APPLICATIONS, READ_APPS, applications)),
        Route("/v1.0/$batch", guarded(Endpoint.BATCH, None, batch), methods=["POST"]),
        Route("/v1.0/groups", guarded(Endpoint.GROUPS, READ_GROUPS, people_and_groups.groups)),
        Route(
            "/v1.0/groups/{group}/transitiveMembers",
            guarded(Endpoint.MEMBERS, READ_GROUPS, people_and_groups.members),
        ),
        Route("/v1.0/users", guarded(Endpoint.USERS, READ_USERS, people_and_groups.users)),
        Route("/v1.0/users/{user}/mailboxSettings/userPurpose", guarded(Endpoint.MAILBOX, None, _purpose)),
        Route("/v1.0/users/delta", guarded(Endpoint.DELTA, READ_USERS, _delta)),
        Route("/v1.0/users/{user}", guarded(Endpoint.USER, READ_USERS, _user)),
        Route("/v1.0/subscribedSkus", guarded(Endpoint.SKUS, READ_LICENCES, _skus)),
    ]


async def _serve(
    cloud: Cloud, request: Request, endpoint: Endpoint, permission: str | None, handler: Handler
) -> Response:
    held = cloud.holder(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if held is None:
        return graph_error(401, "InvalidAuthenticationToken", "The access token is invalid or has expired.")
    tenant = held.tenant
    order = tenant.faults.take(endpoint)
    if order is not None and order.fault is Fault.TOKEN_REVOKED:
        cloud.revoke(tenant)
    if order is not None and order.fault is Fault.CLAIMS_WANTED and not held.has_claims:
        return claims_challenge()
    if permission is not None and permission not in tenant.permissions:
        return graph_error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    request.state.body = await request.body()
    answer = handler(request, tenant, order)
    return answer if order is None else await mishap(order, request, answer)


def _user(request: Request, tenant: Tenant, _: Order | None) -> Response:
    try:
        person = tenant.people.active(request.path_params["user"])
    except NobodyThere:
        return graph_error(404, "Request_ResourceNotFound", "There is no such user.")
    return JSONResponse(person.shown(_selected(request)))


def _purpose(request: Request, tenant: Tenant, _: Order | None) -> Response:
    return purpose(tenant, request.path_params["user"])


def _skus(_: Request, tenant: Tenant, __: Order | None) -> Response:
    return JSONResponse({"value": tenant.subscribed_skus()})


def _application(registered: Registration) -> Json:
    secret = registered.secret or ""
    credential = {"hint": secret[:3], "endDateTime": registered.secret_expires}
    return {"appId": registered.client_id, "passwordCredentials": [credential] if registered.secret_expires else []}


def _delta(request: Request, tenant: Tenant, order: Order | None) -> Response:
    query = request.query_params
    misuse = set(query) - {"$select", "$skiptoken", "$deltatoken"} or set(_selected(request)) - _KNOWN
    if misuse or ("$skiptoken" in query and "$select" in query):
        return graph_error(400, "Request_UnsupportedQuery", f"Not supported here: {sorted(misuse) or '$select'}")
    try:
        page = _page(request, tenant)
    except TokenUnknown:
        return graph_error(400, "syncStateNotFound", "The sync state generation is not found.")
    if order is not None and order.fault is Fault.EMPTY_PAGE:
        page = tenant.changes.emptied(page)
    body = _body(request, page)
    lists_only = order is not None and order.fault in {Fault.EMPTY_DIRECTORY, Fault.PARTIAL_DIRECTORY}
    if order is None or (lists_only and "$select" not in query):
        # A list may come out short; changes that a server swallowed would be lost for good.
        return JSONResponse(body)
    return JSONResponse(twisted(body, order.fault, request))


def _page(request: Request, tenant: Tenant) -> Page:
    query = request.query_params
    preferred = _PAGE_SIZE.search(request.headers.get("Prefer", ""))
    size = int(preferred[1]) if preferred else _USUAL_PAGE_SIZE
    if "$skiptoken" in query:
        return tenant.changes.page(query["$skiptoken"])
    if query.get("$deltatoken"):
        return tenant.changes.since(query["$deltatoken"], size)
    return tenant.changes.begin(_selected(request), size)


def _selected(request: Request) -> tuple[str, ...]:
    chosen = request.query_params.get("$select")
    return tuple(chosen.split(",")) if chosen else _DEFAULT


def _body(request: Request, page: Page) -> Json:
    base = f"{base_url(request)}/v1.0/users/delta"
    if page.skiptoken is not None:
        link = {"@odata.nextLink": f"{base}?$skiptoken={page.skiptoken}"}
    else:
        link = {"@odata.deltaLink": f"{base}?$deltatoken={page.deltatoken}"}
    return {"@odata.context": f"{base_url(request)}/v1.0/$metadata#users", **link, "value": page.value}
