"""Accounts that are one human's: what was said of which pair, and whose accounts they are since then.

Names stay with the person for whom they were first kept, since issued documents name them so; only accounts move.
"""

from collections.abc import Collection, Iterable
from datetime import date

from sqlmodel import Session, col, select

from rosters.links import Pair, pair_of, together
from storage import seats
from storage.ids import id_of
from storage.tables import AccountRow, LinkRow, PersonRow


def of_client(session: Session, client_id: int) -> dict[Pair, bool]:
    """What was said of each pair of a client's accounts: whether they are one human's."""
    rows = session.exec(select(LinkRow).where(LinkRow.client_id == client_id).order_by(col(LinkRow.id)))
    return {(row.one_id, row.other_id): row.same for row in rows}


def groups(session: Session, client_id: int) -> tuple[frozenset[int], ...]:
    """The accounts that were said to be one human's, group by group."""
    same = [pair for pair, is_same in of_client(session, client_id).items() if is_same]
    return together(sorted({account for pair in same for account in pair}), same)


def say(session: Session, client_id: int, pair: Pair, by: str, on: date, *, same: bool) -> None:
    """Keeps what somebody said of a pair, in place of what was said before."""
    one_id, other_id = pair_of(*pair)
    query = select(LinkRow).where(LinkRow.one_id == one_id, LinkRow.other_id == other_id)
    row = session.exec(query).first() or LinkRow(
        client_id=client_id, one_id=one_id, other_id=other_id, same=same, decided_by=by, decided_on=on
    )
    row.same, row.decided_by, row.decided_on = same, by, on
    session.add(row)
    session.flush()


def join(session: Session, client_id: int, pair: Pair, on: date) -> int:
    """Gives the accounts of two people to one of them, and says to whom: who has a seat, for the longest time.

    The other's seat stays open until a change closes it.
    """
    people = {account.person_id for account in _accounts(session, pair)}
    seated = seats.by_person(session, client_id)
    keeper = min(people, key=lambda person: (seated[person].starts if person in seated else date.max, person))
    theirs = session.exec(select(AccountRow).where(col(AccountRow.person_id).in_(people)))
    _give(session, theirs, keeper, on)
    return keeper


def part(session: Session, client_id: int, pair: Pair, on: date) -> bool:
    """Gives the accounts of one person that are no longer linked back to whom they stood for before.

    False where the two are one human's still, by what was said of others.
    """
    accounts = {id_of(row): row for row in _accounts(session, pair)}
    people = {row.person_id for row in accounts.values()}
    if len(people) > 1:
        return True
    theirs = session.exec(select(AccountRow).where(col(AccountRow.person_id).in_(people)))
    rows = {id_of(row): row for row in theirs}
    same = [each for each, is_same in of_client(session, client_id).items() if is_same]
    found = together(list(rows), same)
    if any(accounts.keys() <= group for group in found):
        return False
    for group in found:
        members = [rows[account] for account in sorted(group)]
        own = [row.born_as for row in members]
        if None not in own:
            _give(session, members, min(person for person in own if person is not None), on)
    return True


def _give(session: Session, accounts: Iterable[AccountRow], keeper: int, on: date) -> None:
    """Accounts become the keeper's; whoever they stood for before is merged into the keeper from that day on."""
    born = {keeper}
    for row in accounts:
        before = row.person_id if row.born_as is None else row.born_as
        born.add(before)
        row.person_id, row.born_as = keeper, None if before == keeper else before
        session.add(row)
    for person in session.exec(select(PersonRow).where(col(PersonRow.id).in_(born))):
        merged = None if person.id == keeper else keeper
        if person.merged_into != merged:
            person.merged_into, person.merged_on = merged, None if merged is None else on
            session.add(person)
    session.flush()


def _accounts(session: Session, ids: Collection[int]) -> list[AccountRow]:
    return list(session.exec(select(AccountRow).where(col(AccountRow.id).in_(ids))))
