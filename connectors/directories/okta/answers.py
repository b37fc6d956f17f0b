"""What an answer of Okta means: a page, a request to wait, to start over, or a refusal with its remedy.

Okta says how many requests are left in the current window, and when the next one begins, with every answer. Sources:
"Rate limit best practices", "Okta error codes".
"""

import json
import re
from datetime import datetime

import httpx

from connectors.directories.patience import TryAgain
from connectors.directories.waiting import seconds_to_wait
from connectors.directories.web import moment_of
from connectors.errors import Cause, DirectoryNotRead

# A window lasts a minute; that long we wait where an answer doesn't tell.
_WINDOW_SECONDS = 60
_PLAIN_CODE = re.compile(r"E\d{7}")


class StartOver(Exception):
    """Okta no longer knows the page that its own link named; the reading must begin anew."""


def pause_before_next(response: httpx.Response) -> int | None:
    """The seconds up to the next window where this answer was the last of its own; None where more are left."""
    return _until_reset(response) if response.headers.get("X-Rate-Limit-Remaining") == "0" else None


def busy(url: str, said: str, wait_seconds: int | None) -> TryAgain:
    """The request to try again after a pause."""
    message = f"Okta limits our requests at {url} ({said}). The next sync tries again."
    return TryAgain(DirectoryNotRead(Cause.THROTTLED, message), wait_seconds)


def refusal(response: httpx.Response, url: str, missing: str) -> DirectoryNotRead | TryAgain:
    """What any but a good answer means; `missing` says what isn't there where Okta doesn't find it."""
    status, code = response.status_code, _code(response)
    said = f"HTTP {status}{f', {code}' if code else ''}"
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return busy(url, said, _until_reset(response))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        message = f"Okta is out of order at {url} ({said}). The next sync tries again."
        return TryAgain(DirectoryNotRead(Cause.UNAVAILABLE, message), seconds_to_wait(response.headers))
    return DirectoryNotRead(*_lasting(status, said, url, missing))


def _lasting(status: int, said: str, url: str, missing: str) -> tuple[Cause, str]:
    match status:
        case httpx.codes.UNAUTHORIZED:
            return Cause.TOKEN, (
                f"Okta refused our API token at {url} ({said}): it was revoked, is for another organization, or wasn't "
                "used for 30 days. Make a new one under Security, API, Tokens, and store it by rollcall secret set."
            )
        case httpx.codes.FORBIDDEN:
            return Cause.FORBIDDEN, (
                f"Our API token may not read this at {url} ({said}). It has the rights of whoever made it, who needs "
                "the role Read-Only Administrator; also see that its network zone has this machine's address in it."
            )
        case httpx.codes.NOT_FOUND:
            return Cause.NOT_FOUND, missing
    return Cause.MALFORMED, (
        f"Okta did not accept our request at {url} ({said}). Check `url`: it is the organization's own address, such "
        "as https://acme.okta.com, without -admin."
    )


def _until_reset(response: httpx.Response) -> int:
    """By the server's own clock, since ours may be wrong."""
    reset, now = response.headers.get("X-Rate-Limit-Reset", ""), moment_of(response)
    if not reset.isdecimal() or now is None:
        return _WINDOW_SECONDS
    return max(int(reset) - int(datetime.timestamp(now)), 1)


def _code(response: httpx.Response) -> str:
    """Okta's own word for the error: the text beside it is not for our screens."""
    try:
        code = json.loads(response.content)["errorCode"]
    except (ValueError, KeyError, TypeError):
        return ""
    return code if isinstance(code, str) and _PLAIN_CODE.fullmatch(code) else ""
