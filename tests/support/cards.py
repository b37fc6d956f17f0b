"""What is owed to Slack in every channel, and not only the first of it."""

from sqlmodel import col, select

from storage.database import Database
from storage.notices import Owed
from storage.tables import NoticeRow


def every_owed(database: Database) -> tuple[Owed, ...]:
    """Every card of which Slack doesn't show the newest version, in order, and every reply whose card stands."""
    with database.read() as session:
        rows = {row.id or 0: row for row in session.exec(select(NoticeRow).order_by(col(NoticeRow.id)))}
        behind = [row for row in rows.values() if row.wanted > row.shown]
        return tuple(_owed(row, rows[row.thread_of] if row.thread_of else None) for row in behind if _stands(row, rows))


def _stands(row: NoticeRow, rows: dict[int, NoticeRow]) -> bool:
    above = rows[row.thread_of] if row.thread_of else None
    return above is None or (above.ts is not None and above.shown == above.wanted)


def _owed(row: NoticeRow, above: NoticeRow | None) -> Owed:
    channel, thread_ts = (above.channel, above.ts) if above else (row.channel, None)
    return Owed(row.id or 0, row.kind, row.subject, channel, row.ts, row.wanted, row.attempts, thread_ts)
