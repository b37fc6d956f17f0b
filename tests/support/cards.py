"""What is owed to Slack, whoever's turn it is."""

from sqlmodel import col, select

from storage.database import Database
from storage.notices import Owed
from storage.tables import NoticeRow


def every_owed(database: Database) -> tuple[Owed, ...]:
    """Every card of which Slack doesn't show the newest version, in the order in which they came to be owed."""
    behind = select(NoticeRow).where(col(NoticeRow.wanted) > col(NoticeRow.shown)).order_by(col(NoticeRow.id))
    with database.read() as session:
        return tuple(
            Owed(row.id or 0, row.kind, row.subject, row.channel, row.ts, row.wanted, row.attempts)
            for row in session.exec(behind)
        )
