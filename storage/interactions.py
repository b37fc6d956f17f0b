"""Deciding clicks and submissions as Slack sent them: recorded under their own key before they are acknowledged."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.conflicts import insert_into
from storage.tables import InteractionRow


@dataclass(frozen=True, slots=True)
class Interaction:
    """One click or submission; `payload` is JSON text that only the edge understands."""

    key: str
    kind: str
    payload: str


def record(session: Session, interaction: Interaction, at: datetime) -> bool:
    """Keeps an interaction; False when it was kept before: Slack delivered it twice."""
    insert = insert_into(session, InteractionRow).values(
        key=interaction.key, kind=interaction.kind, payload=interaction.payload, received_at=at
    )
    result = session.execute(insert.on_conflict_do_nothing(index_elements=["key"]).returning(col(InteractionRow.key)))
    return result.first() is not None


def undone(session: Session) -> tuple[Interaction, ...]:
    """What was kept and not done, in the order in which it came."""
    statement = (
        select(InteractionRow).where(col(InteractionRow.done_at).is_(None)).order_by(col(InteractionRow.received_at))
    )
    return tuple(Interaction(row.key, row.kind, row.payload) for row in session.exec(statement))


def mark_done(session: Session, key: str, at: datetime) -> None:
    """Says that an interaction was carried out, or refused for good."""
    session.execute(
        update(InteractionRow)
        .where(col(InteractionRow.key) == key, col(InteractionRow.done_at).is_(None))
        .values(done_at=at)
    )
