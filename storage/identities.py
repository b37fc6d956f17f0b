"""What people are called: in one table, which erasure empties, and by whose digests frozen documents name them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from storage.bulk import MOST_PARAMETERS, slices
from storage.tables import AccountRow, DirectoryRow, IdentityRow, PersonRow


def digest(salt: str, name: str) -> str:
    """The salted digest under which a frozen document names a person."""
    return hashlib.sha256(f"{salt}:{name}".encode()).hexdigest()


def current_names(session: Session, people: Iterable[int]) -> dict[int, str]:
    """The newest name of each person, without those that were erased."""
    return {row.person_id: row.name for row in _of_people(session, people) if row.name}


def anybody(session: Session, client_id: int) -> str | None:
    """The name of somebody in a client's directories: of whoever is known for longest and has one."""
    query = (
        select(IdentityRow.name)
        .join(AccountRow, col(AccountRow.identity_id) == IdentityRow.id)
        .join(DirectoryRow, col(AccountRow.directory_id) == DirectoryRow.id)
        .where(DirectoryRow.client_id == client_id, col(AccountRow.present).is_(True), IdentityRow.name != "")
        .order_by(col(AccountRow.id))
        .limit(1)
    )
    return session.exec(query).first()


def newest_digests(session: Session, people: Iterable[int]) -> dict[int, str]:
    """The digest of each person's newest name, as a frozen document keeps it."""
    return {row.person_id: row.digest for row in _of_people(session, people)}


def names_by_digest(session: Session, digests: Mapping[int, str]) -> dict[int, str]:
    """The names as they were when a document was frozen; erased ones are left out."""
    rows = _of_people(session, digests)
    return {row.person_id: row.name for row in rows if row.name and digests[row.person_id] == row.digest}


def _of_people(session: Session, people: Iterable[int]) -> Iterator[IdentityRow]:
    """Everything that people were ever called, each person's newest last."""
    for some in slices(set(people), MOST_PARAMETERS):
        query = select(IdentityRow).where(col(IdentityRow.person_id).in_(some)).order_by(col(IdentityRow.id))
        yield from session.exec(query)


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, IdentityRow]:
    """Identities by id."""
    found: dict[int, IdentityRow] = {}
    for some in slices(ids, MOST_PARAMETERS):
        rows = session.exec(select(IdentityRow).where(col(IdentityRow.id).in_(some)))
        found |= {row.id: row for row in rows if row.id is not None}
    return found


def erase(session: Session, person_id: int, on: date) -> int:
    """Empties all that a person was called, and says how many entries that were; again, it is none.

    What they were called while another account of theirs was somebody else's goes with it.
    """
    people = select(PersonRow).where(or_(col(PersonRow.id) == person_id, col(PersonRow.merged_into) == person_id))
    persons = list(session.exec(people))
    written = select(IdentityRow).where(
        col(IdentityRow.person_id).in_([row.id for row in persons]), IdentityRow.salt != ""
    )
    rows = list(session.exec(written))
    for row in rows:
        row.name = row.mail = row.upn = row.employee_id = row.salt = ""
        session.add(row)
    for person in persons:
        person.erased_on = person.erased_on or on
        session.add(person)
    return len(rows)


def drop_newcomers(session: Session, seen: Iterable[IdentityRow]) -> None:
    """Drops the names, and the people, of those in the list who have no account: they were seen by a held reading.

    Somebody with an account may have got another name since, and stays, also under the one in the list.
    """
    rows = list(seen)
    having = select(AccountRow.person_id).where(col(AccountRow.person_id).in_([row.person_id for row in rows]))
    known = set(session.exec(having))
    gone = [row for row in rows if row.person_id not in known]
    for row in gone:
        session.delete(row)
    session.flush()
    for person in session.exec(select(PersonRow).where(col(PersonRow.id).in_([row.person_id for row in gone]))):
        session.delete(person)
    session.flush()


def altered(session: Session) -> Iterator[str]:
    """Digests that no longer fit their name; where both salt and name were erased, nothing is left to fit."""
    query = select(IdentityRow).where(or_(col(IdentityRow.salt) != "", col(IdentityRow.name) != ""))
    for row in session.exec(query.execution_options(yield_per=500)):
        if row.digest != digest(row.salt, row.name):
            yield row.digest
