"""A CSV file as a directory: always read as a whole, there is no cursor."""

import asyncio
from collections.abc import Iterator

from connectors.directories.csv_file import microsoft365, plain
from connectors.directories.csv_file.settings import CsvSettings
from connectors.directories.csv_file.table import Table, read_table, refused
from connectors.directories.entries import Entry, Sighting
from connectors.directories.port import Reading
from connectors.directories.spool import Spool


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
            what = f"the id {entry.object_id[:60]} is already on line {lines[entry.object_id]}; expected each id once"
            raise refused(table.path, row.line, what)
        lines[entry.object_id] = row.line
        yield entry
