"""Where the pages of a reading wait until the last one arrived: a temporary file, so memory stays constant."""

import os
import tempfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from types import TracebackType
from typing import Self

import msgspec

from connectors.directories.entries import Entry, Removal, Sighting, Told


class _Row(msgspec.Struct, array_like=True, gc=False):
    """An entry as it is written: what was told of an account, or, where it was removed, whether for good."""

    object_id: str
    told: Told | bool


class _Id(msgspec.Struct, array_like=True, gc=False):
    """An entry of which nothing but the id is looked at."""

    object_id: str


_PAGE = msgspec.json.Decoder(list[_Row])
_IDS = msgspec.json.Decoder(list[_Id])


_IN_ORDER = 5000
"""As many entries are given back in the order in which they came: people read so short a list in that order."""
_BLOCK_BYTES = 1 << 16


class _Part:
    """Entries that are given back one after the other: lines of JSON, in blocks of the file and those not yet there."""

    def __init__(self) -> None:
        self.blocks: list[tuple[int, int]] = []
        self.waiting = bytearray()


class Spool:
    """Entries of one reading: lines of JSON, a list of entries each, in a file without a name.

    Nothing of a directory is left on the disk after a crash, since the file has no name. What is said of one account is
    given back in the order in which it came. The accounts of a long list are given back roughly in the order of their
    ids, which come as random keys: in that order an index takes them three times as quickly.
    """

    def __init__(self) -> None:
        """Opens the file."""
        self._file = tempfile.TemporaryFile("w+b", prefix="rollcall-")  # noqa: SIM115 - closed in __exit__
        self.restart()

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
        page = list(entries)
        self._marks.extend([hash(entry.object_id) for entry in page])
        if len(self._marks) <= _IN_ORDER:
            self._write("", page)
            return
        alike = defaultdict[str, list[Entry]](list)
        for entry in page:
            alike[entry.object_id[:1]].append(entry)
        for start, some in alike.items():
            self._write(start, some)

    def _write(self, start: str, entries: Sequence[Entry]) -> None:
        part = self._parts[start]
        part.waiting += msgspec.json.encode(entries) + b"\n"
        if len(part.waiting) >= _BLOCK_BYTES:
            part.blocks.append((self._file.seek(0, os.SEEK_END), len(part.waiting)))
            self._file.write(part.waiting)
            part.waiting = bytearray()

    def restart(self) -> None:
        """Forgets everything: the source wants to be read anew from its beginning."""
        self._file.seek(0)
        self._file.truncate()
        # Eight bytes an entry; the ids themselves would be the largest thing that a reading holds in memory.
        self._marks = array("q")
        self._parts = defaultdict[str, _Part](_Part)

    def __iter__(self) -> Iterator[Entry]:
        """All entries; may be walked more than once, but not while pages are added."""
        return map(_entry, self._rows())

    def told(self) -> Iterator[tuple[str, Told | None]]:
        """The same as bare pairs: an object id and what was told of it, None where it was removed."""
        for line in self._lines():
            yield from [(row.object_id, row.told if row.told.__class__ is Told else None) for row in _PAGE.decode(line)]

    def object_ids(self) -> Iterator[str]:
        """Whom the entries are about, as often as they say something."""
        for line in self._lines():
            yield from (row.object_id for row in _IDS.decode(line))

    def contradicted(self) -> set[str]:
        """Those of whom different things are said, whatever was said last."""
        if len(set(self._marks)) == len(self._marks):
            return set()
        again = {mark for mark, times in Counter(self._marks).items() if times > 1}
        said: dict[str, Entry] = {}
        repeated = (entry for entry in self if hash(entry.object_id) in again)
        return {entry.object_id for entry in repeated if said.setdefault(entry.object_id, entry) != entry}

    def _lines(self) -> Iterator[bytes]:
        for _, part in sorted(self._parts.items(), key=itemgetter(0)):
            for place, length in part.blocks:
                self._file.seek(place)
                yield from self._file.read(length).splitlines()
            yield from bytes(part.waiting).splitlines()

    def _rows(self) -> Iterator[_Row]:
        for line in self._lines():
            yield from _PAGE.decode(line)


def _entry(row: _Row) -> Entry:
    if isinstance(row.told, bool):
        return Removal(row.object_id, permanent=row.told)
    return Sighting(row.object_id, row.told.said())
