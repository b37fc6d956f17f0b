"""The token endpoint: an assertion that the service account signed, for an administrator, refused as Google refuses."""

import base64
import json
import time
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.google.workspace import Json, Workspace

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_AUDIENCE = "https://oauth2.googleapis.com/token"
_LONGEST_SECONDS = 3600


def sign_in_error(status: int, error: str, text: str) -> JSONResponse:
    """An error of the token endpoint."""
    return JSONResponse({"error": error, "error_description": text}, status)


async def token(workspace: Workspace, request: Request) -> Response:
    """A token, or why not."""
    form = dict(parse_qsl((await request.body()).decode()))
    answer = _answer(workspace, form)
    return workspace.faults.applied("token", request, answer)


def _answer(workspace: Workspace, form: dict[str, str]) -> Response:
    if form.get("grant_type") != _GRANT:
        return sign_in_error(400, "unsupported_grant_type", "Invalid grant_type.")
    said = _claims(workspace, form.get("assertion", ""))
    if said is None or said.get("aud") != _AUDIENCE or said.get("iss") != workspace.service_account:
        return sign_in_error(400, "invalid_grant", "Invalid JWT Signature.")
    lifetime = said.get("exp", 0) - said.get("iat", 0)
    if not 0 < lifetime <= _LONGEST_SECONDS or abs(time.time() - said["iat"]) > _LONGEST_SECONDS:
        return sign_in_error(400, "invalid_grant", "Invalid JWT: Token must be a short-lived token.")
    wanted = frozenset(said.get("scope", "").split())
    if not wanted <= workspace.delegated:
        text = (
            "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of "
        )
        return sign_in_error(401, "unauthorized_client", f"{text}the scopes requested.")
    if said.get("sub") != workspace.admin or not workspace.admin_is_there:
        return sign_in_error(400, "invalid_grant", "Invalid email or User ID")
    return JSONResponse({"access_token": workspace.issue(wanted), "expires_in": 3599, "token_type": "Bearer"})


def _claims(workspace: Workspace, assertion: str) -> Json | None:
    """What the assertion says; None where the account's key didn't sign it."""
    signed, _, signature = assertion.rpartition(".")
    try:
        workspace.key.public_key().verify(_decoded(signature), signed.encode(), PKCS1v15(), SHA256())
        said = json.loads(_decoded(signed.partition(".")[2]))
    except (InvalidSignature, ValueError):
        return None
    return said if isinstance(said, dict) else None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
