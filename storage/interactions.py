"""Deciding clicks and submissions as Slack sent them: recorded under their own key before they are acknowledged."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, select

from storage.conflicts import insert_into
from storage.tables import InteractionRow


@dataclass(frozen=True, slots=True)
class Interaction:
    """One click or submission; `payload` is JSON text that only the edge understands."""

    key: str
    kind: str
    payload: str


def take(session: Session, interaction: Interaction, at: datetime, until: datetime, free_since: datetime) -> bool:
    """Keeps an interaction, and leases it until a moment.

    False when it was kept before, and is done or leased to somebody whose lease ends after `free_since`.
    """
    insert = insert_into(session, InteractionRow).values(
        key=interaction.key, kind=interaction.kind, payload=interaction.payload, received_at=at, leased_until=until
    )
    taking = insert.on_conflict_do_update(
        index_elements=["key"], set_={"leased_until": until}, where=and_(*_free(free_since))
    )
    return session.execute(taking.returning(col(InteractionRow.key))).first() is not None


def undone(session: Session, free_since: datetime) -> tuple[Interaction, ...]:
    """What was kept and isn't done, nor leased to anybody after a moment, in the order in which it came."""
    statement = select(InteractionRow).where(*_free(free_since)).order_by(col(InteractionRow.received_at))
    return tuple(Interaction(row.key, row.kind, row.payload) for row in session.exec(statement))


def mark_done(session: Session, key: str, at: datetime) -> None:
    """Says that an interaction was carried out, or refused for good. Its key stays, so that it isn't done again."""
    session.execute(
        update(InteractionRow)
        .where(col(InteractionRow.key) == key, col(InteractionRow.done_at).is_(None))
        .values(done_at=at, leased_until=None, payload="")
    )


def _free(since: datetime) -> tuple[ColumnElement[bool], ...]:
    leased_until = col(InteractionRow.leased_until)
    return col(InteractionRow.done_at).is_(None), or_(leased_until.is_(None), leased_until <= since)
