"""Lists of Google, page by page, each request repeated as far as it makes sense."""

from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

import httpx

from connectors.directories.google.answers import StartOver, TokenRefused, malformed, refusal, token_refused_twice
from connectors.directories.google.tokens import GoogleTokens
from connectors.directories.patience import Effort
from connectors.directories.web import json_of, unreachable
from connectors.errors import Cause, DirectoryNotRead

Item = Mapping[str, Any]


class GoogleApi:
    """One workspace during one reading."""

    def __init__(self, client: httpx.AsyncClient, tokens: GoogleTokens, effort: Effort) -> None:
        """Borrows the client; whoever opened it closes it."""
        self._client = client
        self._tokens = tokens
        self._effort = effort

    async def pages(
        self, url: str, query: Mapping[str, str], *, kind: str, items: str, missing: str
    ) -> AsyncIterator[list[Item]]:
        """Every page of a list; its objects stand under `items`, and it says of what `kind` it is.

        Raises `StartOver` when Google doesn't know its own page token any more: one lives three days.
        """
        seen: set[str] = set()
        token: str | None = None
        while True:
            asked = dict(query) if token is None else {**query, "pageToken": token}
            body = await self._get(url, asked, missing)
            # An empty list has no items at all, so only its kind tells it from an answer of something else.
            if body.get("kind") != kind:
                raise malformed("something else than the list that we asked for")
            listed = body.get(items, [])
            if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
                raise malformed("a list of something else than objects")
            yield listed
            token = body.get("nextPageToken")
            # The last page of one of the lists has an empty token.
            if not token:
                return
            if not isinstance(token, str) or token in seen:
                raise malformed("a page token that was already used")
            seen.add(token)

    async def is_there(self, url: str) -> bool:
        """Whether there is something at an address of its own."""
        try:
            found = await self._get(url, {"fields": "id"}, "One of the users is gone.")
        except DirectoryNotRead as failure:
            if failure.cause is Cause.NOT_FOUND:
                return False
            raise
        if not isinstance(found.get("id"), str):
            raise malformed("something else than the user that we asked for")
        return True

    async def _get(self, url: str, query: Mapping[str, str], missing: str) -> dict[str, Any]:
        attempt = partial(self._send, url, query, missing)
        try:
            return await self._effort.persist(attempt)
        except TokenRefused:
            await self._effort.persist(self._tokens.renewed)
        try:
            return await self._effort.persist(attempt)
        except TokenRefused as refused:
            raise token_refused_twice(self._tokens.sign_in) from refused

    async def _send(self, url: str, query: Mapping[str, str], missing: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {await self._tokens.current()}", "Accept": "application/json"}
        try:
            response = await self._client.get(url, params=dict(query), headers=headers)
        except httpx.RequestError as problem:
            raise unreachable(problem, url) from problem
        if response.status_code == httpx.codes.OK:
            return dict(json_of(response, dict, "Google"))
        if "pageToken" in query and response.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.GONE}:
            raise StartOver
        raise refusal(response, self._tokens.sign_in, missing)
