"""Digests: which channels are sent one, when, about whom, and what is still owed of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, delete, select

from storage import notices
from storage.tables import DigestRow, NoticeRow, SlotRow

NOTICE = "digest"


@dataclass(frozen=True, slots=True)
class Digest:
    """A channel's digest. `clients` are the slugs that it is about, or None for every client."""

    id: int
    channel: str
    at: str
    timezone: str
    clients: tuple[str, ...] | None

    @property
    def job(self) -> str:
        """The name under which its turns are taken; in another zone they are others."""
        return f"{NOTICE}:{self.id}:{self.timezone}"


def every(session: Session) -> tuple[Digest, ...]:
    """Every digest, in the order of the book."""
    rows = session.exec(select(DigestRow).order_by(col(DigestRow.position)))
    return tuple(_digest(row) for row in rows)


def get(session: Session, digest_id: int) -> Digest:
    """The digest with this id."""
    return _digest(session.exec(select(DigestRow).where(DigestRow.id == digest_id)).one())


def put(session: Session, wanted: Sequence[DigestRow]) -> None:
    """Stores digests by channel and schedule, in this order, and removes those no longer named.

    Everything of a removed one goes with it, what it still owed too: its id may be given to another one.
    """
    held = {(row.channel, row.at): row for row in session.exec(select(DigestRow))}
    for position, digest in enumerate(wanted):
        row = held.pop((digest.channel, digest.at), digest)
        row.position, row.timezone, row.clients = position, digest.timezone, digest.clients
        session.add(row)
    for row in held.values():
        _forget_notices(session, row.id)
        session.exec(delete(SlotRow).where(col(SlotRow.job).startswith(f"{NOTICE}:{row.id}:")))
        session.delete(row)
    session.flush()


def owe(session: Session, digest: Digest, slot: str, on: date) -> None:
    """Asks for the digest of a turn as of a business date; one that never reached its channel gives way to it."""
    _forget_notices(session, digest.id)
    notices.owe(session, NOTICE, f"{digest.id}/{slot}/{on}", None, digest.channel)


def owed(session: Session, subject: str) -> tuple[Digest, date]:
    """The digest that a notice is about, and its business date."""
    digest_id, _, on = subject.split("/")
    return get(session, int(digest_id)), date.fromisoformat(on)


def _forget_notices(session: Session, digest_id: int | None) -> None:
    mine = (col(NoticeRow.kind) == NOTICE, col(NoticeRow.subject).startswith(f"{digest_id}/"))
    session.exec(delete(NoticeRow).where(*mine))


def _digest(row: DigestRow) -> Digest:
    if row.id is None:  # A row that was read has an id; the model allows None only before the first insert.
        raise TypeError("A stored digest without an id.")
    clients = None if row.clients is None else tuple(json.loads(row.clients))
    return Digest(row.id, row.channel, row.at, row.timezone, clients)
