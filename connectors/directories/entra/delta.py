"""Graph's list of changed users, page by page, from a starting URL to the link for the next time."""

from dataclasses import dataclass
from typing import Any

import httpx

from connectors.directories.entra.graph import Graph
from connectors.directories.entra.users import SkuNames, entry_of, malformed, selected
from connectors.directories.entries import Sighting
from connectors.directories.port import Reading
from connectors.directories.spool import Spool

_NEXT, _DELTA = "@odata.nextLink", "@odata.deltaLink"


def first_url(base_url: str, *, licences: bool) -> str:
    """Where a full reading begins."""
    return f"{base_url}/v1.0/users/delta?$select={','.join(selected(licences=licences))}"


def is_on(base_url: str, url: str) -> bool:
    """Whether a URL leads to the Graph that we talk to: our token must go nowhere else."""
    try:
        base, link = httpx.URL(base_url), httpx.URL(url)
    except httpx.InvalidURL:
        return False
    same = (link.scheme, link.host, link.port, link.userinfo) == ("https", base.host, base.port, b"")
    return same and link.path.startswith(f"{base.path.rstrip('/')}/")


@dataclass(slots=True)
class Round:
    """One walk over the pages into the spool; without names of licences, it reads no licences."""

    graph: Graph
    sku_names: SkuNames | None
    spool: Spool
    page_size: int
    pages: int = 0
    people: int = 0

    async def walk(self, start: str, *, full: bool) -> Reading:
        """Every page to the last; raises `StartOver` when Graph forgot where we stood."""
        seen = {start}
        url = start
        while True:
            page = await self.graph.get(
                url, needs="User.Read.All", headers={"Prefer": f"odata.maxpagesize={self.page_size}"}
            )
            self._keep(page)
            url, last = self._link(page)
            if last:
                return Reading(full=full, cursor=url, pages=self.pages, people=self.people)
            if url in seen:
                raise malformed("a link to a page that was already read")
            seen.add(url)

    def _keep(self, page: dict[str, Any]) -> None:
        users = page.get("value")
        if not isinstance(users, list):
            raise malformed("a page without a list of users")
        entries = [entry_of(user, self.sku_names) for user in users]
        self.spool.append(entries)
        self.pages += 1
        self.people += sum(isinstance(entry, Sighting) for entry in entries)

    def _link(self, page: dict[str, Any]) -> tuple[str, bool]:
        following, last = page.get(_NEXT), page.get(_DELTA)
        if (following is None) == (last is None):
            raise malformed("a page that doesn't say whether it is the last")
        url = following if last is None else last
        if not isinstance(url, str) or not is_on(self.graph.base_url, url):
            raise malformed("a link that leads away from Graph")
        return url, last is not None
