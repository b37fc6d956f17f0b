"""Where the accounts of a client put their people, as the difference from the seats needs it."""

from collections.abc import Collection, Iterator
from operator import attrgetter
from typing import Any

from sqlalchemy import and_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from rosters.changes import Placement
from storage.bulk import MOST_PARAMETERS, slices
from storage.tables import AccountRow, DirectoryRow, PersonRow, SeatRow

# Whoever asks for more is quicker by reading everything once.
_MOST_ASKED_FOR = 10 * MOST_PARAMETERS


def placements(
    session: Session, client_id: int, people: Collection[int] | None = None, *, before: int | None = None
) -> Iterator[Placement]:
    """Where each account of a client, or of some people, or of those before one, puts its person; in their order."""
    query = (
        columns(col(AccountRow.id), col(AccountRow.person_id), col(AccountRow.roster), col(AccountRow.since))
        .join(DirectoryRow, col(AccountRow.directory_id) == DirectoryRow.id)
        .where(col(DirectoryRow.client_id) == client_id)
        .order_by(col(AccountRow.person_id), col(AccountRow.id))
    )
    if before is not None:
        query = query.where(col(AccountRow.person_id) < before)
    asked = None if people is None else sorted(people)
    found: Iterator[Placement] = map(Placement._make, among(session, query, col(AccountRow.person_id), asked))
    merged = columns(col(PersonRow.id), col(PersonRow.merged_on)).where(
        col(PersonRow.client_id) == client_id, col(PersonRow.merged_into).is_not(None)
    )
    among_them = None if asked is None else set(asked)
    away = [
        Placement(None, person, None, since)
        for person, since in session.execute(merged)
        if among_them is None or person in among_them
    ]
    return iter(sorted([*found, *away], key=attrgetter("person"))) if away else found


def among(session: Session, query: Any, person: Any, people: Collection[int] | None) -> Iterator[Any]:
    """The rows of a query for some people, a batch at a time, or for all where the batches would be too many."""
    if people is None or len(people) > _MOST_ASKED_FOR:
        for rows in session.connection().execute(query).partitions(MOST_PARAMETERS):
            yield from rows
        return
    for some in slices(people, MOST_PARAMETERS):
        yield from session.connection().execute(query.where(person.in_(some)))


def unsettled(session: Session, client_id: int) -> list[int] | None:
    """The people of a client whose open seat isn't where some account of theirs puts them: all that may differ.

    Also those whose accounts are another's by now although their seat is open. None where they are so many, as after a
    first reading, that everybody is looked at more quickly.
    """
    seat = and_(col(SeatRow.person_id) == AccountRow.person_id, col(SeatRow.ends).is_(None))
    query = (
        columns(col(AccountRow.person_id))
        .distinct()
        .join(DirectoryRow, col(AccountRow.directory_id) == DirectoryRow.id)
        .outerjoin(SeatRow, seat)
        .where(col(DirectoryRow.client_id) == client_id)
        .where(col(AccountRow.roster).is_distinct_from(col(SeatRow.roster)))
        .limit(_MOST_ASKED_FOR + 1)
    )
    merged = (
        columns(col(SeatRow.person_id))
        .join(PersonRow, col(PersonRow.id) == SeatRow.person_id)
        .where(col(SeatRow.client_id) == client_id, col(SeatRow.ends).is_(None))
        .where(col(PersonRow.merged_into).is_not(None))
    )
    people = {person for (person,) in (*session.execute(query), *session.execute(merged))}
    return None if len(people) > _MOST_ASKED_FOR else sorted(people)
