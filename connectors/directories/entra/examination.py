"""A look at one tenant: what the app may do there, when its credential ends, and whether the clocks agree."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from connectors.directories.entra.answers import StartOver
from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.entra.graph import Graph, Tokens
from connectors.directories.entra.permissions import READ_APPS, beyond_need, needs, roles_in
from connectors.directories.entra.refusals import SignIn
from connectors.directories.examined import Credential, Examined, Observation
from connectors.directories.patience import Effort
from connectors.errors import DirectoryNotRead

# As much of a secret as Microsoft shows beside its date, to tell several apart.
_HINT_SIGNS = 3
_RENEW = (
    "Make a new secret under App registrations, Certificates & secrets, and put its value into "
    "ROLLCALL_ENTRA_CLIENT_SECRET."
)
_NEW_CERTIFICATE = (
    "Upload a new certificate under App registrations, Certificates & secrets, and put it with its key into the file "
    "of ROLLCALL_ENTRA_CLIENT_CERTIFICATE."
)
_SEE_SECRET = (
    "Its date stands in your own tenant under App registrations, your app, Certificates & secrets; note it in a "
    f"calendar. Rollcall sees it only where that tenant is a directory too and grants {READ_APPS}."
)


class Examination:
    """One look, with the client and the sign-in of the directory."""

    def __init__(
        self, client: httpx.AsyncClient, tokens: Tokens, credentials: EntraCredentials, graph_url: str, effort: Effort
    ) -> None:
        """Borrows the client; sends nothing yet."""
        self._client = client
        self._tokens = tokens
        self._credentials = credentials
        self._graph = Graph(client, tokens, graph_url, effort)
        self._effort = effort

    async def look(self, *, licences: bool, now: Callable[[], datetime]) -> Examined:
        """Everything that can be seen; what stands in the way of the sign-in is told as an observation."""
        try:
            roles = roles_in(await self._effort.persist(self._tokens.current))
        except DirectoryNotRead as failure:
            return Examined((refused("sign-in", failure),), await self._credential(frozenset()))
        credential = await self._credential(roles or frozenset())
        told = _permissions(roles, self._tokens.sign_in, licences=licences)
        return Examined(told, credential, await self._ahead(now))

    async def _ahead(self, now: Callable[[], datetime]) -> timedelta | None:
        # Any answer of Graph carries the time, a refusal as well.
        try:
            answer = await self._client.get(f"{self._graph.base_url}/v1.0/")
            return parsedate_to_datetime(answer.headers.get("Date", "")) - now()
        except (httpx.RequestError, ValueError, TypeError):
            return None

    async def _credential(self, roles: frozenset[str]) -> Credential:
        certificate = self._credentials.certificate_expires
        if certificate is not None:
            return Credential("certificate", certificate, _NEW_CERTIFICATE)
        expires = await self._secret_expires() if READ_APPS in roles else None
        return Credential("client secret", expires, _RENEW if expires else _SEE_SECRET)

    async def _secret_expires(self) -> datetime | None:
        """The end of our secret, which only the tenant in which the app is registered knows."""
        client_id = self._tokens.sign_in.client_id
        query = f"$filter=appId eq '{client_id}'&$select=appId,passwordCredentials"
        try:
            found = await self._graph.get(f"{self._graph.base_url}/v1.0/applications?{query}", needs=READ_APPS)
        except (DirectoryNotRead, StartOver):
            return None
        secrets = [secret for app in _dicts(found.get("value")) for secret in _dicts(app.get("passwordCredentials"))]
        hint = (self._credentials.secret or "")[:_HINT_SIGNS]
        ours = [secret for secret in secrets if secret.get("hint") == hint] or secrets
        return min((end for secret in ours if (end := _moment(secret.get("endDateTime")))), default=None)


def refused(what: str, failure: DirectoryNotRead) -> Observation:
    """A failure as an observation: its first sentence says what is wrong, the rest what to do."""
    said, _, remedy = str(failure).partition(". ")
    return Observation(what, "broken", said.rstrip("."), remedy)


def _permissions(roles: frozenset[str] | None, sign_in: SignIn, *, licences: bool) -> tuple[Observation, ...]:
    if roles is None:
        return (Observation("permissions", "doubtful", "the token doesn't say which ones the app has", "None needed."),)
    missing = [need for need in needs(licences=licences) if not need.met_by(roles)]
    if missing:
        remedy = (
            "Add it to the app under App registrations, API permissions, as an application permission; then an "
            f"administrator of the client opens {sign_in.consent_url} and agrees."
        )
        return tuple(
            Observation(f"permission {need.permission}", "broken", f"is missing: {need.without}", remedy)
            for need in missing
        )
    beyond = ", ".join(beyond_need(roles, licences=licences))
    used = ", ".join(sorted(roles - set(beyond_need(roles, licences=licences))))
    return (Observation("permissions", "well", used + (f"; of no use to Rollcall: {beyond}" if beyond else "")),)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
