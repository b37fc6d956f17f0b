"""Pages of one reading on their way into the spool."""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.directories.entries import Entry, Sighting
from connectors.directories.spool import Spool


@dataclass(slots=True)
class Tally:
    """Keeps each page, and counts."""

    spool: Spool
    pages: int = 0
    people: int = 0

    def keep(self, page: Iterable[Entry]) -> None:
        """Adds one page."""
        entries = list(page)
        self.spool.append(entries)
        self.pages += 1
        self.people += sum(isinstance(entry, Sighting) for entry in entries)
