"""Digests: which channels are sent one, when, and about whom."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from billing.schedule import Schedule, schedule
from storage.tables import DigestRow, NoticeRow

NOTICE = "digest"


@dataclass(frozen=True, slots=True)
class Digest:
    """A channel's digest. `clients` are the slugs that it is about, or None for every client."""

    id: int
    channel: str
    at: Schedule
    timezone: str
    clients: tuple[str, ...] | None


def every(session: Session) -> tuple[Digest, ...]:
    """Every digest, in the order of the book."""
    rows = session.exec(select(DigestRow).order_by(col(DigestRow.position)))
    return tuple(_digest(row) for row in rows)


def get(session: Session, digest_id: int) -> Digest:
    """The digest with this id."""
    return _digest(session.exec(select(DigestRow).where(DigestRow.id == digest_id)).one())


def put(session: Session, wanted: Sequence[DigestRow]) -> None:
    """Stores digests by channel and schedule, in this order, and removes those no longer named.

    What a removed one still owed to its channel goes with it: its clients are known to nobody any more.
    """
    held = {(row.channel, row.at): row for row in session.exec(select(DigestRow))}
    for position, digest in enumerate(wanted):
        row = held.pop((digest.channel, digest.at), digest)
        row.position, row.timezone, row.clients = position, digest.timezone, digest.clients
        session.add(row)
    for row in held.values():
        unsent = (col(NoticeRow.kind) == NOTICE, col(NoticeRow.subject).startswith(f"{row.id}/"))
        session.exec(delete(NoticeRow).where(*unsent, col(NoticeRow.shown) < col(NoticeRow.wanted)))
        session.delete(row)
    session.flush()


def _digest(row: DigestRow) -> Digest:
    if row.id is None:  # A row that was read has an id; the model allows None only before the first insert.
        raise TypeError("A stored digest without an id.")
    clients = None if row.clients is None else tuple(json.loads(row.clients))
    return Digest(row.id, row.channel, schedule(row.at), row.timezone, clients)
