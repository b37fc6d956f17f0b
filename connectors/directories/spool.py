"""Where the pages of a reading wait until the last one arrived: a temporary file, so memory stays constant."""

import tempfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import TracebackType
from typing import Any, Self, TypedDict

import msgspec

from connectors.directories.entries import Entry, Removal, Sighting

Names = tuple[str, ...] | None


class _Told(TypedDict, total=False):
    """What a source said of an account: fields of `rosters.rules.Account`, without those that it didn't send."""

    name: str
    mail: str
    upn: str
    enabled: bool
    guest: bool
    licences: Names
    mailbox: str
    groups: Names
    department: str
    employee_id: str
    last_sign_in: date | None


class _Row(msgspec.Struct, array_like=True, gc=False):
    """An entry: what was told of an account, or None and whether it was removed for good."""

    object_id: str
    told: _Told | None
    permanent: bool = False


class _Id(msgspec.Struct, array_like=True, gc=False):
    """An entry of which nothing but the id is looked at."""

    object_id: str


_PAGE = msgspec.json.Decoder(list[_Row])
_IDS = msgspec.json.Decoder(list[_Id])


class Spool:
    """Entries of one reading, in the order in which they came: a page is a line of JSON in a file without a name.

    Nothing of a directory is left on the disk after a crash, since the file has no name.
    """

    def __init__(self) -> None:
        """Opens the file."""
        self._file = tempfile.TemporaryFile("w+b", prefix="rollcall-")  # noqa: SIM115 - closed in __exit__
        # Eight bytes an entry; the ids themselves would be the largest thing that a reading holds in memory.
        self._marks = array("q")

    def __enter__(self) -> Self:
        """Lends itself for one reading."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Deletes the file."""
        self._file.close()

    def append(self, entries: Iterable[Entry]) -> None:
        """Adds one page."""
        rows = [_row(entry) for entry in entries]
        self._marks.extend([hash(row[0]) for row in rows])
        self._file.write(msgspec.json.encode(rows) + b"\n")

    def restart(self) -> None:
        """Forgets everything: the source wants to be read anew from its beginning."""
        self._file.seek(0)
        self._file.truncate()
        self._marks = array("q")

    def __iter__(self) -> Iterator[Entry]:
        """All entries in order; may be walked more than once, but not while pages are added."""
        return map(_entry, self._rows())

    def told(self) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
        """The same as bare pairs: an object id and what was told of it, None where it was removed."""
        self._file.seek(0)
        for line in self._file:
            yield from [(row.object_id, row.told) for row in _PAGE.decode(line)]

    def object_ids(self) -> Iterator[str]:
        """Whom the entries are about, in order and as often as they say something."""
        self._file.seek(0)
        for line in self._file:
            yield from (row.object_id for row in _IDS.decode(line))

    def contradicted(self) -> set[str]:
        """Those of whom different things are said, whatever was said last."""
        if len(set(self._marks)) == len(self._marks):
            return set()
        again = {mark for mark, times in Counter(self._marks).items() if times > 1}
        said: dict[str, Entry] = {}
        repeated = (entry for entry in self if hash(entry.object_id) in again)
        return {entry.object_id for entry in repeated if said.setdefault(entry.object_id, entry) != entry}

    def _rows(self) -> Iterator[_Row]:
        self._file.seek(0)
        for line in self._file:
            yield from _PAGE.decode(line)


def _row(entry: Entry) -> tuple[str, Mapping[str, Any] | None, bool]:
    if isinstance(entry, Removal):
        return (entry.object_id, None, entry.permanent)
    return (entry.object_id, entry.fields, False)


def _entry(row: _Row) -> Entry:
    if row.told is None:
        return Removal(row.object_id, permanent=row.permanent)
    return Sighting(row.object_id, row.told)
