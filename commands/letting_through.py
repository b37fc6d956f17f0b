"""Letting a held reading through: by a named person, for a reason, once, for exactly the list that was shown."""

from dataclasses import dataclass
from datetime import timedelta

from billing.errors import Refused
from commands.actors import Actor, Clock
from commands.alerts import AlertView, alert_view
from commands.held import Pass
from commands.permissions import UseCase, require
from commands.reasons import LET_THROUGH, require_reason
from storage import audit, clients, directories
from storage.codec import decode, encode
from storage.database import Database, Session
from storage.tables import ClientRow, DirectoryRow

# Long enough for the next night; a list of yesterday isn't what somebody looked at.
_LASTS = timedelta(hours=24)


class NothingIsHeld(Refused):
    """No reading of the directory is held by the safety catch any more."""


class ListWasReplaced(Refused):
    """Another reading was held since, which would move something else than what was shown."""


@dataclass(frozen=True, slots=True)
class LetThrough:
    """Whose directory may be read now, once."""

    client: str
    directory: str


def to_be_let_through(database: Database, actor: Actor, directory_id: int, seal: str) -> AlertView:
    """What would move, for whoever may let it through: refused before they are asked for a reason.

    Raises:
        NothingIsHeld, ListWasReplaced, NotAllowed: as named.

    """
    with database.read() as session:
        require(session, actor, UseCase.LET_THROUGH)
        row, client = _held(session, directory_id, seal)
        return alert_view(session, row, client)


def let_through(
    database: Database, actor: Actor, clock: Clock, directory_id: int, seal: str, reason: str
) -> LetThrough:
    """Gives the held reading its pass; the next reading that would move the same list uses it up.

    Raises:
        NothingIsHeld, ListWasReplaced, ReasonIsMissing, NotAllowed: as named.

    """
    require_reason(reason, LET_THROUGH)
    with database.write("let-through") as session:
        require(session, actor, UseCase.LET_THROUGH)
        row, client = _held(session, directory_id, seal)
        client = clients.lock(session, row.client_id)
        session.refresh(row)
        row, client = _held(session, directory_id, seal)
        given = decode(Pass, row.let_through) if row.let_through else None
        if given is not None and clock.now() < given.until and given == Pass(seal, actor.id, reason, given.until):
            # The same click, carried out again after a crash.
            return LetThrough(client.slug, row.name)
        until = clock.now() + _LASTS
        row.let_through = encode(Pass(seal, actor.id, reason, until))
        session.add(row)
        said = {"directory": row.name, "reason": reason, "seal": seal, "until": until.isoformat()}
        audit.append(session, client.slug, clock.now(), actor.id, "sync.pass", client.slug, said)
        return LetThrough(client.slug, row.name)


def _held(session: Session, directory_id: int, seal: str) -> tuple[DirectoryRow, ClientRow]:
    row = directories.find(session, directory_id)
    if row is None or row.trips is None:
        raise NothingIsHeld("Nothing is held back any more, so there is nothing to let through.")
    client = clients.get(session, row.client_id)
    if row.held_seal != seal:
        raise ListWasReplaced(
            f"The list of {client.name} is another one by now, so nothing was let through: a later reading would move "
            "something else. Look at the newest card and decide there."
        )
    return row, client
