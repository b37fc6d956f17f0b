"""Turns of the clock: each is claimed by inserting it, so that it is taken once, however many processes tick."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, tuple_, update
from sqlmodel import Session, col, select

from storage.conflicts import insert_into
from storage.tables import SlotRow

# A query with more pairs than this would reach SQLite's limit on variables.
_PAIRS = 400


def claim(session: Session, job: str, slot: str, at: datetime) -> bool:
    """Takes a turn; False when somebody took it already."""
    insert = insert_into(session, SlotRow).values(job=job, slot=slot, claimed_at=at)
    taken = session.execute(insert.on_conflict_do_nothing(index_elements=["job", "slot"]).returning(col(SlotRow.job)))
    return taken.first() is not None


def reclaim(session: Session, job: str, slot: str, at: datetime, abandoned_before: datetime) -> bool:
    """Takes over a turn that was claimed before a moment and never finished; False when there is none."""
    taken = session.execute(
        update(SlotRow)
        .where(col(SlotRow.job) == job, col(SlotRow.slot) == slot)
        .where(col(SlotRow.done_at).is_(None), col(SlotRow.claimed_at) <= abandoned_before)
        .values(claimed_at=at)
        .returning(col(SlotRow.job))
    )
    return taken.first() is not None


def finish(session: Session, job: str, slot: str, at: datetime) -> None:
    """Says that a turn's work is done."""
    session.execute(update(SlotRow).where(col(SlotRow.job) == job, col(SlotRow.slot) == slot).values(done_at=at))


def newest(session: Session, job: str) -> str | None:
    """The job's last turn that anybody took; None for a job that is new."""
    return session.exec(select(func.max(SlotRow.slot)).where(SlotRow.job == job)).one()


def finished(session: Session, turns: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the turns, each a job and a slot, that are finished."""
    found: set[tuple[str, str]] = set()
    asked = list(turns)
    for at in range(0, len(asked), _PAIRS):
        these = tuple_(col(SlotRow.job), col(SlotRow.slot)).in_(asked[at : at + _PAIRS])
        statement = select(SlotRow.job, SlotRow.slot).where(col(SlotRow.done_at).is_not(None), these)
        found |= {(job, slot) for job, slot in session.exec(statement)}
    return found
