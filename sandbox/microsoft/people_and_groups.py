"""Lists of users and groups, refused where Graph refuses them."""

import re
from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response

from sandbox.microsoft.answers import graph_error
from sandbox.microsoft.faults import Order
from sandbox.microsoft.listings import listed
from sandbox.microsoft.people import Json, NobodyThere
from sandbox.microsoft.tenant import READ_SIGN_INS, Tenant

_SIGN_INS, _MAILBOX = "signInActivity", "mailboxSettings"
_USUAL_PAGE_SIZE, _MOST, _MOST_WITH_SIGN_INS = 100, 999, 120
# In OData a quote in a text is written twice.
_BY_NAME = re.compile(r"displayName eq '((?:[^']|'')*)'")


def users(request: Request, tenant: Tenant, order: Order | None) -> Response:
    """Everybody who is there, with the last sign-ins where the tenant has them and the app may see them."""
    select = _selected(request)
    if _MAILBOX in select:
        return graph_error(501, "NotImplemented", "This property can't be selected on a list.")
    if _SIGN_INS in select and READ_SIGN_INS not in tenant.permissions:
        return graph_error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    if _SIGN_INS in select and not tenant.premium:
        code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
        return graph_error(403, code, "Neither tenant is B2C or tenant doesn't have premium license")
    if (misuse := _misuse(request, {"$select", "$top", "$skiptoken"})) is not None:
        return misuse
    size = min(_size(request), _MOST_WITH_SIGN_INS) if _SIGN_INS in select else _size(request)
    everybody = [
        {**person.shown(select), **(_activity(tenant, person.id) if _SIGN_INS in select else {})}
        for person in tenant.people.everybody()
    ]
    return listed(request, tenant.listings, everybody, size, order)


def groups(request: Request, tenant: Tenant, order: Order | None) -> Response:
    """The groups of one display name."""
    named = _BY_NAME.fullmatch(request.query_params.get("$filter", ""))
    misuse = _misuse(request, {"$select", "$top", "$skiptoken", "$filter"})
    if misuse is not None or named is None:
        return misuse or graph_error(400, "Request_UnsupportedQuery", "Only a filter on displayName is supported here.")
    return listed(request, tenant.listings, tenant.groups.named(named[1].replace("''", "'")), _size(request), order)


def members(request: Request, tenant: Tenant, order: Order | None) -> Response:
    """All members of a group, also through other groups: users, groups and devices."""
    if (misuse := _misuse(request, {"$select", "$top", "$skiptoken"})) is not None:
        return misuse
    try:
        everything = tenant.groups.transitive(request.path_params["group"])
    except NobodyThere:
        return graph_error(404, "Request_ResourceNotFound", "There is no such group.")
    return listed(request, tenant.listings, everything, _size(request), order)


def _activity(tenant: Tenant, object_id: str) -> Json:
    moment = tenant.sign_ins.get(object_id)
    return {_SIGN_INS: {"lastSuccessfulSignInDateTime": moment}} if moment else {}


def _selected(request: Request) -> tuple[str, ...]:
    return tuple(request.query_params.get("$select", "displayName").split(","))


def _size(request: Request) -> int:
    return int(request.query_params.get("$top", _USUAL_PAGE_SIZE))


def _misuse(request: Request, known: Collection[str]) -> Response | None:
    strange = sorted({*request.query_params} - {*known})
    if strange:
        return graph_error(400, "Request_UnsupportedQuery", f"Not supported here: {strange}")
    if not request.query_params.get("$top", "1").isdecimal() or not 0 < _size(request) <= _MOST:
        return graph_error(400, "Request_BadRequest", "The page size must be from 1 to 999.")
    return None
