"""What the accounts of a client are called, to find one among a hundred thousand by it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from storage.bulk import MOST_PARAMETERS, slices
from storage.tables import AccountRow, DirectoryRow, IdentityRow

Found = tuple[AccountRow, DirectoryRow, IdentityRow]


class Called(NamedTuple):
    """One account by all that it may be asked for by; a bare tuple, since every one is looked at."""

    account: int
    person: int
    directory: str
    object_id: str
    name: str
    mail: str
    upn: str

    @property
    def reference(self) -> str:
        """How an account is written that no other one has."""
        return f"{self.directory}/{self.object_id}"


def every(session: Session, client_id: int) -> Iterator[Called]:
    """Every account of a client, by name."""
    query = (
        columns(
            col(AccountRow.id),
            col(AccountRow.person_id),
            col(DirectoryRow.name),
            col(AccountRow.object_id),
            col(IdentityRow.name),
            col(IdentityRow.mail),
            col(IdentityRow.upn),
        )
        .join(DirectoryRow, col(AccountRow.directory_id) == DirectoryRow.id)
        .join(IdentityRow, col(AccountRow.identity_id) == IdentityRow.id)
        .where(col(DirectoryRow.client_id) == client_id)
        .order_by(col(IdentityRow.name), col(AccountRow.id))
    )
    yield from map(Called._make, session.connection().execute(query))


def of_people(session: Session, people: Iterable[int]) -> list[Found]:
    """The accounts of some people with their directories and present identities, by name."""
    found: list[Found] = []
    for some in slices(sorted(set(people)), MOST_PARAMETERS):
        query = (
            select(AccountRow, DirectoryRow, IdentityRow)
            .join(DirectoryRow, col(AccountRow.directory_id) == DirectoryRow.id)
            .join(IdentityRow, col(AccountRow.identity_id) == IdentityRow.id)
            .where(col(AccountRow.person_id).in_(some))
            .order_by(IdentityRow.name, col(AccountRow.id))
        )
        found += session.exec(query)
    return found
