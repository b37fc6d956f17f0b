"""What was refused: it isn't proposed again for as long as it stands."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from rosters.changes import ChangeItem
from storage import directories
from storage.tables import AccountRow, RejectionRow


def of_client(session: Session, client_id: int) -> list[RejectionRow]:
    """What was refused and still stands."""
    return list(session.exec(select(RejectionRow).where(RejectionRow.client_id == client_id)))


def overtaken(session: Session, client_id: int) -> frozenset[int]:
    """Refusals of somebody's leave, by id, whose account still doesn't count but for another reason than by then."""
    query = (
        select(RejectionRow.id)
        .join(AccountRow, col(AccountRow.id) == RejectionRow.account_id)
        .where(RejectionRow.client_id == client_id, RejectionRow.kind == "leave", col(AccountRow.roster).is_(None))
        .where(col(RejectionRow.verdict) != AccountRow.reason)
    )
    return frozenset(found for found in session.exec(query) if found is not None)


def add(session: Session, client_id: int, change_id: int, refused: Iterable[tuple[ChangeItem, str]]) -> None:
    """Keeps a refusal per item, each with its reason."""
    refused = tuple(refused)
    accounts = directories.by_ids(session, (item.account for item, _ in refused if item.account is not None))
    for item, reason in refused:
        account = accounts.get(item.account or 0)
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
                verdict=account.reason if account is not None else None,
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
