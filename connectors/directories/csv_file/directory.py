"""A file as a directory: always read as a whole, there is no cursor."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from connectors.directories.csv_file import google, microsoft365, plain
from connectors.directories.csv_file.groups import marked, no_groups
from connectors.directories.csv_file.layout import Layout
from connectors.directories.csv_file.licences import LACKING, no_licences, unknown
from connectors.directories.csv_file.settings import CsvSettings
from connectors.directories.csv_file.table import Table, read_table
from connectors.directories.entries import Entry, Sighting
from connectors.directories.examined import Examined, Observation
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import DirectoryNotRead
from rosters.rules import Wanted

# A bill goes out each month, so an export older than that can't have what it should say.
_OLD_AFTER = timedelta(days=31)


class CsvDirectory:
    """Reads the file anew each time, in a thread."""

    def __init__(self, settings: CsvSettings) -> None:
        """Opens nothing yet."""
        self._settings = settings

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        """Reads every row into the spool; see `connectors.directories.port.Directory`."""
        return await asyncio.to_thread(self._fill, spool, wanted)

    async def examine(self, *, wanted: Wanted, now: Callable[[], datetime]) -> Examined:
        """Looks at the file's age and at what its columns are taken for; what can't be read, the reading tells."""
        return Examined(tuple(await asyncio.to_thread(lambda: list(self._observed(wanted, now())))))

    def _fill(self, spool: Spool, wanted: Wanted) -> Reading:
        people = 0

        def counted(entries: Iterator[Entry]) -> Iterator[Entry]:
            nonlocal people
            for entry in entries:
                people += isinstance(entry, Sighting)
                yield entry

        table = read_table(self._settings.path)
        layout = self._layout(table)
        if wanted.groups and not layout.has("groups"):
            raise no_groups(table.path, wanted.groups)
        has_licences = layout.has("licences")
        if wanted.needs_licences and not has_licences:
            raise no_licences(table.path)
        entries = layout.entries(table) if has_licences else unknown(layout.entries(table))
        spool.append(counted(marked(table.path, entries, wanted.groups)))
        return Reading(full=True, cursor=None, pages=1, people=people, licences=has_licences)

    def _observed(self, wanted: Wanted, now: datetime) -> Iterator[Observation]:
        try:
            table = read_table(self._settings.path)
            layout = self._layout(table)
            rows = sum(1 for _ in layout.entries(table))
            written = datetime.fromtimestamp(table.path.stat().st_mtime, UTC)
        except (DirectoryNotRead, OSError):
            return
        yield _age(table, written, now)
        counted = f"{rows} row{'' if rows == 1 else 's'}"
        yield Observation("columns", "well", f"{counted}, {layout.form}: {layout.mapping(table)}")
        yield from layout.doubts
        if wanted.licences and not layout.has("licences"):
            said = "no column says them, and a rule counts by them"
            yield Observation("licences", "broken" if wanted.needs_licences else "doubtful", said, LACKING)

    def _layout(self, table: Table) -> Layout:
        form = self._settings.format or _recognised(table)
        if form == "microsoft365":
            return microsoft365.layout(table)
        return google.layout(table) if form == "google" else plain.layout(table, self._settings)


def _recognised(table: Table) -> str:
    if microsoft365.is_export(table):
        return "microsoft365"
    return "google" if google.is_export(table) else "plain"


def _age(table: Table, written: datetime, now: datetime) -> Observation:
    said = f"SHA-256 {table.digest}…, written on {written:%Y-%m-%d}"
    age = now - written
    if age <= _OLD_AFTER:
        return Observation("file", "well", said)
    remedy = f"Export it anew to {table.path}: who came and left since isn't in it."
    return Observation("file", "doubtful", f"{said}, {age.days} days ago", remedy)
