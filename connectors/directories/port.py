"""What every directory offers, whatever stands behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from connectors.directories.examined import Examined
from connectors.directories.spool import Spool


@dataclass(frozen=True, slots=True)
class Reading:
    """The proof that a directory was read to its end; the entries are in the spool.

    After a `full` reading, accounts that aren't in the spool are gone; otherwise the spool has what changed since the
    cursor. `cursor` is what the next reading starts from, and is to be kept in the same transaction as the accounts;
    None where the source knows only full readings. `people` counts the sightings, repeats included.
    """

    full: bool
    cursor: str | None
    pages: int
    people: int


class Directory(Protocol):
    """One identity source of a client."""

    async def read(self, cursor: str | None, spool: Spool, *, licences: bool) -> Reading:
        """Reads every page into the spool; without a cursor everything, else what changed since.

        Where licences aren't asked for, a source that needs a further permission for them leaves them out. A source
        may decide to answer a cursor with a full reading. Raises `connectors.errors.DirectoryNotRead` when
        anything is missing: a failure is never an empty directory.
        """
        ...

    async def examine(self, *, licences: bool, now: Callable[[], datetime]) -> Examined:
        """Looks at what a reading depends on, and reads nobody; what is wrong is told and not raised.

        `licences` says whether a rule asks for them: what no rule needs may be missing.
        """
        ...
