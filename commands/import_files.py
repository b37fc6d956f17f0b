"""The files that a book's directories are, as they would be read, shown before anything is imported."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from billing.errors import RollcallError
from commands.examinations.directories import tally
from commands.sync import Sources
from commands.targets import asked_of
from connectors.books.values import Book, BookClient, BookDirectory
from connectors.directories import KINDS
from connectors.directories.examined import Observation
from connectors.directories.spool import Spool
from documents import wording
from rosters.rules import about


@dataclass(frozen=True, slots=True)
class FileLook:
    """What a reading of one directory would come to, or why it can't be read, and what was seen on the way."""

    directory: str
    text: str
    seen: tuple[Observation, ...] = ()


async def look_at_files(book: Book, sources: Sources, now: Callable[[], datetime]) -> tuple[FileLook, ...]:
    """Reads every file that is a directory of the book, by the book's own rules; nothing is kept."""
    return tuple(
        [
            await look_at(client, directory, sources, now)
            for client in book.clients
            for directory in client.directories
            if directory.kind in KINDS and KINDS[directory.kind].files
        ]
    )


async def look_at(
    client: BookClient, directory: BookDirectory, sources: Sources, now: Callable[[], datetime]
) -> FileLook:
    """Reads a directory by the rules of a client that needn't be stored; nothing is kept."""
    name = f"{client.slug}/{directory.name}"
    kinds = {each.name: each.kind for each in client.directories}
    asked = asked_of(directory.name, kinds, client.rosters, client.terms.measures(), directory.only)
    seen: tuple[Observation, ...] = ()
    try:
        source = await asyncio.to_thread(sources, directory.kind, directory.settings, client.slug, directory.name)
        seen = (await source.examine(wanted=asked, now=now)).observations
        with Spool() as spool:
            reading = await source.read(None, spool, wanted=asked)
            accounts, billable = tally(spool, about(client.rosters, directory.name), reading, directory.only)
    except RollcallError as error:
        return FileLook(name, str(error), seen)
    return FileLook(name, f"{wording.accounts(accounts)}, {billable} would count", seen)
