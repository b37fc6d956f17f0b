"""Calls by which people, the demo and other processes change the pretend Microsoft: `/control/...`, JSON in and out."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.microsoft.cloud import Cloud
from sandbox.microsoft.faults import Endpoint, Fault
from sandbox.microsoft.people import Json, NobodyThere
from sandbox.microsoft.tenant import Tenant

Call = Callable[[Cloud, Tenant, Mapping[str, Any]], object]


def routes(cloud: Cloud) -> list[Route]:
    """Registering apps, opening tenants, looking at them, and everything that happens to them."""

    async def register(request: Request) -> Response:
        return _answered(lambda body: cloud.register(**body), await request.json())

    async def open_tenant(request: Request) -> Response:
        return _answered(lambda body: _state(cloud.add_tenant(**body)), await request.json())

    async def look(request: Request) -> Response:
        tenant = cloud.tenant(request.path_params["tenant"])
        return _absent("tenant") if tenant is None else JSONResponse(_state(tenant))

    async def call(request: Request) -> Response:
        tenant = cloud.tenant(request.path_params["tenant"])
        wanted = _CALLS.get(request.path_params["call"])
        if tenant is None or wanted is None:
            return _absent("tenant" if tenant is None else "call")
        return _answered(lambda body: wanted(cloud, tenant, body), await request.json())

    return [
        Route("/control/apps", register, methods=["POST"]),
        Route("/control/tenants", open_tenant, methods=["POST"]),
        Route("/control/tenants/{tenant}", look),
        Route("/control/tenants/{tenant}/{call}", call, methods=["POST"]),
    ]


def _answered(action: Callable[[Mapping[str, Any]], object], body: Mapping[str, Any]) -> Response:
    try:
        return JSONResponse({"result": action(body)})
    except NobodyThere as nobody:
        return JSONResponse({"error": f"nobody in that state: {nobody}"}, 404)
    except (TypeError, ValueError, KeyError) as problem:
        return JSONResponse({"error": f"the call can't be understood: {problem}"}, 400)


def _absent(what: str) -> Response:
    return JSONResponse({"error": f"there is no such {what}"}, 404)


def _state(tenant: Tenant) -> Json:
    everything = ("displayName", "mail", "userPrincipalName", "accountEnabled", "userType", "assignedLicenses")
    return {
        "id": tenant.id,
        "domain": tenant.domain,
        "consented": tenant.consented,
        "permissions": sorted(tenant.permissions),
        "people": [person.shown(everything) for person in tenant.people.everybody()],
        "licences": tenant.subscribed_skus(),
    }


def _configure(_: Cloud, tenant: Tenant, body: Mapping[str, Any]) -> None:
    given = dict(body)
    tenant.consented = given.pop("consented", tenant.consented)
    tenant.permissions = set(given.pop("permissions", tenant.permissions))
    tenant.token_lifetime_seconds = given.pop("token_lifetime_seconds", tenant.token_lifetime_seconds)
    tenant.premium = given.pop("premium", tenant.premium)
    tenant.changes.page_size = given.pop("page_size", tenant.changes.page_size)
    tenant.changes.repeats = given.pop("repeats", tenant.changes.repeats)
    if given:
        raise KeyError(*given)


def _fail(_: Cloud, tenant: Tenant, body: Mapping[str, Any]) -> None:
    rest = {key: value for key, value in body.items() if key not in {"endpoint", "fault"}}
    tenant.faults.order(Endpoint(body["endpoint"]), Fault(body["fault"]), **rest)


_CALLS: dict[str, Call] = {
    "hire": lambda _, tenant, body: tenant.people.hire(**body),
    "fire": lambda _, tenant, body: tenant.people.fire(**body),
    "purge": lambda _, tenant, body: tenant.people.purge(**body),
    "restore": lambda _, tenant, body: tenant.people.restore(**body),
    "change": lambda _, tenant, body: tenant.people.change(**body),
    "disable": lambda _, tenant, body: tenant.people.disable(**body),
    "enable": lambda _, tenant, body: tenant.people.enable(**body),
    "rename": lambda _, tenant, body: tenant.people.rename(**body),
    "license": lambda _, tenant, body: tenant.people.license(body["object_id"], *body["part_numbers"]),
    "unlicense": lambda _, tenant, body: tenant.people.unlicense(body["object_id"], *body["part_numbers"]),
    "buy": lambda _, tenant, body: tenant.buy(**body),
    "add_group": lambda _, tenant, body: tenant.groups.add(**body),
    "join": lambda _, tenant, body: tenant.groups.join(body["group"], *body["members"]),
    "leave": lambda _, tenant, body: tenant.groups.leave(body["group"], *body["members"]),
    "set_mailbox": lambda _, tenant, body: tenant.set_mailbox(**body),
    "signed_in": lambda _, tenant, body: tenant.signed_in(**body),
    "configure": _configure,
    "fail": _fail,
    "forget": lambda _, tenant, __: tenant.forget(),
    "revoke": lambda cloud, tenant, _: cloud.revoke(tenant),
}
