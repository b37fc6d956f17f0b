"""How many units of each licence a client bought, as its directories say."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlmodel import Session, col, select

from rosters.licences import Bought
from storage import directories
from storage.ids import id_of
from storage.tables import BoughtRow, DirectoryRow

_KEY = "licence:"


def take(
    session: Session,
    directory: DirectoryRow,
    units: Iterable[tuple[str, int]] | None,
    on: date,
    first_seen: Mapping[str, date],
) -> frozenset[str]:
    """Stores what was bought, and says which licences the directory no longer has any unit of.

    None: the source doesn't know, and what it said before stays. A licence that it had and doesn't list is at 0.
    `first_seen` has the days on which a held reading saw a number first.
    """
    directory.counts_licences = units is not None
    session.add(directory)
    if units is None:
        return frozenset()
    held = {row.licence.casefold(): row for row in _rows(session, directory)}
    seen: dict[str, tuple[str, int]] = {}
    for licence, number in units:
        name, before = seen.get(licence.casefold(), (licence, 0))
        seen[licence.casefold()] = (name, before + number)
    vanished = set()
    for folded, row in held.items():
        _, number = seen.pop(folded, (row.licence, 0))
        if row.units and not number:
            vanished.add(folded)
        if row.units != number:
            row.units = number
            row.since = first_seen.get(key_of(row), on)
            session.add(row)
    for licence, number in seen.values():
        row = BoughtRow(directory_id=id_of(directory), licence=licence, units=number, since=on)
        row.since = first_seen.get(key_of(row), on)
        session.add(row)
    session.flush()
    return frozenset(vanished)


def key_of(row: BoughtRow) -> str:
    """How a licence with its number is called among what a held reading would have moved."""
    return f"{_KEY}{row.licence}:{row.units}"


def moved(session: Session, directory: DirectoryRow, on: date) -> Iterator[tuple[str, date]]:
    """The numbers of a directory that were first seen on that day."""
    for row in _rows(session, directory):
        if row.since == on:
            yield key_of(row), row.since


def counting(session: Session, client_id: int) -> bool:
    """Whether the numbers are whole: every directory of the client was asked, and one at least knows."""
    answers = [row.counts_licences for row in directories.of_client(session, client_id)]
    return None not in answers and any(answers)


def bought(session: Session, client_id: int, vanished: frozenset[str] = frozenset()) -> tuple[Bought, ...]:
    """The units of each licence in all of a client's directories; none where a directory is yet to be asked."""
    if not counting(session, client_id):
        return ()
    found: dict[str, Bought] = {}
    for directory in directories.of_client(session, client_id):
        for row in _rows(session, directory):
            folded = row.licence.casefold()
            other = found.get(folded, Bought(row.licence, 0, row.since))
            since = max(other.since, row.since)
            found[folded] = Bought(other.licence, other.units + row.units, since, folded in vanished)
    return tuple(found.values())


def _rows(session: Session, directory: DirectoryRow) -> list[BoughtRow]:
    query = select(BoughtRow).where(BoughtRow.directory_id == directory.id).order_by(col(BoughtRow.licence))
    return list(session.exec(query))
