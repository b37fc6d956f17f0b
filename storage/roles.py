"""Who may do what: one role a Slack user or user group."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from storage.tables import RoleRow


def every(session: Session) -> list[RoleRow]:
    """All grants, by subject."""
    return list(session.exec(select(RoleRow).order_by(col(RoleRow.subject))))


def of(session: Session, subjects: Iterable[str]) -> list[str]:
    """The roles that were granted to any of the subjects."""
    return list(session.exec(select(RoleRow.role).where(col(RoleRow.subject).in_(list(subjects)))))


def put(session: Session, subject: str, role: str) -> None:
    """Grants a role, in place of the one before."""
    session.merge(RoleRow(subject=subject, role=role))


def remove(session: Session, subject: str) -> bool:
    """Takes a role away; False when there was none."""
    row = session.get(RoleRow, subject)
    if row is None:
        return False
    session.delete(row)
    return True
