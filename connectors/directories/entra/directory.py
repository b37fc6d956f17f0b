"""An Entra tenant as a directory."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, repeat

import httpx

from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.entra.cursors import link_in, written
from connectors.directories.entra.delta import Round, first_url
from connectors.directories.entra.examination import Examination
from connectors.directories.entra.graph import Graph
from connectors.directories.entra.groups import members
from connectors.directories.entra.licences import licences
from connectors.directories.entra.mailboxes import Purposes, candidates, mailboxes
from connectors.directories.entra.paging import however_often
from connectors.directories.entra.permissions import needs
from connectors.directories.entra.sign_ins import sign_ins
from connectors.directories.entra.single import is_there, present_state
from connectors.directories.entra.tokens import TenantTokens
from connectors.directories.entra.users import UserReader
from connectors.directories.entries import Sighting
from connectors.directories.examined import Examined
from connectors.directories.patience import Patience
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import DirectoryNotRead
from connectors.http import HttpFactory
from rosters.rules import Wanted

_PAGE_SIZE = 500


@dataclass(frozen=True, slots=True)
class Tenant:
    """One client's tenant as the app knows it: how we sign in, where its Graph is, and what it told of mailboxes."""

    tokens: TenantTokens
    credentials: EntraCredentials
    graph_url: str
    purposes: Purposes = field(default_factory=Purposes)


class EntraDirectory:
    """Reads the changes since a cursor, or everything where there is none or Graph no longer knows it."""

    def __init__(self, tenant: Tenant, http: HttpFactory, patience: Patience, *, sign_ins: bool) -> None:
        """Sends nothing yet; `sign_ins` asks for the last ones too."""
        self._tenant = tenant
        self._http = http
        self._patience = patience
        self._sign_ins = sign_ins

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        """Reads every page into the spool; see `connectors.directories.port.Directory`.

        What takes a permission of its own is asked for only where it is wanted. If a part of that fails, the reading
        does; only the last sign-ins are left out where they can't be had.
        """
        async with self._http.client("graph") as client:
            signed_in = await self._signed_in(client) if self._sign_ins else None
            graph = self._graph(client, self._patience)
            bought = await licences(graph) if wanted.licences or wanted.units else None
            # Before the people, so that a rule with a name that fits no group fails at once.
            grouped = await members(graph, wanted.groups) if wanted.groups else None
            reader = UserReader(wanted, bought.names if bought else {}, signed_in)
            # No change of a user tells of a sign-in, so that whoever signed in is found only among everybody.
            start = None if signed_in else cursor
            reading = await self._people(graph, reader, spool, start, wanted)
            if reader.unknown:
                # Somebody may have got a licence that was new since the list was read; by its name we know a free one.
                newly = await licences(graph)
                if newly.names.keys() & reader.unknown:
                    reader = UserReader(wanted, newly.names, signed_in)
                    reading = await self._people(graph, reader, spool, start, wanted)
            if wanted.mailboxes:
                await self._mark_mailboxes(graph, spool, anew=not reading.full)
            return replace(reading, members=grouped, units=bought.units if bought and wanted.units else None)

    def _graph(self, client: httpx.AsyncClient, patience: Patience) -> Graph:
        return Graph(client, self._tenant.tokens, self._tenant.graph_url, patience.begin())

    async def _signed_in(self, client: httpx.AsyncClient) -> dict[str, date] | None:
        # What may be missing must not use up the time of what may not.
        patience = replace(self._patience, deadline_seconds=self._patience.deadline_seconds // 3)
        try:
            return await sign_ins(self._graph(client, patience))
        except DirectoryNotRead:
            return None

    async def _mark_mailboxes(self, graph: Graph, spool: Spool, *, anew: bool) -> None:
        purposes = self._tenant.purposes
        # A large tenant's spool takes a while to walk; meanwhile the loop has clicks to acknowledge.
        who = await asyncio.to_thread(candidates, spool)
        told = await mailboxes(graph, who, purposes, self._patience.clock, anew=anew)
        spool.append(Sighting(one, {"mailbox": kind}) for one, kind in told.items())

    async def _people(
        self, graph: Graph, reader: UserReader, spool: Spool, cursor: str | None, wanted: Wanted
    ) -> Reading:
        # After the first attempt our own query, not a Location that an answer may carry: it must select what we need.
        starts = chain([link_in(cursor, wanted, self._tenant.graph_url)], repeat(None))

        async def attempt() -> Reading:
            spool.restart()
            start = next(starts)
            begin = start or first_url(self._tenant.graph_url, wanted)
            changes = Round(graph, reader, spool, _PAGE_SIZE)
            walked = await changes.walk(begin, full=start is None)
            # Changes are replayed and come in no order, so the last thing that was said may be an old one.
            doubtful = await asyncio.to_thread(spool.contradicted)
            spool.append([await present_state(graph, reader, who, wanted) for who in sorted(doubtful)])
            return walked

        reading = await however_often("the list of users", attempt)
        return replace(reading, cursor=written(wanted, reading.cursor or ""))

    async def still_there(self, object_ids: Sequence[str]) -> frozenset[str]:
        """Asks for each account by itself; see `connectors.directories.port.Confirms`."""
        async with self._http.client("graph") as client:
            graph = self._graph(client, self._patience)
            return frozenset([who for who in object_ids if await is_there(graph, who)])

    async def examine(self, *, wanted: Wanted, now: Callable[[], datetime]) -> Examined:
        """Looks at the sign-in and its permissions; see `connectors.directories.port.Directory`."""
        async with self._http.client("graph") as client:
            graph = self._graph(client, self._patience)
            return await Examination(client, graph, self._tenant.credentials).look(
                needs(wanted, sign_ins=self._sign_ins), now
            )
