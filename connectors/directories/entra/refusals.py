"""What Microsoft's token endpoint means when it refuses, and what a person does about it.

Microsoft asks clients to decide by `error` and to use the AADSTS numbers for advice only: the numbers refine the
message, and an unknown number falls back to `error`. Source: "Microsoft Entra authentication and authorization error
codes".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.directories.patience import TryAgain
from connectors.errors import Cause, DirectoryNotRead

_CODE_IN_TEXT = re.compile(r"AADSTS(\d{5,8})")
_TRANSIENT = {50033, 90006, 90033, 90055}
_TRANSIENT_ERRORS = {"temporarily_unavailable", "server_error"}


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who signs in where, for the messages."""

    tenant: str
    client_id: str
    authority_url: str

    @property
    def consent_url(self) -> str:
        """The page on which an administrator of the client lets the app in."""
        return f"{self.authority_url}/{self.tenant}/adminconsent?client_id={self.client_id}"


@dataclass(frozen=True, slots=True)
class _Meaning:
    cause: Cause
    what: str
    remedy: str


_NO_CONSENT = _Meaning(
    Cause.CONSENT,
    "The app has no consent in tenant {tenant}",
    "An administrator of the client opens {consent_url} and agrees; then sync again.",
)
_BAD_SECRET = _Meaning(
    Cause.SECRET,
    "Microsoft refused the secret of app {client_id}",
    "Copy the secret's value (not its id) from the app registration into ROLLCALL_ENTRA_CLIENT_SECRET.",
)
_EXPIRED_SECRET = _Meaning(
    Cause.SECRET,
    "The secret of app {client_id} has expired",
    "Make a new one in the app registration and put its value into ROLLCALL_ENTRA_CLIENT_SECRET.",
)
_DISABLED_APP = _Meaning(
    Cause.CONSENT,
    "The app {client_id} is disabled in tenant {tenant}",
    "An administrator of the client enables it under Enterprise applications, or consents again at {consent_url}.",
)
_BLOCKED = _Meaning(
    Cause.FORBIDDEN,
    "A conditional access policy of tenant {tenant} keeps app {client_id} out",
    "An administrator of the client lets it in: Entra admin center, Conditional Access, the policy for workload "
    "identities, perhaps by this machine's address; then sync again.",
)
_NO_TENANT = _Meaning(
    Cause.TENANT,
    "Microsoft knows no tenant {tenant}",
    "Check the directory's `tenant` in the book, and `authority_url` if the tenant is in a national cloud.",
)
_WRONG_CLOUD = _Meaning(
    Cause.TENANT,
    "The tenant {tenant}, or our app, is in another cloud than {authority_url}",
    "Set the directory's `authority_url` and `graph_url` to those of the tenant's cloud, in which the app must have a "
    "registration of its own.",
)
_NO_GRAPH = _Meaning(
    Cause.TENANT,
    "In tenant {tenant}, {authority_url} knows no Microsoft Graph at the address that we asked for",
    "Set the directory's `graph_url` to that of the same cloud as its `authority_url`, without /v1.0.",
)
_CLOCK_OR_CERTIFICATE = _Meaning(
    Cause.CERTIFICATE,
    "Microsoft refused the time range of the sign-in that our certificate signed",
    "Check this machine's clock first, then that the certificate has not expired.",
)
_UNKNOWN_CERTIFICATE = _Meaning(
    Cause.CERTIFICATE,
    "Microsoft does not know the certificate of app {client_id}",
    "Upload the certificate of ROLLCALL_ENTRA_CLIENT_CERTIFICATE to the app registration.",
)
_OTHER = _Meaning(
    Cause.TOKEN,
    "Microsoft refused to sign in app {client_id} to tenant {tenant}",
    "Look the number up at https://login.microsoftonline.com/error, and check the app registration.",
)

_BY_CODE: dict[int, _Meaning] = {
    7000215: _BAD_SECRET,
    7000222: _EXPIRED_SECRET,
    700016: _NO_CONSENT,
    700011: _NO_CONSENT,
    65001: _NO_CONSENT,
    90094: _NO_CONSENT,
    650052: _NO_CONSENT,
    650056: _NO_CONSENT,
    7000112: _DISABLED_APP,
    90002: _NO_TENANT,
    900021: _NO_TENANT,
    900023: _NO_TENANT,
    53003: _BLOCKED,
    90038: _WRONG_CLOUD,
    90051: _WRONG_CLOUD,
    900382: _WRONG_CLOUD,
    900432: _WRONG_CLOUD,
    500011: _NO_GRAPH,
    700024: _CLOCK_OR_CERTIFICATE,
    700027: _UNKNOWN_CERTIFICATE,
    50013: _UNKNOWN_CERTIFICATE,
}
_BY_ERROR: dict[str, _Meaning] = {
    "invalid_client": _BAD_SECRET,
    "unauthorized_client": _NO_CONSENT,
    "invalid_grant": _NO_CONSENT,
    "invalid_tenant": _NO_TENANT,
}


def refusal(answer: Mapping[str, Any], sign_in: SignIn) -> DirectoryNotRead | TryAgain:
    """The error for an answer without a token, or a request to try again where the trouble may pass."""
    error = str(answer.get("error", ""))
    codes = [code for code in answer.get("error_codes") or () if isinstance(code, int)]
    codes = codes or codes_in(str(answer.get("error_description", "")))
    if error in _TRANSIENT_ERRORS or _TRANSIENT & set(codes):
        message = "Microsoft's sign-in is out of order for the moment. Nothing needs doing: the next sync tries again."
        return TryAgain(DirectoryNotRead(Cause.UNAVAILABLE, message))
    meaning = next((_BY_CODE[code] for code in codes if code in _BY_CODE), None) or _BY_ERROR.get(error, _OTHER)
    return _failure(meaning, codes, sign_in)


def unknown_tenant(problem: Exception, sign_in: SignIn) -> DirectoryNotRead:
    """The error for an authority that has no such tenant; msal buries Microsoft's words in the exception's context."""
    codes = codes_in(f"{problem} {problem.__context__}")
    return _failure(next((_BY_CODE[code] for code in codes if code in _BY_CODE), _NO_TENANT), codes, sign_in)


def codes_in(text: str) -> list[int]:
    """The AADSTS numbers that a text of Microsoft's names."""
    return [int(code) for code in _CODE_IN_TEXT.findall(text)]


def _failure(meaning: _Meaning, codes: list[int], sign_in: SignIn) -> DirectoryNotRead:
    known = {
        "tenant": sign_in.tenant,
        "client_id": sign_in.client_id,
        "authority_url": sign_in.authority_url,
        "consent_url": sign_in.consent_url,
    }
    number = f" (AADSTS{codes[0]})" if codes else ""
    return DirectoryNotRead(meaning.cause, f"{meaning.what}{number}. {meaning.remedy}".format_map(known))
