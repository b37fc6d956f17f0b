"""What an answer of Graph means: what was asked for, a request to try again, to start over, or a refusal."""

import base64
import binascii
import json
import re

import httpx
from msgspec.json import Decoder

from connectors.directories.entra.refusals import SignIn
from connectors.directories.entra.shapes import Shape, fitted
from connectors.directories.patience import TryAgain
from connectors.directories.waiting import seconds_to_wait
from connectors.errors import Cause, DirectoryNotRead

# Both the change token and the paging token die: the first after about a week, the second without notice. Sources:
# "Use delta query", "Microsoft Graph error responses", and for the undocumented last one msgraph-sdk-dotnet#2254.
_RESYNC_CODES = {
    "syncstatenotfound",
    "resyncrequired",
    "resyncapplydifferences",
    "resyncuploaddifferences",
    "directory_expiredpagetoken",
}
_NO_PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
_CLAIMS = re.compile(r'claims="([A-Za-z0-9+/=_-]+)"')
_PLAIN_CODE = re.compile(r"[A-Za-z0-9_.]{1,60}")


class StartOver(Exception):
    """Graph forgot where the reading stood; it must begin anew."""


class TokenRefused(Exception):
    """Graph wants another token, perhaps one that meets the claims (JSON) of its challenge."""

    def __init__(self, claims: str | None) -> None:
        """Keeps the claims for the token request."""
        super().__init__(claims)
        self.claims = claims


def answer(response: httpx.Response, shape: Decoder[Shape], *, needs: str, sign_in: SignIn) -> Shape:
    """What a good answer holds; raises what any other answer means."""
    if response.status_code == httpx.codes.OK:
        return fitted(response.content, shape)
    code = code_in(response.content)
    if response.status_code == httpx.codes.GONE or code.casefold() in _RESYNC_CODES:
        raise StartOver
    if response.status_code == httpx.codes.UNAUTHORIZED:
        raise TokenRefused(_claims(response))
    raise refused(response.status_code, code, needs, sign_in, seconds_to_wait(response.headers))


def refused(
    status: int, code: str, needs: str, sign_in: SignIn, wait_seconds: int | None
) -> DirectoryNotRead | TryAgain:
    """The error for a request that Graph didn't answer with what was asked for; `needs` is its permission."""
    said = f"tenant {sign_in.tenant} (HTTP {status}{f', {code}' if code else ''})"
    if status == httpx.codes.TOO_MANY_REQUESTS:
        message = f"Microsoft Graph limits our requests for {said}. The next sync tries again."
        return TryAgain(DirectoryNotRead(Cause.THROTTLED, message), wait_seconds)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.FAILED_DEPENDENCY:
        message = f"Microsoft Graph is out of order for {said}. The next sync tries again."
        return TryAgain(DirectoryNotRead(Cause.UNAVAILABLE, message), wait_seconds)
    if code == _NO_PREMIUM:
        message = f"Microsoft tells no sign-ins of {said}. They take an Entra ID P1 or P2 licence of the client's."
        return DirectoryNotRead(Cause.FORBIDDEN, message)
    if status == httpx.codes.FORBIDDEN:
        message = (
            f"The app may not read {said}: it needs the application permission {needs}. "
            f"An administrator of the client opens {sign_in.consent_url} and agrees; then sync again."
        )
        return DirectoryNotRead(Cause.CONSENT, message)
    if status == httpx.codes.NOT_FOUND:
        message = (
            f"Microsoft Graph doesn't have what we asked for {said}. Check `graph_url`; "
            "consumer tenants (B2C, External ID) have no list of changed users."
        )
        return DirectoryNotRead(Cause.NOT_FOUND, message)
    message = f"Microsoft Graph did not accept our request for {said}. Check `graph_url`."
    return DirectoryNotRead(Cause.MALFORMED, message)


def code_in(content: bytes) -> str:
    """Graph's own word for the error, when it is a plain word: the text beside it is not for our screens."""
    try:
        code = json.loads(content)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return code if isinstance(code, str) and _PLAIN_CODE.fullmatch(code) else ""


def _claims(response: httpx.Response) -> str | None:
    found = _CLAIMS.search(response.headers.get("WWW-Authenticate", ""))
    if found is None:
        return None
    encoded = found[1].replace("-", "+").replace("_", "/")
    try:
        claims = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        json.loads(claims)
    except (binascii.Error, ValueError):
        return None
    return claims
