"""Lists of Graph, page by page, along links that are followed only where they lead on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from msgspec.json import Decoder

from connectors.directories.entra.answers import StartOver
from connectors.directories.entra.graph import Graph
from connectors.directories.entra.shapes import One, Page, Shape, malformed
from connectors.directories.web import leads_to
from connectors.errors import Cause, DirectoryNotRead

_RESTARTS = 3


async def pages(
    graph: Graph, start: str, shape: Decoder[Page[One]], *, needs: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[Page[One]]:
    """Every page to the last; raises `StartOver` when Graph forgot where we stood.

    An empty page is not the end, and a link away from Graph or back to where we were is refused.
    """
    seen = {start}
    url: str | None = start
    while url is not None:
        page = await graph.get(url, shape, needs=needs, headers=headers)
        for link in (page.next_link, page.delta_link):
            if link is not None and not leads_to(graph.base_url, link):
                raise malformed("a link that leads away from Graph")
        yield page
        url = page.next_link
        if url in seen:
            raise malformed("a link to a page that was already read")
        if url is not None:
            seen.add(url)


async def however_often(what: str, read: Callable[[], Awaitable[Shape]]) -> Shape:
    """What was read from its beginning, begun anew as often as Graph loses its place, within reason."""
    for _ in range(_RESTARTS + 1):
        try:
            return await read()
        except StartOver:
            continue
    message = (
        f"Microsoft Graph asked {_RESTARTS + 1} times to begin {what} anew and never came to its end. "
        "The next sync tries again."
    )
    raise DirectoryNotRead(Cause.UNAVAILABLE, message)
