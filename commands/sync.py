"""Reading directories: every page into a spool, then one short transaction from accounts to the proposed change."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

from billing.errors import Refused, RollcallError, WrongInput
from commands.accepting import accept, fail
from commands.actors import Actor, Clock
from commands.clients import ClientIsUnknown, named
from commands.completeness import confirm
from commands.holding import Held, hold
from commands.permissions import UseCase, require
from commands.sync_outcomes import SyncOutcome, dropped
from commands.targets import ReadingIsOutdated, Target, targets_of
from connectors.directories.port import Confirms, Directory, Reading
from connectors.directories.spool import Spool
from connectors.errors import cause_of
from storage import clients, directories
from storage.database import Database, Session
from storage.tables import ClientRow

Sources = Callable[[str, Mapping[str, object], str, str], Directory]

# Reading is waiting for the network, and a source that is slow or asks to wait keeps its turn: there are so many that
# the others needn't wait for it. A vendor limits each tenant by itself.
_AT_ONCE = 64
_MOST_NAMED = 10
_FULL_AT_LEAST_EVERY = timedelta(days=7)
_BUG = "Reading it ran into a bug of Rollcall's own. The log says more; tell whoever runs Rollcall."


class WhoseListIsUnclear(WrongInput):
    """A reason to let a list through, and no client whose list it is."""

    def __init__(self, held: Sequence[str]) -> None:
        """`held` are the clients that have one."""
        more = f" and {len(held) - _MOST_NAMED} more" if len(held) > _MOST_NAMED else ""
        those = f"Those of {', '.join(held[:_MOST_NAMED])}{more} are held" if held else "No client's is held"
        super().__init__(f"Whose list is let through? {those}. Name it: rollcall sync CLIENT --let-through REASON")


async def sync_clients(
    database: Database,
    actor: Actor,
    sources: Sources,
    clock: Clock,
    slugs: Sequence[str] = (),
    *,
    full: bool = False,
    let_through: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[SyncOutcome, ...]:
    """Reads the directories of the named clients (default: of all) and proposes what differs.

    A directory that can't be read leaves the last good state in force; its outcome says so, and the others go on.
    `let_through` is a reason: it lets held readings of the named clients through, once; without a name, those of the
    only client that is held. `progress` hears how many of how many are done.

    Raises:
        ClientIsUnknown, WhoseListIsUnclear, NotAllowed: as named, before anything is read.

    """
    targets, whose = await asyncio.to_thread(_targets, database, actor, clock, slugs, let_through)
    turns = asyncio.Semaphore(_AT_ONCE)
    done = count()

    async def one(target: Target) -> SyncOutcome:
        async with turns:
            reason = let_through if target.client in whose else None
            outcome = await _sync(database, actor, sources, clock, target, full=full, let_through=reason)
        if progress is not None:
            progress(next(done) + 1, len(targets))
        return outcome

    # One that ran into a bug ends the command only after the others have been read.
    ended = await asyncio.gather(*(one(target) for target in targets), return_exceptions=True)
    crash = next((result for result in ended if isinstance(result, BaseException)), None)
    if crash is not None:
        raise crash
    return tuple(result for result in ended if isinstance(result, SyncOutcome))


def _targets(
    database: Database, actor: Actor, clock: Clock, slugs: Sequence[str], let_through: str | None
) -> tuple[list[Target], frozenset[str]]:
    """What is read, and the clients whose held readings are let through."""
    with database.read() as session:
        require(session, actor, UseCase.LET_THROUGH if let_through else UseCase.SYNC)
        rows = [named(session, slug) for slug in slugs] if slugs else clients.every(session)
        if not rows:
            raise ClientIsUnknown("There is no client yet: rollcall import BOOK --apply brings them.")
        whose = frozenset(row.slug for row in rows) if slugs or let_through is None else _held(session, rows)
        targets = [
            _full_when_due(session, target, clock.today(row.timezone))
            for row in rows
            for target in targets_of(session, row)
        ]
        return targets, whose


def _held(session: Session, rows: Sequence[ClientRow]) -> frozenset[str]:
    """The one client whose list somebody can mean who names none."""
    standing = directories.standings(session)
    held = {each.client_id for each in standing if each.is_held}
    meant = [row.slug for row in rows if row.id in held] or [row.slug for row in rows]
    if len(meant) > 1:
        raise WhoseListIsUnclear(meant if held else ())
    return frozenset(meant)


def _full_when_due(session: Session, target: Target, today: date) -> Target:
    """Without its cursor once a week: a change that a source has lost is found by a reading of everybody alone."""
    last = directories.last_full_reading(session, target.id)
    # One on a day that is yet to come was on a mistyped one.
    due = last is not None and not timedelta(0) <= today - last < _FULL_AT_LEAST_EVERY
    return replace(target, cursor=None) if due else target


async def _sync(
    database: Database,
    actor: Actor,
    sources: Sources,
    clock: Clock,
    target: Target,
    *,
    full: bool,
    let_through: str | None,
) -> SyncOutcome:
    with Spool() as spool:
        try:
            source = sources(target.kind, target.settings, target.client, target.name)
            reading = await source.read(None if full else target.cursor, spool, wanted=target.wanted)
            if reading.full and isinstance(source, Confirms):
                await confirm(database, target, source, spool)
        except RollcallError as error:
            return await asyncio.to_thread(_failed, database, clock, target, error)
        except Exception:
            # A bug of ours is no good reading either: it must hold the client's invoice as any failure does.
            with contextlib.suppress(ReadingIsOutdated):
                await asyncio.to_thread(fail, database, clock, target, _BUG, "bug")
            raise
        return await asyncio.to_thread(_taken, database, actor, clock, target, reading, spool, let_through)


def _taken(
    database: Database,
    actor: Actor,
    clock: Clock,
    target: Target,
    reading: Reading,
    spool: Spool,
    let_through: str | None,
) -> SyncOutcome:
    try:
        try:
            return accept(database, actor, clock, target, reading, spool, let_through)
        except Held as held:
            return replace(hold(database, actor, clock, target, reading, held), exit_code=Refused.exit_code)
    except ReadingIsOutdated as outdated:
        return dropped(target, outdated)


def _failed(database: Database, clock: Clock, target: Target, error: RollcallError) -> SyncOutcome:
    try:
        return replace(fail(database, clock, target, str(error), cause_of(error)), exit_code=error.exit_code)
    except ReadingIsOutdated as outdated:
        return dropped(target, outdated)
