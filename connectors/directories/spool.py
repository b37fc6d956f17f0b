"""Where the pages of a reading wait until the last one arrived: a temporary file, so memory stays constant."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from connectors.directories.entries import Entry, Removal, Sighting


class Spool:
    """Entries of one reading, in the order in which they came, as lines of JSON in a file without a name.

    Nothing of a directory is left on the disk after a crash, since the file has no name.
    """

    def __init__(self) -> None:
        """Opens the file."""
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", prefix="rollcall-")  # noqa: SIM115 - closed in __exit__

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
        self._file.writelines(json.dumps(_to_json(entry)) + "\n" for entry in entries)

    def restart(self) -> None:
        """Forgets everything: the source wants to be read anew from its beginning."""
        self._file.seek(0)
        self._file.truncate()

    def __iter__(self) -> Iterator[Entry]:
        """All entries in order; may be walked more than once, but not while pages are added."""
        self._file.seek(0)
        for line in self._file:
            yield _from_json(json.loads(line))


def _to_json(entry: Entry) -> list[object]:
    if isinstance(entry, Removal):
        return [entry.object_id, None, entry.permanent]
    return [entry.object_id, dict(entry.fields)]


def _from_json(row: list[object]) -> Entry:
    match row:
        case [str(object_id), None, bool(permanent)]:
            return Removal(object_id, permanent=permanent)
        case [str(object_id), dict(values)]:
            if values.get("licences") is not None:
                values["licences"] = tuple(values["licences"])
            return Sighting(object_id, values)
    raise AssertionError(row)
