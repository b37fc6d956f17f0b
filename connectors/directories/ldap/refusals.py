"""What it means when an LDAP server refuses, doesn't answer or can't be trusted, each with its remedy.

Windows hides the reason of a refused sign-in in the text beside the code, as `data 52e`. Source: "Common Active
Directory Bind Errors" and the system error codes of Windows, of which those numbers are the hexadecimal form.
"""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ldap3.core.exceptions import LDAPInvalidFilterError, LDAPPasswordIsMandatoryError

from connectors.directories.patience import TryAgain
from connectors.errors import Cause, DirectoryNotRead

_WINDOWS_REASON = re.compile(r"\bdata ([0-9a-f]{3})\b")
_WRONG_NAME = (62, 64)
_OVER = 10
_INVALID_CREDENTIALS = 49

_Meaning = tuple[Cause, str, str]

_WINDOWS_REASONS: Mapping[str, tuple[str, str]] = {
    "525": ("it knows no such account", "Correct `user` in the book: user@domain, or the account's full DN."),
    "52e": ("the name or the password is wrong", "Check `user` in the book, and store the password anew."),
    "530": ("it may not sign in at this hour", "Lift the logon hours of the account."),
    "531": ("it may not sign in from this machine", "Lift the account's list of workstations (Log On To)."),
    "532": ("its password has expired", "Give it a new one, store that, and set 'Password never expires'."),
    "533": ("the account is disabled", "Enable it."),
    "701": ("the account has expired", "Set its end to 'Never'."),
    "773": (
        "it must change its password first",
        "Take 'must change password at next logon' off, then store the password.",
    ),
    "775": ("the account is locked out", "Unlock it, and look for who tries a wrong password."),
}
_FILTER = "Correct `filter` in the book: it is an LDAP filter in brackets, such as (department=Sales)."

