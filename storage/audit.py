"""The audit log: one chain a client and one for the house, each entry sealed over the one before."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.codec import canonical
from storage.conflicts import insert_into
from storage.tables import AuditHeadRow, AuditRow

# A name that no client can have: slugs are letters, digits and hyphens.
HOUSE = "#house"


def append(session: Session, chain: str, at: datetime, actor: str, action: str, subject: str, data: object) -> AuditRow:
    """Adds one entry to a chain. The head is locked, so that two writers of one chain stand in line."""
    held = select(AuditHeadRow).where(AuditHeadRow.chain == chain).with_for_update()
    head = session.exec(held).first()
    if head is None:
        # Several may write a chain's first entry at the same time; PostgreSQL lets the others wait here.
        session.execute(insert_into(session, AuditHeadRow).values(chain=chain, seq=0, hash="").on_conflict_do_nothing())
        head = session.exec(held).one()
    entry = AuditRow(
        chain=chain,
        seq=head.seq + 1,
        at=at.isoformat(),
        actor=actor,
        action=action,
        subject=subject,
        data=canonical(data),
        previous=head.hash,
        hash="",
    )
    entry.hash = seal(entry)
    session.add(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.flush()
    return entry


def seal(entry: AuditRow) -> str:
    """SHA-256 over the entry and the hash before it."""
    parts = [entry.previous, entry.chain, entry.seq, entry.at, entry.actor, entry.action, entry.subject, entry.data]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def chains(session: Session) -> list[AuditHeadRow]:
    """The head of every chain."""
    return list(session.exec(select(AuditHeadRow).order_by(AuditHeadRow.chain)))


def headless(session: Session) -> list[str]:
    """Chains that have entries but no head."""
    heads = select(AuditHeadRow.chain)
    query = select(AuditRow.chain).where(col(AuditRow.chain).not_in(heads)).distinct()
    return sorted(session.exec(query))


def entries(session: Session, chain: str) -> Iterator[AuditRow]:
    """A chain's entries from the first on, a batch at a time."""
    query = select(AuditRow).where(AuditRow.chain == chain).order_by(col(AuditRow.seq))
    yield from session.exec(query.execution_options(yield_per=500))


def of_action(session: Session, chain: str, action: str) -> Iterator[AuditRow]:
    """A chain's entries of one action from the first on, a batch at a time."""
    query = select(AuditRow).where(AuditRow.chain == chain, AuditRow.action == action).order_by(col(AuditRow.seq))
    yield from session.exec(query.execution_options(yield_per=500))


def latest(session: Session, chain: str | None, limit: int) -> list[AuditRow]:
    """The newest entries, the newest first."""
    query = select(AuditRow).order_by(col(AuditRow.id).desc()).limit(limit)
    return list(session.exec(query if chain is None else query.where(AuditRow.chain == chain)))


def since(session: Session, chain: str, action: str, subject: str) -> list[AuditRow]:
    """A chain's entries after the newest one of an action on a subject, in order; all of them where there is none."""
    newest = select(func.max(AuditRow.seq)).where(AuditRow.chain == chain, AuditRow.action == action)
    last = session.exec(newest.where(AuditRow.subject == subject)).one() or 0
    query = select(AuditRow).where(AuditRow.chain == chain, AuditRow.seq > last)
    return list(session.exec(query.order_by(col(AuditRow.seq))))


def author(session: Session, chain: str, action: str, subject: str) -> str | None:
    """Who did something to a subject the first time, or None when nobody did."""
    query = select(AuditRow.actor).where(AuditRow.chain == chain, AuditRow.action == action)
    return session.exec(query.where(AuditRow.subject == subject).order_by(col(AuditRow.seq))).first()
