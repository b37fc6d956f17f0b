"""The token endpoint: client credentials by secret or certificate, refused as Microsoft refuses."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.microsoft.answers import base_url, sign_in_error
from sandbox.microsoft.assertion import is_signed_by
from sandbox.microsoft.cloud import Cloud, Registration
from sandbox.microsoft.faults import Endpoint
from sandbox.microsoft.mishaps import meets_challenge, mishap
from sandbox.microsoft.tenant import Tenant

# The tenant, oauth2, v2.0 and token.
_PARTS_BEHIND_BASE = 4
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def routes(cloud: Cloud) -> list[Route]:
    """Discovery and the token endpoint of every tenant."""

    async def discovery(request: Request) -> Response:
        tenant = cloud.tenant(request.path_params["tenant"])
        return _no_tenant(request) if tenant is None else JSONResponse(_configuration(base_url(request), tenant))

    async def token(request: Request) -> Response:
        tenant = cloud.tenant(request.path_params["tenant"])
        if tenant is None:
            return _no_tenant(request)
        order = tenant.faults.take(Endpoint.TOKEN)
        form = dict(parse_qsl((await request.body()).decode()))
        answer = _refusal(cloud, tenant, form, str(request.url)) or _granted(cloud, tenant, form)
        return answer if order is None else await mishap(order, request, answer)

    return [
        Route("/{tenant}/v2.0/.well-known/openid-configuration", discovery),
        Route("/{tenant}/oauth2/v2.0/token", token, methods=["POST"]),
    ]


def _configuration(base: str, tenant: Tenant) -> dict[str, str]:
    return {
        "issuer": f"{base}/{tenant.id}/v2.0",
        "authorization_endpoint": f"{base}/{tenant.id}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/{tenant.id}/oauth2/v2.0/token",
    }


def _no_tenant(request: Request) -> Response:
    return sign_in_error(400, "invalid_tenant", 90002, f"Tenant '{request.path_params['tenant']}' not found.")


def _granted(cloud: Cloud, tenant: Tenant, form: dict[str, str]) -> Response:
    token = cloud.issue(tenant, form["client_id"], has_claims=meets_challenge(form.get("claims", "")))
    return JSONResponse(
        {"token_type": "Bearer", "expires_in": tenant.token_lifetime_seconds, "access_token": token},
        headers={"Cache-Control": "no-store"},
    )


def _refusal(cloud: Cloud, tenant: Tenant, form: dict[str, str], endpoint: str) -> Response | None:
    if form.get("grant_type") != "client_credentials":
        return sign_in_error(400, "unsupported_grant_type", 70003, "Only client_credentials is supported here.")
    if not form.get("scope", "").endswith("/.default"):
        return sign_in_error(400, "invalid_scope", 1002012, "The scope must end with /.default.")
    registration = cloud.registrations.get(form.get("client_id", ""))
    if registration is None or not tenant.consented:
        return sign_in_error(400, "unauthorized_client", 700016, "The application was not found in the directory.")
    # Each cloud knows its own Graph alone, by the address without a version.
    if form["scope"].removesuffix("/.default") != endpoint.rsplit("/", _PARTS_BEHIND_BASE)[0]:
        return sign_in_error(400, "invalid_resource", 500011, "The resource principal was not found in the tenant.")
    return _bad_credential(registration, form, endpoint)


def _bad_credential(registration: Registration, form: dict[str, str], endpoint: str) -> Response | None:
    if form.get("client_assertion_type") == _ASSERTION_TYPE:
        pem = registration.certificate_pem
        if pem is None or not is_signed_by(pem, form.get("client_assertion", ""), registration.client_id, endpoint):
            return sign_in_error(401, "invalid_client", 700027, "The key was not found.")
        return None
    if registration.secret is None or form.get("client_secret") != registration.secret:
        return sign_in_error(401, "invalid_client", 7000215, "Invalid client secret provided.")
    if registration.secret_expires and datetime.fromisoformat(registration.secret_expires) <= datetime.now(UTC):
        return sign_in_error(401, "invalid_client", 7000222, "The provided client secret keys are expired.")
    return None
