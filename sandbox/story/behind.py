"""What is behind the page of the demo: the clients as the product knows them, their tenants, and the clock."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from billing.agreement import Terms, next_bill_date
from billing.errors import RollcallError, WrongInput
from bot.settings import variable
from commands.clients import ref
from commands.roles import list_roles
from sandbox.microsoft.tenant import Tenant
from sandbox.page.backstage import BotIs, Client, Clock, Reading
from sandbox.story.cast import COMPANIES
from sandbox.story.office import Office
from storage import clients
from storage.database import Database

_LAST_DAY = date(2037, 12, 31)


class NotNow(WrongInput):
    """Something of the kind is under way already."""


class DayIsOutOfReach(WrongInput):
    """The clock goes forward only, and not without end."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was last read from the database."""

    clients: tuple[Client, ...] = ()
    terms: tuple[Terms, ...] = ()
    roles: Mapping[str, str] | None = None


class Behind:
    """The office as the page sees it."""

    def __init__(self, office: Office) -> None:
        """Has read nothing yet."""
        self._office = office
        self._known = _Known()
        self._bot = BotIs.STARTING
        self._trouble = ""
        self._readings: dict[str, Reading] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Reads the clients and roles anew; says so to whoever watches."""
        self._known = await asyncio.to_thread(_known, self._office.settings[variable("database_url")])
        self._office.pulse.beat()

    async def wait_for_bot(self) -> None:
        """Waits until the bot is ready, and says so; and when it ends."""
        await self._office.bot_ready()
        self._watch = self._begin(self._wait_for_the_end())
        self._becomes(BotIs.READY)

    async def close(self) -> None:
        """Ends what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def clients(self) -> Sequence[Client]:
        """All clients, by slug."""
        return self._known.clients

    def roles(self) -> Mapping[str, str]:
        """Who has which role."""
        return self._known.roles or {}

    def tenant(self, client: str) -> Tenant | None:
        """The tenant of a sample client."""
        found = next((company.tenant for company in COMPANIES if company.slug == client), None)
        return self._office.cloud.tenants.get(found) if found else None

    def clock(self) -> Clock:
        """What day it is, and what the bot does."""
        today = self._office.today
        following = [next_bill_date(terms, today + timedelta(days=1)) for terms in self._known.terms]
        return Clock(today, min((day for day in following if day), default=None), self._bot, self._trouble)

    def day_of(self, ts: str) -> date | None:
        """The business date on which a message was posted."""
        return self._office.day_of(ts)

    def turn_to(self, day: date) -> None:
        """Begins to move the business date on, or to start a bot that has ended again on the same one."""
        if self._bot in {BotIs.STARTING, BotIs.READING}:
            raise NotNow("The bot isn't ready on this day yet; wait until it is.")
        today = self._office.today
        starts_again = day == today and self._bot is BotIs.BROKEN
        if not (starts_again or today < day <= _LAST_DAY):
            raise DayIsOutOfReach(f"It is {today}: the clock goes forward only, to {_LAST_DAY} at most.")
        if self._watch is not None:
            self._watch.cancel()
        self._becomes(BotIs.STARTING)
        self._begin(self._turn(day))

    def read(self, client: str) -> None:
        """Begins to read a client's directories."""
        if client not in {one.slug for one in self._known.clients}:
            raise WrongInput(f"There is no client {client} here.")
        before = self._readings.get(client)
        if before is not None and before.is_running:
            raise NotNow("This client's directories are being read already.")
        self._readings[client] = Reading(f"rollcall sync {client}", is_running=True)
        self._begin(self._read(client))

    def reading(self, client: str) -> Reading | None:
        """The last reading that the page asked for."""
        return self._readings.get(client)

    async def _turn(self, day: date) -> None:
        self._readings.clear()
        try:
            await self._office.turn_to(day, with_bot=True)
            self._office.pulse.beat()
            await self._office.bot_ready()
            self._watch = self._begin(self._wait_for_the_end())
            self._becomes(BotIs.READING)
            await self._office.rollcall("sync")
            await self.look()
        except RollcallError as error:
            self._becomes(BotIs.BROKEN, str(error))
        else:
            if self._bot is BotIs.READING:
                self._becomes(BotIs.READY)

    async def _wait_for_the_end(self) -> None:
        await self._office.bot_ended()
        self._becomes(BotIs.BROKEN, "The bot has ended, so clicks and commands fail. Set the clock to start it again.")

    async def _read(self, client: str) -> None:
        ran = await self._office.rollcall("sync", client)
        self._readings[client] = Reading(f"rollcall sync {client}", is_running=False, code=ran.code, said=ran.said)
        await self.look()

    def _becomes(self, bot: BotIs, trouble: str = "") -> None:
        self._bot, self._trouble = bot, trouble
        self._office.pulse.beat()

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _known(database_url: str) -> _Known:
    with closing(Database(database_url)) as database:
        roles = {granted.subject: granted.role for granted in list_roles(database)}
        with database.read() as session:
            rows = clients.every(session)
            known = [ref(row) for row in rows]
            terms = tuple(clients.terms(session, row) for row in rows)
    return _Known(tuple(Client(one.slug, one.name, one.channel) for one in known), terms, roles)
