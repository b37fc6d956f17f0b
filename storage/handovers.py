"""Who goes from one client's part of a shared directory to another's, so that no day is billed twice or to nobody.

Each client's directory is read at an hour of its own. Whichever sees the move first says its day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from rosters.verdicts import Reason, Verdict
from storage.tables import AccountRow, DirectoryRow, SeatRow, SyncRow


@dataclass(frozen=True, slots=True)
class Handovers:
    """The days on which other parts of a directory saw somebody move since this part was read, by object id.

    Whoever is in `lost` left another part, and may be in this one from then on; whoever is in `gained` came into
    another one, and may no longer be in this one from then on.
    """

    lost: Mapping[str, date] = field(default_factory=dict)
    gained: Mapping[str, date] = field(default_factory=dict)

    def day(self, object_id: str, roster: str | None, reason: str, verdict: Verdict) -> date | None:
        """From which day on the verdict holds on an account that had another roster or reason; None: they don't say."""
        if reason == Reason.ELSEWHERE and verdict.counts:
            return self.lost.get(object_id)
        if roster is not None and verdict.reason is Reason.ELSEWHERE:
            return self.gained.get(object_id)
        return None


NO_HANDOVERS = Handovers()
# Another client may be in a zone where it is tomorrow already; a day after that is a mistyped one.
_ELSEWHERE_IT_IS_LATER = timedelta(days=1)


def handovers_of(session: Session, row: DirectoryRow, today: date) -> Handovers:
    """What the other parts of a directory saw since it was last read here, if it is shared at all.

    What they saw before, this part's own last reading has seen as well: who is in no part, or in two, was so then.
    """
    same = (col(DirectoryRow.kind) == row.kind, col(DirectoryRow.settings) == row.settings)
    query = columns(col(DirectoryRow.id)).where(*same, col(DirectoryRow.id) != row.id)
    others = list(session.execute(query).scalars())
    if not others or row.read_at is None:
        return NO_HANDOVERS
    latest = today + _ELSEWHERE_IT_IS_LATER
    lost, gained = _lost(session, others, row.read_at, latest), _gained(session, others, row.read_at, latest)
    return Handovers(dict(lost), dict(gained))


def _lost(session: Session, others: list[int], after: datetime, latest: date) -> Iterator[tuple[str, date]]:
    """Whom other parts no longer have and had a seat for until then: up to the day that was approved, if one was."""
    until_then = or_(col(SeatRow.ends).is_(None), col(SeatRow.ends) >= col(AccountRow.since))
    query = (
        columns(col(AccountRow.object_id), col(AccountRow.since), col(SeatRow.ends))
        .join(SyncRow, col(SyncRow.id) == col(AccountRow.sync_id))
        .join(SeatRow, col(SeatRow.person_id) == col(AccountRow.person_id))
        .where(*_moved(others, after, latest), col(AccountRow.reason) == Reason.ELSEWHERE, until_then)
    )
    for object_id, since, ends in session.execute(query):
        yield object_id, since if ends is None else min(ends, latest)


def _gained(session: Session, others: list[int], after: datetime, latest: date) -> Iterator[tuple[str, date]]:
    """Who counts at another part by now."""
    query = (
        columns(col(AccountRow.object_id), col(AccountRow.since))
        .join(SyncRow, col(SyncRow.id) == col(AccountRow.sync_id))
        .where(*_moved(others, after, latest), col(AccountRow.roster).is_not(None))
    )
    yield from ((object_id, since) for object_id, since in session.execute(query))


def _moved(others: list[int], after: datetime, latest: date) -> tuple[ColumnElement[bool], ...]:
    """Accounts of other parts whose verdict a reading after a moment saw first, on no day after the latest."""
    theirs = (col(AccountRow.directory_id).in_(others), col(AccountRow.present).is_(True))
    return (*theirs, col(AccountRow.since) <= latest, col(SyncRow.at) > after)
