"""What was refused: it isn't proposed again for as long as it stands."""

from collections.abc import Iterable

from sqlmodel import Session, select

from rosters.changes import ChangeItem
from storage.tables import RejectionRow


def of_client(session: Session, client_id: int) -> list[RejectionRow]:
    """What was refused and still stands."""
    return list(session.exec(select(RejectionRow).where(RejectionRow.client_id == client_id)))


def add(session: Session, client_id: int, change_id: int, refused: Iterable[tuple[ChangeItem, str]]) -> None:
    """Keeps a refusal per item, each with its reason."""
    for item, reason in refused:
        session.add(
            RejectionRow(
                client_id=client_id,
                change_id=change_id,
                kind=item.kind,
                roster=item.roster,
                person_id=item.person,
                account_id=item.account,
                measure_kind=item.measure.kind if item.measure else None,
                measure_name=item.measure.name if item.measure else None,
                after=None if item.after is None else str(item.after),
                effective=item.effective,
                reason=reason,
            )
        )
    session.flush()


def forget_of_change(session: Session, client_id: int, change_id: int) -> None:
    """Drops every refusal that a change brought."""
    forget(session, (row for row in of_client(session, client_id) if row.change_id == change_id))


def forget_roster(session: Session, client_id: int, roster: str) -> None:
    """Drops every refusal on a roster."""
    forget(session, (row for row in of_client(session, client_id) if row.roster == roster))


def forget(session: Session, gone: Iterable[RejectionRow]) -> None:
    """Drops refusals whose account has another verdict now, or whose number is another."""
    for row in gone:
        session.delete(row)
    session.flush()
