"""Lists of Okta, page by page, each request repeated as far as it makes sense."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import httpx

from connectors.directories.okta.answers import StartOver, busy, pause_before_next, refusal
from connectors.directories.okta.users import malformed
from connectors.directories.patience import Effort
from connectors.directories.web import json_of, leads_to, moment_of, unreachable
from connectors.errors import Cause, DirectoryNotRead

PAGE_SIZE = 200
_SELF, _NEXT = "self", "next"


@dataclass(frozen=True, slots=True)
class Page:
    """The objects of one page, and the server's time; None where it didn't tell."""

    items: list[dict[str, Any]]
    at: datetime | None


class OktaApi:
    """One organization during one reading."""

    def __init__(self, client: httpx.AsyncClient, url: str, token: str, effort: Effort) -> None:
        """Borrows the client; whoever opened it closes it."""
        self.url = url
        self._client = client
        self._token = token
        self._effort = effort
        self._pause: int | None = None

    async def pages(self, path: str, *, missing: str, **query: str) -> AsyncIterator[Page]:
        """Every page of a list, by the links that Okta sends: they are opaque, and never made or altered here.

        Raises `StartOver` when Okta doesn't know a link of its own any more.
        """
        first = url = self._address(path, {**query, "limit": str(PAGE_SIZE)})
        seen = {url}
        while True:
            page, following = await self._effort.persist(partial(self._page, url, missing, first=url == first))
            yield page
            if following is None:
                return
            if not leads_to(first.partition("?")[0], following) or httpx.URL(following).path != httpx.URL(first).path:
                raise malformed("a link that leads away from the list")
            if following in seen:
                raise malformed("a link to a page that was already read")
            seen.add(following)
            url = following

    async def found(self, path: str) -> dict[str, Any] | None:
        """The object at an address of its own; None where there is none."""
        try:
            return await self._effort.persist(partial(self._object, self._address(path, {})))
        except DirectoryNotRead as failure:
            if failure.cause is Cause.NOT_FOUND:
                return None
            raise

    async def _object(self, url: str) -> dict[str, Any]:
        return dict(json_of(await self._send(url, "it is gone"), dict, "Okta"))

    async def _page(self, url: str, missing: str, *, first: bool) -> tuple[Page, str | None]:
        response = await self._send(url, missing, follows=not first)
        items = json_of(response, list, "Okta")
        if not all(isinstance(item, dict) for item in items):
            raise malformed("a list of something else than objects")
        links = response.links
        # Every page names itself. Where it doesn't, something between us and Okta strips the links, and what looks like
        # the last page may be the first.
        if _SELF not in links:
            raise malformed("a page without its links")
        following = links.get(_NEXT, {}).get("url")
        return Page(items, moment_of(response)), following

    async def _send(self, url: str, missing: str, *, follows: bool = False) -> httpx.Response:
        if self._pause is not None:
            pause, self._pause = self._pause, None
            raise busy(self.url, "none is left in this minute", pause)
        headers = {"Authorization": f"SSWS {self._token}", "Accept": "application/json"}
        try:
            response = await self._client.get(url, headers=headers)
        except httpx.RequestError as problem:
            raise unreachable(problem, self.url) from problem
        if response.status_code == httpx.codes.OK:
            self._pause = pause_before_next(response)
            return response
        if follows and response.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.GONE}:
            raise StartOver
        raise refusal(response, self.url, missing)

    def _address(self, path: str, query: dict[str, str]) -> str:
        return str(httpx.URL(f"{self.url}{path}", params=query)) if query else f"{self.url}{path}"
