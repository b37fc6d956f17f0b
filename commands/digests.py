"""Digests: whose turn has come, what a channel is told then, and the same at once for whoever asks."""

from collections.abc import Collection

from commands.actors import Actor, Clock
from commands.digest_cards import DigestView, digest_view
from commands.permissions import UseCase, require
from commands.slots import Timetable, due, take
from connectors.books.schedules import schedule
from storage import clients, digests, slots
from storage.database import Database, Session
from storage.tables import ClientRow


def owe_due(database: Database, clock: Clock) -> tuple[str, ...]:
    """Asks for each digest whose turn has come, and gives their channels.

    Taking a turn and owing its message is one transaction, so that neither is ever without the other.
    """
    now = clock.now()
    with database.read() as session:
        tables = [
            Timetable(each.job, str(each.id), schedule(each.at), each.timezone) for each in digests.every(session)
        ]
        turns = due(session, tables, now)
    if not turns:
        return ()
    told = []
    with database.write("digests") as session:
        # The book may have another list by now.
        wanted = {each.job: each for each in digests.every(session)}
        for turn in turns:
            digest = wanted.get(turn.job)
            if digest is not None and take(session, turn, now):
                digests.owe(session, digest, turn.slot, clock.today(digest.timezone))
                slots.finish(session, turn.job, turn.slot, now)
                told.append(digest.channel)
    return tuple(told)


def show(database: Database, subject: str) -> DigestView:
    """The digest that a notice is about, as things are now; for cards, so without a role."""
    with database.read() as session:
        digest, on = digests.owed(session, subject)
        return digest_view(session, _clients(session, digest.clients), on)


def ask(database: Database, actor: Actor, clock: Clock, channel: str | None = None) -> DigestView:
    """The digest as of now: about whom the channel's own digests are, or about every client where it has none."""
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        ours = [each for each in digests.every(session) if each.channel == channel]
        rows = _clients(session, _together([each.clients for each in ours]))
        zones = [*(each.timezone for each in ours), *(row.timezone for row in rows), "UTC"]
        return digest_view(session, rows, clock.today(zones[0]))


def _together(scopes: Collection[tuple[str, ...] | None]) -> set[str] | None:
    """Everybody whom any of them is about; None for every client."""
    named = [scope for scope in scopes if scope is not None]
    return {slug for scope in named for slug in scope} if named and len(named) == len(scopes) else None


def _clients(session: Session, slugs: Collection[str] | None) -> list[ClientRow]:
    return [row for row in clients.every(session) if slugs is None or row.slug in slugs]
