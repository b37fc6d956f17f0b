"""Turns of the clock: each is claimed by inserting it, so that it is taken once, however many processes tick."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.conflicts import insert_into
from storage.tables import SlotRow


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


def known(session: Session, job: str) -> bool:
    """Whether any turn of the job was ever taken."""
    return session.exec(select(SlotRow.slot).where(col(SlotRow.job) == job).limit(1)).first() is not None


def finished(session: Session, since: str) -> set[tuple[str, str]]:
    """Every finished turn, as job and slot, from a slot on."""
    statement = select(SlotRow.job, SlotRow.slot).where(col(SlotRow.done_at).is_not(None), col(SlotRow.slot) >= since)
    return {(job, slot) for job, slot in session.exec(statement)}
