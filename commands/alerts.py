"""A directory that needs somebody, as its channel is told."""

from dataclasses import dataclass

from billing.invoice import draft_invoice
from commands.bill_dates import next_unbilled
from commands.held import Move, held
from documents import mismatches
from documents.format import Format, day
from documents.sources import Told, when
from rosters.catch import Trip
from storage import clients, directories, snapshots
from storage.codec import decode
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow, DirectoryRow


@dataclass(frozen=True, slots=True)
class AlertView:
    """A directory that needs somebody, or no longer does (`cleared`).

    `moves` is what the safety catch holds back; it can be let through by the directory's id and the list's `seal`.
    `moments` says since when it can't be read, and when it was read last.
    """

    client: str
    client_name: str
    locale: str
    channel: str | None
    title: str
    sentences: tuple[str, ...]
    remedy: str
    cleared: bool
    directory: int = 0
    moves: tuple[Move, ...] = ()
    seal: str = ""
    moments: Told = ()


def alert(database: Database, directory_id: int) -> AlertView:
    """What the channel is told about a directory, as it stands now."""
    with database.read() as session:
        row = directories.get(session, directory_id)
        return alert_view(session, row, clients.get(session, row.client_id))


def alert_view(session: Session, row: DirectoryRow, client: ClientRow) -> AlertView:
    """The same of a directory and its client."""
    sentences: tuple[str, ...] = ()
    if row.failing_since is not None:
        title = f"{client.name}: {row.name} can't be read since {day(row.failing_since)}"
        sentences = (row.failure or "", _waits(session, row, client))
        remedy = f"When it is mended: rollcall sync {client.slug}"
    elif row.trips is not None:
        title = f"{client.name}: the last reading of {row.name} would change too much at once"
        why = mismatches.tripped(decode(tuple[Trip, ...], row.trips))
        sentences = (f"Nothing is proposed: {why}.", _waits(session, row, client))
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
        directory=id_of(row),
        moves=held(session, row) if row.failing_since is None and row.trips is not None else (),
        seal=row.held_seal or "",
        moments=_moments(row, client.timezone),
    )


def _moments(row: DirectoryRow, timezone: str) -> Told:
    failing, read = when(row.failing_since, row.failing_at, timezone), when(row.last_read, row.read_at, timezone)
    if failing is None:
        return ()
    before: Told = (" and was last read on ", read, ".") if read else (" and was never read.",)
    return ("It failed first on ", failing, *before)


def _waits(session: Session, row: DirectoryRow, client: ClientRow) -> str:
    """What it holds up: the client's next invoice, as it stands on the day of the last attempt."""
    on = directories.last_attempt(session, id_of(row))
    snapshot = snapshots.load(session, client)
    bill_date = next_unbilled(session, row.client_id, snapshot.terms, on) if on is not None else None
    draft = draft_invoice(snapshot, bill_date) if bill_date is not None else None
    if draft is None:
        return "The last good state stays in force; the next invoice waits."
    amount = Format(client.locale, client.currency).money(draft.subtotal_minor)
    which = f"the invoice of {day(draft.bill_date)} waits, {amount} before tax as it stands"
    return f"The last good state stays in force; {which}."
