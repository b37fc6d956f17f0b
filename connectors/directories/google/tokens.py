"""Tokens for Google's APIs: google-auth signs and sends, in a thread under a lock.

google-auth is synchronous; this is the only module that knows it.
"""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import requests
from google.auth import transport
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2.service_account import Credentials

from connectors.directories.google.key import ServiceAccount
from connectors.directories.google.refusals import SignIn, refusal
from connectors.directories.patience import TryAgain
from connectors.directories.waiting import seconds_to_wait
from connectors.directories.web import SERVER_ERROR, TOO_MANY, distrusted
from connectors.errors import Cause, DirectoryNotRead, DirectorySettingsMakeNoSense


class GoogleTokens:
    """Signs the service account in as the administrator."""

    def __init__(self, key: ServiceAccount, sign_in: SignIn, token_url: str, session: requests.Session) -> None:
        """Borrows the session; nothing is sent yet."""
        self.sign_in = sign_in
        self._post = _Post(session)
        try:
            # A key file names a token endpoint of its own, and a signed request must go nowhere but where we decide.
            self._credentials = _credentials(key, sign_in, token_url)
        except ValueError as problem:
            message = (
                f"The private key of {key.mail} can't be read. Store the JSON file of the key whole and unchanged, as "
                "the Google Cloud console gave it."
            )
            raise DirectorySettingsMakeNoSense(message) from problem
        self._turn = asyncio.Lock()

    async def current(self) -> str:
        """A token that is valid as far as we know."""
        async with self._turn:
            if not self._credentials.valid:
                await asyncio.to_thread(self._refresh)
            return str(self._credentials.token)

    async def renewed(self) -> str:
        """A new token, after Google refused the last."""
        async with self._turn:
            await asyncio.to_thread(self._refresh)
            return str(self._credentials.token)

    def _refresh(self) -> None:
        try:
            self._credentials.refresh(self._post)
        except RefreshError as problem:
            answer = problem.args[1] if len(problem.args) > 1 else None
            raise refusal(answer if isinstance(answer, dict) else {}, self.sign_in) from problem
        except GoogleAuthError as problem:
            raise refusal({}, self.sign_in) from problem


def _credentials(key: ServiceAccount, sign_in: SignIn, token_url: str) -> Credentials:
    info = {**key.info, "token_uri": token_url}
    made: Credentials = Credentials.from_service_account_info(info, scopes=sign_in.scopes, subject=sign_in.admin)
    return made


class _Post(transport.Request):
    """How google-auth sends, with our session; its own way would hide how long we are to wait, and wait itself."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: int | None = None,
        **_: object,
    ) -> transport.Response:
        host = urlsplit(url).netloc
        try:
            answer = self._session.request(method, url, data=body, headers=headers, allow_redirects=False)
        except requests.exceptions.SSLError as problem:
            raise distrusted(host) from problem
        except requests.RequestException as problem:
            message = f"Google's sign-in at {host} could not be reached. Check this machine's network and its proxy."
            raise TryAgain(DirectoryNotRead(Cause.NETWORK, message)) from problem
        if answer.status_code == TOO_MANY or answer.status_code >= SERVER_ERROR:
            cause = Cause.THROTTLED if answer.status_code == TOO_MANY else Cause.UNAVAILABLE
            message = f"Google's sign-in at {host} is busy (HTTP {answer.status_code}). The next sync tries again."
            raise TryAgain(DirectoryNotRead(cause, message), seconds_to_wait(answer.headers))
        return _Answer(answer.status_code, answer.headers, answer.content)


class _Answer(transport.Response):
    """An answer as google-auth reads it."""

    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self._status, self._headers, self._data = status, headers, data

    @property
    def status(self) -> int:
        return self._status

    @property
    def headers(self) -> Mapping[str, str]:
        return self._headers

    @property
    def data(self) -> bytes:
        return self._data
