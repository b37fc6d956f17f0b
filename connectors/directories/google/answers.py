"""What an answer of Google means: an object, a request to try again, to start over, or a refusal with its remedy.

Google sends limits as 403 too, and says which by a reason. Sources: "Directory API: Limits and quotas", "Resolve
errors", "Troubleshoot Directory API issues".
"""

import json
from typing import Any

import httpx

from connectors.directories.google.refusals import SignIn
from connectors.directories.patience import TryAgain
from connectors.directories.waiting import seconds_to_wait
from connectors.errors import Cause, DirectoryNotRead

_LIMITS = {"quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
_NOT_ENABLED = {"accessNotConfigured", "SERVICE_DISABLED"}
_TOO_NARROW = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
_KEPT_OUT = {"domainCannotUseApis"}
_KNOWN = {*_LIMITS, *_NOT_ENABLED, *_TOO_NARROW, *_KEPT_OUT, "forbidden", "notAuthorized", "dailyLimitExceeded"}


class StartOver(Exception):
    """Google no longer knows the page token; the list must be read anew."""


class TokenRefused(Exception):
    """Google wants another token."""


def refusal(response: httpx.Response, sign_in: SignIn, missing: str) -> Exception:
    """What any but a good answer means; `missing` says what isn't there where Google doesn't find it."""
    status = response.status_code
    reason = next(iter(sorted(_reasons(response) & _KNOWN)), "")
    said = f"HTTP {status}{f', {reason}' if reason else ''}"
    if status == httpx.codes.UNAUTHORIZED:
        return TokenRefused()
    if status == httpx.codes.TOO_MANY_REQUESTS or (status == httpx.codes.FORBIDDEN and reason in _LIMITS):
        message = f"Google limits our requests for {sign_in.admin} ({said}). The next sync tries again."
        return TryAgain(DirectoryNotRead(Cause.THROTTLED, message), seconds_to_wait(response.headers))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        message = f"Google is out of order for {sign_in.admin} ({said}). The next sync tries again."
        return TryAgain(DirectoryNotRead(Cause.UNAVAILABLE, message), seconds_to_wait(response.headers))
    if status == httpx.codes.FORBIDDEN:
        return _forbidden(reason, said, sign_in)
    if status == httpx.codes.NOT_FOUND:
        return DirectoryNotRead(Cause.NOT_FOUND, missing)
    # The id of a customer who isn't there, for one, is answered by a request that is bad.
    cause = f"Perhaps this is why: {missing}" if status == httpx.codes.BAD_REQUEST else "Check `directory_url`."
    message = f"Google did not accept our request for {sign_in.admin} ({said}). {cause}"
    return DirectoryNotRead(Cause.MALFORMED, message)


def token_refused_twice(sign_in: SignIn) -> DirectoryNotRead:
    """The error where a token that was just issued is refused as well."""
    message = (
        "Google refused a token that it had just issued. Check that `directory_url`, `licensing_url` and `token_url` "
        f"are Google's. {sign_in.delegation}"
    )
    return DirectoryNotRead(Cause.TOKEN, message)


def malformed(what: str) -> DirectoryNotRead:
    """The error for an answer that is JSON, but not what Google documents."""
    message = f"Google sent {what}, so its answer can't be trusted. Check `directory_url`; else sync again later."
    return DirectoryNotRead(Cause.MALFORMED, message)


def _forbidden(reason: str, said: str, sign_in: SignIn) -> DirectoryNotRead:
    if reason in _NOT_ENABLED:
        message = (
            f"An API isn't enabled in the project of {sign_in.mail} ({said}). Enable the Admin SDK API, and for "
            "licences the Enterprise License Manager API, in the Google Cloud console under APIs & Services."
        )
        return DirectoryNotRead(Cause.CONSENT, message)
    if reason in _TOO_NARROW:
        return DirectoryNotRead(Cause.CONSENT, f"The delegation lacks a scope ({said}). {sign_in.delegation}")
    if reason in _KEPT_OUT:
        message = (
            f"The client doesn't let APIs in ({said}). An administrator of the client opens admin.google.com, "
            "Security, Access and data control, API controls, and enables API access."
        )
        return DirectoryNotRead(Cause.CONSENT, message)
    if reason == "dailyLimitExceeded":
        message = (
            f"The requests of the project of {sign_in.mail} are used up for today ({said}). See its quota in the "
            "Google Cloud console under APIs & Services."
        )
        return DirectoryNotRead(Cause.THROTTLED, message)
    message = (
        f"{sign_in.admin} may not read this ({said}). Give the administrator's role the right to read users, and where "
        "a rule names them, groups and licences: admin.google.com, Account, Admin roles. Where the directory names a "
        "`customer`, it must be one of the administrator's reseller."
    )
    return DirectoryNotRead(Cause.FORBIDDEN, message)


def _reasons(response: httpx.Response) -> set[str]:
    """Google's own words for the error, in the old form and in the new one."""
    try:
        error: Any = json.loads(response.content)["error"]
        listed = [*error.get("errors", []), *error.get("details", [])]
        return {entry["reason"] for entry in listed if isinstance(entry.get("reason"), str)}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()
