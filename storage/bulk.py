"""Many rows at once, by the driver itself: the ORM takes fifty times as long, and Core ten times.

Values are those that a driver takes as they are: numbers, text, booleans, None; dates as ISO text, which both databases
read.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import Session, SQLModel

Value = TypeVar("Value")

MOST_PARAMETERS = 500
"""As many as both databases take in one statement, with room for others."""
_AT_ONCE = 1000
"""Rows that wait in memory for their statements."""
_TOGETHER = 100
"""Rows that one statement stores: to begin and end a statement takes as long as a short row itself."""


def insert(session: Session, table: type[SQLModel], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Stores rows with these columns."""
    row = f"({', '.join(_marks(session, len(columns)))})"
    # The names are those of our own tables; what comes from outside are the rows alone.
    into = f"INSERT INTO {table.__tablename__} ({_names(session, columns)}) VALUES"
    for some in slices(rows, _AT_ONCE):
        whole = len(some) - len(some) % _TOGETHER
        together = (tuple(chain(*some[start : start + _TOGETHER])) for start in range(0, whole, _TOGETHER))
        _many(session, f"{into} {', '.join([row] * _TOGETHER)}", list(together))
        _many(session, f"{into} {row}", some[whole:])


def insert_alike(
    session: Session,
    table: type[SQLModel],
    common: Sequence[str],
    own: Sequence[str],
    groups: Mapping[tuple[Any, ...], Sequence[Any]],
) -> None:
    """Stores rows of which many have the same values in some columns: by those, the rest of each row, row after row.

    SQLite's driver takes what they have in common once a statement: to bind it for each would take as long as all else.
    """
    columns, many = (*common, *own), len(own) * _TOGETHER
    wholes = {same: len(values) - len(values) % many if _is_sqlite(session) else 0 for same, values in groups.items()}
    statement = _numbered(table.__tablename__, _names(session, columns), len(common))
    for same, whole in wholes.items():
        for starts in slices(range(0, whole, many), _AT_ONCE // _TOGETHER):
            _many(session, statement, [(*same, *groups[same][start : start + many]) for start in starts])
    rest = {same: islice(groups[same], whole, None) for same, whole in wholes.items()}
    insert(session, table, columns, ((*same, *row) for same, left in rest.items() for row in _rows(left, len(own))))


def _rows(values: Iterator[Value], columns: int) -> Iterator[tuple[Value, ...]]:
    return zip(*[values] * columns, strict=True)


@lru_cache
def _numbered(table: str, names: str, common: int) -> str:
    """The statement for as many rows as go together, with what all have in common as its first parameters."""
    own = names.count(", ") + 1 - common
    same = [f"?{number}" for number in range(1, common + 1)]
    firsts = range(common + 1, common + 1 + _TOGETHER * own, own)
    rows = [", ".join([*same, *(f"?{first + which}" for which in range(own))]) for first in firsts]
    return f"INSERT INTO {table} ({names}) VALUES ({'), ('.join(rows)})"  # noqa: S608 - as above


def update(session: Session, table: type[SQLModel], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Sets these columns; a row's last value is the id."""
    quoted = [_names(session, [column]) for column in columns]
    marks = _marks(session, len(columns) + 1)
    sets = ", ".join(f"{name} = {mark}" for name, mark in zip(quoted, marks, strict=False))
    statement = f"UPDATE {table.__tablename__} SET {sets} WHERE id = {marks[-1]}"  # noqa: S608 - as above
    for some in slices(rows, _AT_ONCE):
        _many(session, statement, some)


def new_ids(session: Session, table: type[SQLModel], count: int) -> Sequence[int]:
    """Ids for so many rows that this transaction is about to store."""
    if count == 0:
        return ()
    if _is_sqlite(session):
        # There is only one writer at a time, so nobody else can take them meanwhile.
        newest = f"SELECT coalesce(max(id), 0) FROM {table.__tablename__}"  # noqa: S608 - as above
        last: int = session.connection().exec_driver_sql(newest).scalar_one()
        return range(last + 1, last + 1 + count)
    drawn = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return [row[0] for row in session.execute(drawn, {"name": table.__tablename__, "count": count})]


def flag(session: Session, *, value: bool) -> bool | int:
    """A boolean as the driver stores it quickest: SQLite's looks for an adapter of whatever is neither number nor text.

    That takes it six times as long as to bind the number, which is what SQLite has for a boolean.
    """
    return int(value) if _is_sqlite(session) else value


def among(
    session: Session, table: type[SQLModel], column: str, values: Sequence[str], home: str, home_id: int
) -> set[str]:
    """Those of some texts (few enough for one statement) that a column has in the rows that belong to one home."""
    (mark, *marks) = _marks(session, 1 + len(values))
    where = f"{home} = {mark} AND {column} IN ({', '.join(marks)})"
    statement = f"SELECT {column} FROM {table.__tablename__} WHERE {where}"  # noqa: S608 - as above
    return {row[0] for row in session.connection().exec_driver_sql(statement, (home_id, *values))}


def _names(session: Session, columns: Sequence[str]) -> str:
    # `groups` is a word of SQL in some databases.
    quote = session.connection().dialect.identifier_preparer.quote
    return ", ".join(quote(column) for column in columns)


def _marks(session: Session, count: int) -> list[str]:
    return ["?" if _is_sqlite(session) else "%s"] * count


def _is_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


def _many(session: Session, statement: str, given: Sequence[tuple[Any, ...]]) -> None:
    if given:
        session.connection().exec_driver_sql(statement, given)


@contextmanager
def uncollected() -> Iterator[None]:
    """Python looks for no cycles of garbage meanwhile, in the whole process.

    A hundred thousand rows on their way make it look through all that the process holds, and they leave no cycles: they
    go as soon as nobody needs them. Whoever finds it off already leaves it to the other; at the end it is on again.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def slices(values: Iterable[Value], size: int) -> Iterator[list[Value]]:
    """The values in lists of a size, the last one shorter."""
    left = iter(values)
    while part := list(islice(left, size)):
        yield part
