"""Tokens for Graph: one msal application a tenant, kept alive, called in a thread under a lock.

msal is untyped and synchronous; this is the only module that knows it.
"""

import asyncio
from urllib.parse import urlsplit

import requests
from msal.application import ConfidentialClientApplication
from msal.exceptions import MsalError

from connectors.directories.entra.clouds import microsoft_hosts
from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.entra.refusals import SignIn, refusal, unknown_tenant
from connectors.directories.patience import TryAgain
from connectors.directories.waiting import seconds_to_wait
from connectors.directories.web import SERVER_ERROR, TOO_MANY, distrusted
from connectors.errors import Cause, DirectoryNotRead

# Microsoft's own instance discovery vouches for these; any other host is one that the operator chose.
_MICROSOFT_HOSTS = microsoft_hosts()


class TenantTokens:
    """Signs the MSP's app in to one tenant."""

    def __init__(
        self, credentials: EntraCredentials, sign_in: SignIn, graph_url: str, session: requests.Session
    ) -> None:
        """Borrows the session; nothing is sent yet."""
        self.sign_in = sign_in
        self._credentials = credentials
        self._scopes = [f"{graph_url}/.default"]
        self._session = session
        self._application: ConfidentialClientApplication | None = None
        self._turn = asyncio.Lock()

    async def current(self) -> str:
        """A token that is valid as far as we know, from msal's cache or from Microsoft."""
        async with self._turn:
            return await asyncio.to_thread(self._acquire, None)

    async def renewed(self, claims: str | None) -> str:
        """A new token, after Graph refused the last; `claims` is the JSON of the challenge that came with it."""
        async with self._turn:
            return await asyncio.to_thread(self._renew, claims)

    def _renew(self, claims: str | None) -> str:
        if self._application is not None:
            self._application.remove_tokens_for_client()
        return self._acquire(claims)

    def _acquire(self, claims: str | None) -> str:
        try:
            answer = self._app().acquire_token_for_client(self._scopes, claims_challenge=claims)
        except (requests.RequestException, MsalError) as problem:
            self._application = None
            raise _unreachable(problem, self.sign_in) from problem
        token = answer.get("access_token")
        if isinstance(token, str):
            return token
        # msal answers from its own cache for up to a minute after a refusal; a new application asks Microsoft again,
        # so that somebody who has just repaired the consent sees it.
        self._application = None
        raise refusal(answer, self.sign_in)

    def _app(self) -> ConfidentialClientApplication:
        if self._application is None:
            trusted = urlsplit(self.sign_in.authority_url).hostname in _MICROSOFT_HOSTS
            try:
                self._application = ConfidentialClientApplication(
                    self._credentials.client_id,
                    client_credential=self._credentials.for_msal(),
                    authority=f"{self.sign_in.authority_url}/{self.sign_in.tenant}",
                    instance_discovery=None if trusted else False,
                    http_client=self._session,
                )
            except ValueError as problem:
                raise unknown_tenant(problem, self.sign_in) from problem
        return self._application


def raise_when_busy(response: requests.Response, *_: object, **__: object) -> None:
    """A hook for the session of the token endpoint."""
    # msal would turn these into an exception without Retry-After, and keep answering them from its cache.
    if response.status_code == TOO_MANY or response.status_code >= SERVER_ERROR:
        response.close()
        response.raise_for_status()


def _unreachable(problem: Exception, sign_in: SignIn) -> DirectoryNotRead | TryAgain:
    host = urlsplit(sign_in.authority_url).netloc
    if isinstance(problem, requests.exceptions.SSLError):
        return distrusted(host)
    response = getattr(problem, "response", None)
    if isinstance(response, requests.Response):
        cause = Cause.THROTTLED if response.status_code == TOO_MANY else Cause.UNAVAILABLE
        message = f"Microsoft's sign-in at {host} is busy (HTTP {response.status_code}). The next sync tries again."
        return TryAgain(DirectoryNotRead(cause, message), seconds_to_wait(response.headers))
    message = f"Microsoft's sign-in at {host} could not be reached. Check this machine's network and its proxy."
    return TryAgain(DirectoryNotRead(Cause.NETWORK, message))