# Codes of RFC 4511. Those that may pass by themselves are tried again.
_CODES: Mapping[int, _Meaning] = {
    1: (Cause.FORBIDDEN, "refused to work for {user}", "Check that the account may sign in to this domain."),
    3: (
        Cause.UNAVAILABLE,
        "gave up the search after its time limit",
        "Raise its time limit for {user}, or narrow `base`.",
    ),
    4: (
        Cause.FORBIDDEN,
        "stops after a number of entries (sizeLimitExceeded), so the list is incomplete",
        'Lift the limit for {user}: on OpenLDAP, limits dn.exact="…" size=unlimited.',
    ),
    8: (
        Cause.TLS,
        "wants a stronger sign-in (strongerAuthRequired)",
        "Use ldaps:// or starttls: true; check its policy.",
    ),
    10: (
        Cause.NOT_FOUND,
        "doesn't hold {base} and names another server",
        "Put a controller of that domain into `url`.",
    ),
    11: (Cause.FORBIDDEN, "stops at a limit of its administrator's", "Lift the limit for {user}, or narrow `base`."),
    12: (Cause.MALFORMED, "can't give its list in pages", "Rollcall needs paged results (RFC 2696); switch them on."),
    13: (Cause.TLS, "wants an encrypted connection", "Use ldaps:// or starttls: true."),
    18: (Cause.MALFORMED, "doesn't understand the filter", _FILTER),
    32: (
        Cause.NOT_FOUND,
        "has no entry {base}, or {user} may not see it",
        "Correct `base` in the book, or grant the right.",
    ),
    34: (Cause.NOT_FOUND, "doesn't take {base} for a name of an entry", "Correct `base` in the book."),
    48: (Cause.FORBIDDEN, "doesn't allow signing in by a password", "Allow simple binds over TLS for {user}."),
    _INVALID_CREDENTIALS: (
        Cause.SECRET,
        "refused the password of {user}",
        "Check `user` in the book, and store the password anew: rollcall secret set {secret}.",
    ),
    50: (Cause.FORBIDDEN, "doesn't let {user} read below {base}", "Grant it read access there."),
    53: (Cause.FORBIDDEN, "is unwilling to answer {user}", "Its log says why; check its policy for simple binds."),
}
_PASSING = {51: "is busy", 52: "is out of order for the moment", 80: "failed within"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked whom for what, for the messages; `secret` is the name of the password and never itself."""

    host: str
    user: str
    base: str
    secret: str


def refusal(result: Mapping[str, Any], asked: Asked) -> DirectoryNotRead | TryAgain:
    """The error for an answer with a code that isn't success, or a request to try again where it may pass."""
    code = int(result.get("result", 0))
    if code in _PASSING:
        message = f"The LDAP server {asked.host} {_PASSING[code]} (code {code}). The next sync tries again."
        return TryAgain(DirectoryNotRead(Cause.UNAVAILABLE, message))
    reason = _WINDOWS_REASON.search(str(result.get("message", "")))
    if code == _INVALID_CREDENTIALS and reason is not None and reason[1] in _WINDOWS_REASONS:
        what, remedy = _WINDOWS_REASONS[reason[1]]
        where = f"rollcall secret set {asked.secret}"
        message = f"The controller {asked.host} refused {asked.user}: {what} (data {reason[1]}). {remedy}"
        return DirectoryNotRead(Cause.SECRET, f"{message} It is stored by {where}." if "store" in remedy else message)
    cause, what, remedy = _CODES.get(code, (Cause.MALFORMED, "refused the request", "Its log says why."))
    filled = f"The LDAP server {asked.host} {what} (code {code}). {remedy}".format_map(
        {"user": asked.user, "base": asked.base, "secret": asked.secret}
    )
    return DirectoryNotRead(cause, filled)


def no_answer(problem: Exception, handshake: Exception | None, asked: Asked) -> DirectoryNotRead | TryAgain:
    """What it means that no answer arrived, or only a part of one; `handshake` is what TLS said against the server."""
    if isinstance(handshake, ssl.SSLError):
        return DirectoryNotRead(Cause.TLS, _distrust(handshake, asked))
    if isinstance(problem, LDAPInvalidFilterError):
        return DirectoryNotRead(Cause.MALFORMED, f"The filter in the book can't be understood. {_FILTER}")
    if isinstance(problem, LDAPPasswordIsMandatoryError):
        message = f"The secret {asked.secret} is empty. Store the password: rollcall secret set {asked.secret}."
        return DirectoryNotRead(Cause.SECRET, message)
    message = (
        f"The connection to the LDAP server {asked.host} failed, broke off or went silent. Check that it runs, its "
        "name and port in `url`, and the firewall. The next sync tries again."
    )
    return TryAgain(DirectoryNotRead(Cause.NETWORK, message))


def no_tls(asked: Asked) -> DirectoryNotRead:
    """The error for a server that won't begin TLS: nothing is sent to it."""
    message = (
        f"The LDAP server {asked.host} doesn't begin TLS (StartTLS), so the password was not sent. Give it a "
        "certificate, or use ldaps:// where it has one."
    )
    return DirectoryNotRead(Cause.TLS, message)


def _distrust(handshake: ssl.SSLError, asked: Asked) -> str:
    code = getattr(handshake, "verify_code", None)
    if code in _WRONG_NAME:
        return (
            f"The certificate of {asked.host} is for another name. Put the name that stands in the certificate (for a "
            "domain controller its full one, as dc1.acme.example) into `url`."
        )
    if code == _OVER:
        return f"The certificate of {asked.host} has expired. Renew it on that server; until then nothing is read."
    if code is not None:
        return (
            f"The certificate of {asked.host} isn't signed by an authority that this machine trusts. Put the "
            "certificate of the domain's own authority, in PEM form, into the file of ROLLCALL_CA_BUNDLE."
        )
    return (
        f"The server {asked.host} doesn't speak TLS as we know it, so the password was not sent. Check the port: 636 "
        "is for ldaps://, 389 for ldap:// with starttls: true."
    )
