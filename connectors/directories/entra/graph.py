"""One request to Graph, repeated as far as it makes sense, answered with a JSON object or a clear refusal."""

from collections.abc import Mapping
from typing import Any, Protocol

import httpx

from connectors.directories.entra.answers import TokenRefused, answer, unreachable
from connectors.directories.entra.refusals import SignIn
from connectors.directories.patience import Effort
from connectors.errors import Cause, DirectoryNotRead


class Tokens(Protocol):
    """Who signs our requests."""

    @property
    def sign_in(self) -> SignIn: ...

    async def current(self) -> str: ...

    async def renewed(self, claims: str | None) -> str: ...


class Graph:
    """Graph for one tenant during one reading."""

    def __init__(self, client: httpx.AsyncClient, tokens: Tokens, base_url: str, effort: Effort) -> None:
        """Borrows the client; whoever opened it closes it."""
        self.base_url = base_url
        self._client = client
        self._tokens = tokens
        self._effort = effort

    async def get(self, url: str, *, needs: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object at a URL; `needs` is the permission without which Graph refuses it.

        Raises `StartOver` when Graph forgot the paging or change token in the URL, and `DirectoryNotRead` when
        waiting, repeating and one new token did not help.
        """
        try:
            return await self._effort.persist(lambda: self._send(url, needs, headers))
        except TokenRefused as refused:
            claims = refused.claims
        await self._effort.persist(lambda: self._tokens.renewed(claims))
        try:
            return await self._effort.persist(lambda: self._send(url, needs, headers))
        except TokenRefused as refused:
            message = (
                "Microsoft Graph refused a token that Microsoft had just issued. Check that `authority_url` and "
                "`graph_url` belong to the same cloud, and whether a conditional access policy blocks the app."
            )
            raise DirectoryNotRead(Cause.TOKEN, message) from refused

    async def _send(self, url: str, needs: str, headers: Mapping[str, str] | None) -> dict[str, Any]:
        token = await self._tokens.current()
        sent = {**(headers or {}), "Authorization": f"Bearer {token}", "Accept": "application/json"}
        try:
            response = await self._client.get(url, headers=sent)
        except httpx.RequestError as problem:
            raise unreachable(problem, self.base_url) from problem
        return answer(response, needs=needs, sign_in=self._tokens.sign_in)
