"""One request to Graph, repeated as far as it makes sense, and answered in its shape or with a clear refusal."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import httpx
from msgspec.json import Decoder

from connectors.directories.entra.answers import TokenRefused, answer
from connectors.directories.entra.refusals import SignIn
from connectors.directories.entra.shapes import Shape
from connectors.directories.patience import Effort
from connectors.directories.web import unreachable
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
        self.tokens = tokens
        self.effort = effort

    async def get(
        self, url: str, shape: Decoder[Shape], *, needs: str, headers: Mapping[str, str] | None = None
    ) -> Shape:
        """What stands at a URL; `needs` is the permission without which Graph refuses it.

        Raises `StartOver` when Graph forgot the paging or change token in the URL, and `DirectoryNotRead` when
        waiting, repeating and one new token did not help.
        """
        request = self._client.build_request("GET", url, headers=headers)
        return await self._with_token(lambda: self._send(request, shape, needs))

    async def post(self, url: str, body: object, shape: Decoder[Shape], *, needs: str) -> Shape:
        """What Graph answers to a JSON body that changes nothing, so that it may be sent again; raises as `get`."""
        request = self._client.build_request("POST", url, json=body)
        return await self._with_token(lambda: self._send(request, shape, needs))

    async def _with_token(self, send: Callable[[], Awaitable[Shape]]) -> Shape:
        try:
            return await self.effort.persist(send)
        except TokenRefused as refused:
            claims = refused.claims
        await self.renew(claims)
        try:
            return await self.effort.persist(send)
        except TokenRefused as refused:
            raise still_refused() from refused

    async def renew(self, claims: str | None) -> None:
        """Asks for a new token after one was refused, perhaps with the claims of the challenge."""
        await self.effort.persist(lambda: self.tokens.renewed(claims))

    async def _send(self, request: httpx.Request, shape: Decoder[Shape], needs: str) -> Shape:
        request.headers["Authorization"] = f"Bearer {await self.tokens.current()}"
        request.headers["Accept"] = "application/json"
        try:
            response = await self._client.send(request)
        except httpx.RequestError as problem:
            raise unreachable(problem, self.base_url) from problem
        return answer(response, shape, needs=needs, sign_in=self.tokens.sign_in)


def still_refused() -> DirectoryNotRead:
    """The error for a token that is refused although it is new."""
    message = (
        "Microsoft Graph refused a token that Microsoft had just issued. Check that `authority_url` and "
        "`graph_url` belong to the same cloud, and whether a conditional access policy blocks the app."
    )
    return DirectoryNotRead(Cause.TOKEN, message)
