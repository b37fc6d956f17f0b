"""What an answer of Graph means: an object, a request to try again, to start over, or a refusal with its remedy."""

import base64
import binascii
import json
import re
import ssl
from typing import Any
from urllib.parse import urlsplit

import httpx

from connectors.directories.entra.refusals import SignIn
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


def answer(response: httpx.Response, *, needs: str, sign_in: SignIn) -> dict[str, Any]:
    """The JSON object of a good answer; raises what any other answer means."""
    if response.status_code == httpx.codes.OK:
        return _object(response)
    code = _code(response)
    if response.status_code == httpx.codes.GONE or code.casefold() in _RESYNC_CODES:
        raise StartOver
    if response.status_code == httpx.codes.UNAUTHORIZED:
        raise TokenRefused(_claims(response))
    raise _refusal(response.status_code, code, needs, sign_in, seconds_to_wait(response.headers))


def unreachable(problem: httpx.RequestError, base_url: str) -> DirectoryNotRead | TryAgain:
    """What it means that no answer arrived, or only a part of one."""
    host = urlsplit(base_url).netloc
    if _is_distrust(problem):
        message = (
            f"The certificate of {host} isn't signed by an authority that this machine trusts. "
            "If a proxy inspects the traffic, put its certificate authority into the file of ROLLCALL_CA_BUNDLE."
        )
        return DirectoryNotRead(Cause.TLS, message)
    message = f"The connection to {host} failed or broke off. Check this machine's network. The next sync tries again."
    return TryAgain(DirectoryNotRead(Cause.NETWORK, message))


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        message = "Microsoft Graph sent an answer that breaks off or isn't a JSON object. The next sync tries again."
        raise TryAgain(DirectoryNotRead(Cause.MALFORMED, message))
    return body


def _refusal(
    status: int, code: str, needs: str, sign_in: SignIn, wait_seconds: int | None
) -> DirectoryNotRead | TryAgain:
    said = f"tenant {sign_in.tenant} (HTTP {status}{f', {code}' if code else ''})"
    if status == httpx.codes.TOO_MANY_REQUESTS:
        message = f"Microsoft Graph limits our requests for {said}. The next sync tries again."
        return TryAgain(DirectoryNotRead(Cause.THROTTLED, message), wait_seconds)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        message = f"Microsoft Graph is out of order for {said}. The next sync tries again."
        return TryAgain(DirectoryNotRead(Cause.UNAVAILABLE, message), wait_seconds)
    if status == httpx.codes.FORBIDDEN:
        message = (
            f"The app may not read {said}: it needs the application permission {needs}. "
            f"An administrator of the client opens {sign_in.consent_url} and agrees; then sync again."
        )
        return DirectoryNotRead(Cause.CONSENT, message)
    if status == httpx.codes.NOT_FOUND:
        message = (
            f"Microsoft Graph has no list of changed users for {said}. Check `graph_url`; "
            "consumer tenants (B2C, External ID) have no such list."
        )
        return DirectoryNotRead(Cause.NOT_FOUND, message)
    message = f"Microsoft Graph did not accept our request for {said}. Check `graph_url`."
    return DirectoryNotRead(Cause.MALFORMED, message)


def _code(response: httpx.Response) -> str:
    """Graph's own word for the error, when it is a plain word: the text beside it is not for our screens."""
    try:
        code = json.loads(response.content)["error"]["code"]
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


def _is_distrust(problem: BaseException | None) -> bool:
    while problem is not None:
        if isinstance(problem, ssl.SSLCertVerificationError):
            return True
        problem = problem.__cause__ or problem.__context__
    return False
