"""Whether a full reading that lacks accounts was complete: who is missing is asked for one by one.

A list that left somebody out is no different from one on which somebody is gone, and a few leavers would pass the
safety catch.
"""

import asyncio

from commands.targets import Target
from connectors.directories.port import Confirms
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from storage import directories
from storage.database import Database

# Who is missing beyond these is a matter for the safety catch; asking for thousands one by one would take too long.
MOST_CONFIRMED = 100


async def confirm(database: Database, target: Target, source: Confirms, spool: Spool) -> None:
    """Raises `DirectoryNotRead` when accounts are still there that a full reading didn't mention."""
    missing = await asyncio.to_thread(_missing, database, target, spool)
    there = await source.still_there(missing[:MOST_CONFIRMED])
    if there:
        left_out = "1 account that is" if len(there) == 1 else f"{len(there)} accounts that are"
        message = (
            f"The list of users left out {left_out} still there when asked for, so it wasn't complete. "
            "Nothing was concluded from it. The next sync tries again."
        )
        raise DirectoryNotRead(Cause.MALFORMED, message)


def _missing(database: Database, target: Target, spool: Spool) -> list[str]:
    with database.read() as session:
        missing = set(directories.present_ids(session, target.id))
    if missing:
        missing.difference_update(spool.object_ids())
    return sorted(missing)
