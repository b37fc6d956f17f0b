"""What the house signs in by at its clients' directories: a warning, once, before it expires."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from billing.errors import RollcallError
from commands.actors import Actor, Clock
from commands.alerts import AlertView
from commands.permissions import UseCase, require
from commands.slots import Timetable, Turn, due, finish, take
from commands.sync import Sources
from commands.targets import Target, targets_of
from connectors.books.schedules import Schedule
from connectors.directories.examined import Credential
from documents.format import day
from storage import clients, credentials, notices
from storage.database import Database
from storage.tables import CredentialRow

SOON = timedelta(days=30)
_JOB, _HOUSE = "credentials", "house"
_HOUR = time(6)
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Expiry:
    """When what a kind of directory is signed in by expires, and what to do about it."""

    name: str
    expires: datetime
    remedy: str


def take_daily(database: Database, clock: Clock) -> Turn | None:
    """Takes the turn of looking at the credentials, if it is due and nobody has it."""
    now = clock.now()
    table = Timetable(_JOB, _HOUSE, Schedule(_HOUR), "UTC")
    with database.read() as session:
        turns = due(session, [table], now)
    if not turns:
        return None
    with database.write("slots") as session:
        return turns[0] if take(session, turns[0], now) else None


async def look(database: Database, actor: Actor, sources: Sources, clock: Clock) -> tuple[Expiry, ...]:
    """Asks every directory what it is signed in by, and owes a card for what expires within a month.

    Where several directories of a kind are signed in by something of the same name, the first to expire is told.
    """
    targets = await asyncio.to_thread(_targets, database, actor)
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(target: Target) -> tuple[str, Credential] | None:
        async with turns:
            found = await _credential(target, sources, clock)
        return (f"{target.kind.capitalize()} {found.name}", found) if found is not None else None

    seen = [each for each in await asyncio.gather(*(one(target) for target in targets)) if each is not None]
    first: dict[str, Expiry] = {}
    for name, found in seen:
        if found.expires is not None and (name not in first or found.expires < first[name].expires):
            first[name] = Expiry(name, found.expires, found.remedy)
    await asyncio.to_thread(_tell, database, clock, tuple(first.values()))
    return tuple(first.values())


def done(database: Database, clock: Clock, turn: Turn) -> None:
    """Says that the day's look is done."""
    finish(database, clock, [turn])


def show(database: Database, name: str) -> AlertView:
    """What the house's channel is told about a credential, as it stands now."""
    with database.read() as session:
        row = credentials.get(session, name)
    on = day(row.expires.date())
    title = f"The {row.name} expires on {on}" if row.told else f"The {row.name} was renewed, until {on}"
    waits = "Once it has expired, no directory that it opens can be read, and their clients' invoices wait."
    return AlertView(
        client="",
        client_name="",
        locale="en_US",
        channel=None,
        title=title,
        sentences=(waits,) if row.told else (),
        remedy=row.remedy,
        cleared=not row.told,
    )


def _targets(database: Database, actor: Actor) -> list[Target]:
    with database.read() as session:
        require(session, actor, UseCase.SYNC)
        return [target for row in clients.every(session) for target in targets_of(session, row)]


async def _credential(target: Target, sources: Sources, clock: Clock) -> Credential | None:
    try:
        source = sources(target.kind, target.settings, target.client, target.name)
        return (await source.examine(wanted=target.wanted, now=clock.now)).credential
    except RollcallError:
        # What is wrong with a directory is told by its reading; here it only can't say anything.
        return None


def _tell(database: Database, clock: Clock, found: tuple[Expiry, ...]) -> None:
    with database.write("credentials") as session:
        for each in found:
            soon = each.expires - clock.now() <= SOON
            before = credentials.find(session, each.name)
            row = before or CredentialRow(name=each.name, expires=each.expires, remedy=each.remedy)
            news = soon != row.told or (soon and row.expires.date() != each.expires.date())
            row.expires, row.remedy, row.told = each.expires, each.remedy, soon
            credentials.put(session, row)
            if news:
                notices.owe(session, "credential", each.name, None, None)
