"""A CSV file as a directory: always read as a whole, there is no cursor."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from connectors.directories.csv_file import microsoft365, plain
from connectors.directories.csv_file.settings import CsvSettings
from connectors.directories.csv_file.table import Table, read_table, refused
from connectors.directories.entries import Entry, Sighting
from connectors.directories.examined import Examined, Observation
from connectors.directories.port import Reading
from connectors.directories.spool import Spool

# A bill goes out each month, so an export older than that can't have what it should say.
_OLD_AFTER = timedelta(days=31)


class CsvDirectory:
    """Reads the file anew each time, in a thread."""

    def __init__(self, settings: CsvSettings) -> None:
        """Opens nothing yet."""
        self._settings = settings

    async def read(self, cursor: str | None, spool: Spool, *, licences: bool) -> Reading:
        """Reads every row into the spool; see `connectors.directories.port.Directory`."""
        entries = await asyncio.to_thread(self._entries)
        spool.append(entries)
        return Reading(full=True, cursor=None, pages=1, people=sum(isinstance(entry, Sighting) for entry in entries))

    async def examine(self, *, licences: bool, now: Callable[[], datetime]) -> Examined:
        """Looks at the file's age; whether it can be read, the reading tells."""
        written = await asyncio.to_thread(self._written)
        if written is None:
            return Examined()
        age = now() - written
        said = f"written on {written:%Y-%m-%d}"
        if age <= _OLD_AFTER:
            return Examined((Observation("file", "well", said),))
        remedy = f"Export it anew to {self._settings.path}: who came and left since isn't in it."
        return Examined((Observation("file", "doubtful", f"{said}, {age.days} days ago", remedy),))

    def _written(self) -> datetime | None:
        try:
            return datetime.fromtimestamp(self._settings.path.stat().st_mtime, UTC)
        except OSError:
            return None

    def _entries(self) -> list[Entry]:
        table = read_table(self._settings.path)
        return list(_each_once(table, self._reader(table)))

    def _reader(self, table: Table) -> plain.EntryReader:
        if self._settings.format == "microsoft365":
            return microsoft365.reader(table)
        if self._settings.format is None and microsoft365.is_export(table):
            return microsoft365.reader(table)
        return plain.reader(table, self._settings)


def _each_once(table: Table, reader: plain.EntryReader) -> Iterator[Entry]:
    lines: dict[str, int] = {}
    for row in table.rows():
        entry = reader(row)
        if not entry.object_id:
            raise refused(table.path, row.line, "the account has no id; expected one in each row")
        if entry.object_id in lines:
            # The refusal is stored and logged, and an id may well be somebody's address.
            what = f"its id is already on line {lines[entry.object_id]}; expected each id once"
            raise refused(table.path, row.line, what)
        lines[entry.object_id] = row.line
        yield entry
