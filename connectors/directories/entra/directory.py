"""An Entra tenant as a directory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from connectors.directories.entra.answers import StartOver
from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.entra.delta import Round, first_url, is_on
from connectors.directories.entra.examination import Examination
from connectors.directories.entra.graph import Graph
from connectors.directories.entra.licences import sku_names
from connectors.directories.entra.tokens import TenantTokens
from connectors.directories.examined import Examined
from connectors.directories.patience import Patience
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from connectors.http import HttpFactory

_RESTARTS = 3
_PAGE_SIZE = 500
# In front of a cursor that was made without licences: the link behind it will never tell of them.
_WITHOUT_LICENCES = "without-licences:"


class EntraDirectory:
    """Reads the changes since a cursor, or everything where there is none or Graph no longer knows it."""

    def __init__(
        self,
        tokens: TenantTokens,
        credentials: EntraCredentials,
        graph_url: str,
        http: HttpFactory,
        patience: Patience,
    ) -> None:
        """Sends nothing yet."""
        self._tokens = tokens
        self._credentials = credentials
        self._graph_url = graph_url
        self._http = http
        self._patience = patience

    async def read(self, cursor: str | None, spool: Spool, *, licences: bool) -> Reading:
        """Reads every page into the spool; see `connectors.directories.port.Directory`.

        The names of licences take a permission of their own, so they are asked for only where a rule needs them.
        """
        async with self._http.client("graph") as client:
            graph = Graph(client, self._tokens, self._graph_url, self._patience.begin())
            names = await sku_names(graph) if licences else None
            start = _start(cursor, self._graph_url, licences=licences)
            for _ in range(_RESTARTS + 1):
                try:
                    pages = Round(graph, names, spool, _PAGE_SIZE)
                    reading = await pages.walk(
                        start or first_url(self._graph_url, licences=licences), full=start is None
                    )
                    return reading if licences else replace(reading, cursor=f"{_WITHOUT_LICENCES}{reading.cursor}")
                except StartOver:
                    # Our own first query, not a Location that the answer may carry: it must select what the rule needs.
                    start = None
                    spool.restart()
        message = (
            f"Microsoft Graph asked {_RESTARTS + 1} times to begin the list of users anew and never came to its end. "
            "The next sync tries again."
        )
        raise DirectoryNotRead(Cause.UNAVAILABLE, message)

    async def examine(self, *, licences: bool, now: Callable[[], datetime]) -> Examined:
        """Looks at the sign-in and its permissions; see `connectors.directories.port.Directory`."""
        async with self._http.client("graph") as client:
            look = Examination(client, self._tokens, self._credentials, self._graph_url, self._patience.begin())
            return await look.look(licences=licences, now=now)


def _start(cursor: str | None, graph_url: str, *, licences: bool) -> str | None:
    """The link to go on from; None for everything, as after a cursor of another Graph or of other properties."""
    if cursor is None or cursor.startswith(_WITHOUT_LICENCES) is licences:
        return None
    link = cursor.removeprefix(_WITHOUT_LICENCES)
    return link if is_on(graph_url, link) else None
