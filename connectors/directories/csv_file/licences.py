"""The licences that a file says somebody has.

In one without a column of them nobody's are known, and where nothing else knows them, it can't be read.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from connectors.directories.csv_file.layout import SEPARATORS, names_in
from connectors.directories.entries import Entry, Sighting
from connectors.errors import Cause, DirectoryNotRead

LACKING = "Add a column of licences, or let the rule count by enabled accounts: basis: enabled"

# What Microsoft's admin centre writes instead of a licence, and people copy into files of their own.
_NONE = "unlicensed"


def licences_in(cell: str, separators: re.Pattern[str] = SEPARATORS) -> tuple[str, ...]:
    """The licences in a cell, sorted, each once."""
    return () if cell.casefold() == _NONE else names_in(cell, separators)


def unknown(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The same entries, each saying that its licences weren't read."""
    for entry in entries:
        if isinstance(entry, Sighting):
            yield Sighting(entry.object_id, {**entry.fields, "licences": None})
        else:
            yield entry


def no_licences(path: Path) -> DirectoryNotRead:
    """The error for a file that can't say whom a rule takes."""
    message = f"{path} has no column of licences, and a rule counts by them. {LACKING}."
    return DirectoryNotRead(Cause.MALFORMED, message)
