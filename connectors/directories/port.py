"""What every directory offers, whatever stands behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from connectors.directories.examined import Examined
from connectors.directories.spool import Spool
from rosters.rules import Wanted


@dataclass(frozen=True, slots=True)
class Units:
    """So many units of a licence were bought, and so many of them are assigned."""

    licence: str
    bought: int
    assigned: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The proof that a directory was read to its end; the entries are in the spool.

    After a `full` reading, accounts that aren't in the spool are gone; otherwise the spool has what changed since the
    cursor. `cursor` is what the next reading starts from, and is to be kept in the same transaction as the accounts;
    None where the source knows only full readings. `people` counts the sightings, repeats included.

    `members` has, for every group that was asked for, the object ids of all its members, also through other groups;
    None where the entries themselves say it. `units` are the licences that were bought, None where nobody asked or the
    source doesn't know. `licences` is False where the source doesn't know which ones the accounts have.
    """

    full: bool
    cursor: str | None
    pages: int
    people: int
    members: Mapping[str, frozenset[str]] | None = None
    units: tuple[Units, ...] | None = None
    licences: bool = True


@runtime_checkable
class Confirms(Protocol):
    """A source whose list may leave somebody out without saying so, and that can be asked for single accounts."""

    async def still_there(self, object_ids: Sequence[str]) -> frozenset[str]:
        """Those of the accounts that are there although a full reading didn't mention them.

        Raises `connectors.errors.DirectoryNotRead` when that can't be found out.
        """
        ...


class Directory(Protocol):
    """One identity source of a client."""

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        """Reads every page into the spool; without a cursor everything, else what changed since.

        What isn't wanted is left out by a source that needs a further permission for it. A source may decide to answer
        a cursor with a full reading. One that knows no licences says so by the reading and by None in its entries, and
        refuses only where `wanted.needs_licences`. Raises `connectors.errors.DirectoryNotRead` when anything is
        missing, also a group that it doesn't have: a failure is never an empty directory.
        """
        ...

    async def examine(self, *, wanted: Wanted, now: Callable[[], datetime]) -> Examined:
        """Looks at what a reading depends on, and reads nobody; what is wrong is told and not raised.

        What isn't wanted may be missing.
        """
        ...
