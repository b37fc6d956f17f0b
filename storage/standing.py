"""How the accounts of a client stand, and the parts that several clients have of one source."""

from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from checks.people import Split, Standing
from rosters.split import Part
from rosters.verdicts import Reason
from storage import directories
from storage.ids import id_of
from storage.tables import AccountRow, ClientRow, DirectoryRow, IdentityRow

# In nobody's part and in no gap: whom a rule leaves out by name, and what isn't a person.
_NOBODYS = frozenset(
    {
        Reason.EXCLUDED,
        Reason.SERVICE_ACCOUNT,
        Reason.OWN_STAFF,
        Reason.SHARED_MAILBOX,
        Reason.ROOM,
        Reason.NO_ROSTER,
        Reason.GONE,
    }
)


@lru_cache(maxsize=1024)
def _licences(text: str) -> tuple[str, ...]:
    return directories.as_names(text) or ()


def of_client(session: Session, client_id: int, erased: str) -> list[Standing]:
    """Every account that is in one of the client's directories and was judged; `erased` stands for a name that was."""
    query = (
        columns(
            col(IdentityRow.name),
            col(AccountRow.reason),
            col(AccountRow.roster),
            col(AccountRow.licences),
            col(AccountRow.last_sign_in),
            col(AccountRow.person_id),
            col(DirectoryRow.name),
            col(DirectoryRow.knows_licences),
        )
        .join(DirectoryRow, col(AccountRow.directory_id) == DirectoryRow.id)
        .join(IdentityRow, col(AccountRow.identity_id) == IdentityRow.id)
        .where(col(DirectoryRow.client_id) == client_id, col(AccountRow.present), col(AccountRow.reason) != "")
    )
    return [
        Standing(
            name or erased,
            Reason(reason),
            roster is not None,
            _licences(licences),
            last_sign_in,
            person,
            directory,
            knows_licences=knows is not False,
        )
        for name, reason, roster, licences, last_sign_in, person, directory, knows in session.execute(query)
    ]


def splits(session: Session, client_id: int, erased: str) -> Iterator[Split]:
    """Every source that a directory of the client shares with another one, as far as they were read."""
    for mine in directories.of_client(session, client_id):
        same = (DirectoryRow.kind == mine.kind, DirectoryRow.settings == mine.settings)
        query = (
            select(DirectoryRow, ClientRow)
            .join(ClientRow, col(DirectoryRow.client_id) == ClientRow.id)
            .where(*same, col(DirectoryRow.last_read).is_not(None))
        )
        rows = list(session.exec(query.order_by(ClientRow.slug, DirectoryRow.name)))
        if len(rows) > 1 and mine.last_read is not None:
            names: dict[str, str] = {}
            parts = {id_of(row): _part(session, client, row, names, erased) for row, client in rows}
            yield Split(parts[id_of(mine)], tuple(parts.values()), names)


def _part(session: Session, client: ClientRow, row: DirectoryRow, names: dict[str, str], erased: str) -> Part:
    query = (
        columns(col(AccountRow.object_id), col(AccountRow.reason), col(IdentityRow.name))
        .join(IdentityRow, col(AccountRow.identity_id) == IdentityRow.id)
        .where(col(AccountRow.directory_id) == row.id, col(AccountRow.reason) != "")
        .where(col(AccountRow.present), col(AccountRow.enabled), col(AccountRow.guest).is_(other=False))
    )
    inside, outside = set(), set()
    for object_id, reason, name in session.execute(query):
        names[object_id] = name or erased
        if reason == Reason.ELSEWHERE:
            outside.add(object_id)
        elif reason not in _NOBODYS:
            inside.add(object_id)
    return Part(client.slug, row.name, frozenset(inside), frozenset(outside))
