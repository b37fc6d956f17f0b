"""A look at one tenant: what the app may do there, when its credential ends, and whether the clocks agree."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated

import httpx
from msgspec import Meta, Struct
from msgspec.json import Decoder

from connectors.directories.entra import sign_ins
from connectors.directories.entra.answers import StartOver
from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.entra.graph import Graph
from connectors.directories.entra.permissions import READ_APPS, SECRETS_END, Need, roles_in, used_for
from connectors.directories.entra.refusals import SignIn
from connectors.directories.entra.shapes import Page
from connectors.directories.examined import Credential, Examined, Observation, refused
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


class _Secret(Struct, frozen=True, rename="camel"):
    hint: str | None = None
    end_date_time: Annotated[datetime, Meta(tz=True)] | None = None


class _App(Struct, frozen=True, rename="camel"):
    password_credentials: list[_Secret]


_APPS = Decoder(Page[_App])


class Examination:
    """One look, with the client and the sign-in of the directory."""

    def __init__(self, client: httpx.AsyncClient, graph: Graph, credentials: EntraCredentials) -> None:
        """Borrows the client; sends nothing yet."""
        self._client = client
        self._graph = graph
        self._credentials = credentials

    async def look(self, asked: Sequence[Need], now: Callable[[], datetime]) -> Examined:
        """Everything that can be seen; what stands in the way of the sign-in is told as an observation."""
        tokens = self._graph.tokens
        try:
            roles = roles_in(await self._graph.effort.persist(tokens.current))
        except DirectoryNotRead as failure:
            return Examined((refused("sign-in", failure),), await self._credential(frozenset()))
        credential = await self._credential(roles or frozenset())
        seen_end = () if self._credentials.secret is None else (SECRETS_END,)
        told = _permissions(roles, tokens.sign_in, asked, (*asked, *seen_end))
        return Examined((*told, *await self._sign_ins(roles, asked)), credential, await self._ahead(now))

    async def _sign_ins(self, roles: frozenset[str] | None, asked: Sequence[Need]) -> tuple[Observation, ...]:
        """Whether the tenant tells them to an app that may read them: without Entra ID P1 or P2 it doesn't."""
        if roles is None or not any(need.permission == sign_ins.NEEDS and need.met_by(roles) for need in asked):
            return ()
        try:
            await self._graph.get(sign_ins.first_url(self._graph.base_url, 1), sign_ins.USERS, needs=sign_ins.NEEDS)
        except StartOver:
            return ()
        except DirectoryNotRead as failure:
            said, _, remedy = str(failure).partition(". ")
            return (Observation("last sign-ins", "doubtful", f"are left out: {said.rstrip('.')}", remedy),)
        return (Observation("last sign-ins", "well", "are read"),)

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
        expires = await self._secret_expires() if SECRETS_END.met_by(roles) else None
        return Credential("client secret", expires, _RENEW if expires else _SEE_SECRET)

    async def _secret_expires(self) -> datetime | None:
        """The end of our secret, which only the tenant in which the app is registered knows."""
        client_id = self._graph.tokens.sign_in.client_id
        query = f"$filter=appId eq '{client_id}'&$select=appId,passwordCredentials"
        try:
            found = await self._graph.get(f"{self._graph.base_url}/v1.0/applications?{query}", _APPS, needs=READ_APPS)
        except (DirectoryNotRead, StartOver):
            return None
        secrets = [secret for app in found.value for secret in app.password_credentials]
        hint = (self._credentials.secret or "")[:_HINT_SIGNS]
        ours = [secret for secret in secrets if secret.hint == hint] or secrets
        return min((secret.end_date_time for secret in ours if secret.end_date_time), default=None)


def _permissions(
    roles: frozenset[str] | None, sign_in: SignIn, asked: Sequence[Need], useful: Sequence[Need]
) -> Iterator[Observation]:
    if roles is None:
        yield Observation("permissions", "doubtful", "the token doesn't say which ones the app has", "None needed.")
        return
    remedy = (
        "Add it to the app under App registrations, API permissions, as an application permission; then an "
        f"administrator of the client opens {sign_in.consent_url} and agrees."
    )
    for need in asked:
        if not need.met_by(roles):
            text = f"is missing for {need.feature}: {need.without}"
            yield Observation(f"permission {need.permission}", "broken" if need.vital else "doubtful", text, remedy)
    uses = used_for(roles, useful)
    used = ", ".join(f"{role} ({use})" for role, use in uses.items() if use)
    beyond = ", ".join(role for role, use in uses.items() if not use)
    if uses:
        yield Observation(
            "permissions", "well", (used or "none of use") + (f"; of no use to Rollcall: {beyond}" if beyond else "")
        )
