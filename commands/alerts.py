"""A directory that needs somebody, as its channel is told."""

from dataclasses import dataclass

from billing.safety import Trip
from documents import mismatches
from documents.format import day
from storage import clients, directories
from storage.codec import decode
from storage.database import Database
from storage.tables import ClientRow, DirectoryRow


@dataclass(frozen=True, slots=True)
class AlertView:
    """A directory that needs somebody, or no longer does (`cleared`)."""

    client: str
    client_name: str
    locale: str
    channel: str | None
    title: str
    sentences: tuple[str, ...]
    remedy: str
    cleared: bool


def alert(database: Database, directory_id: int) -> AlertView:
    """What the channel is told about a directory, as it stands now."""
    with database.read() as session:
        row = directories.get(session, directory_id)
        return alert_view(row, clients.get(session, row.client_id))


def alert_view(row: DirectoryRow, client: ClientRow) -> AlertView:
    """The same of a directory and its client."""
    sentences: tuple[str, ...] = ()
    if row.failing_since is not None:
        title = f"{client.name}: {row.name} can't be read since {day(row.failing_since)}"
        sentences = (row.failure or "", "The last good state stays in force; the next invoice waits.")
        remedy = f"When it is mended: rollcall sync {client.slug}"
    elif row.trips is not None:
        title = f"{client.name}: the last reading of {row.name} would change too much at once"
        why = mismatches.tripped(decode(tuple[Trip, ...], row.trips))
        sentences = (f"Nothing is proposed: {why}.", "The last good state stays in force; the next invoice waits.")
        remedy = f"If it is true: rollcall sync {client.slug} --let-through REASON"
    else:
        title, remedy = f"{client.name}: {row.name} is read again", ""
    return AlertView(
        client=client.slug,
        client_name=client.name,
        locale=client.locale,
        channel=client.channel,
        title=title,
        sentences=sentences,
        remedy=remedy,
        cleared=row.failing_since is None and row.trips is None,
    )
