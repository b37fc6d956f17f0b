"""Graph's list of changed users, page by page, from a starting URL to the link for the next time."""

from dataclasses import dataclass

from msgspec.json import Decoder

from connectors.directories.entra.graph import Graph
from connectors.directories.entra.paging import pages
from connectors.directories.entra.shapes import Page, User, malformed
from connectors.directories.entra.users import UserReader, selected
from connectors.directories.entries import Sighting
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from rosters.rules import Wanted

_USERS = Decoder(Page[User])


def first_url(base_url: str, wanted: Wanted) -> str:
    """Where a full reading begins."""
    return f"{base_url}/v1.0/users/delta?$select={','.join(selected(wanted))}"


@dataclass(slots=True)
class Round:
    """One walk over the pages into the spool."""

    graph: Graph
    reader: UserReader
    spool: Spool
    page_size: int

    async def walk(self, start: str, *, full: bool) -> Reading:
        """Every page to the last; its link is the cursor. Raises `StartOver` when Graph forgot where we stood."""
        read = people = 0
        link: str | None = None
        preferred = {"Prefer": f"odata.maxpagesize={self.page_size}"}
        async for page in pages(self.graph, start, _USERS, needs="User.Read.All", headers=preferred):
            if (page.next_link is None) == (page.delta_link is None):
                raise malformed("a page that doesn't say whether it is the last")
            people += self._keep(page)
            read += 1
            link = page.delta_link
        return Reading(full=full, cursor=link, pages=read, people=people)

    def _keep(self, page: Page[User]) -> int:
        entries = [self.reader.entry(user) for user in page.value]
        self.spool.append(entries)
        return sum(isinstance(entry, Sighting) for entry in entries)
