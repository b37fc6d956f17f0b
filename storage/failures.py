"""Cards that Slack doesn't take: why and since when, when each is tried again, and which were given up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, func, or_, update
from sqlmodel import Session, col, select

from storage import channels
from storage.notices import BEHIND, UNTRIED
from storage.tables import NoticeRow


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a card could not be shown, and the channel that Slack kept us out of; None where it could."""

    problem: str | None
    refused_by: str | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """A card that waits: what and whose it is, where, and since when and why it can't be shown, if it was tried."""

    kind: str
    subject: str
    client_id: int | None
    channel: str | None
    problem: str | None
    since: datetime | None
    is_given_up: bool


def mark_failed(
    session: Session,
    notice_id: int,
    now: datetime,
    not_before: datetime,
    problem: str,
    refused_by: str | None = None,
) -> None:
    """Records why a card could not be shown, since when, when to try again, and the channel that refused it."""
    session.execute(
        update(NoticeRow)
        .where(col(NoticeRow.id) == notice_id)
        .values(
            attempts=col(NoticeRow.attempts) + 1,
            not_before=not_before,
            problem=problem,
            refused_by=refused_by,
            failing_since=func.coalesce(col(NoticeRow.failing_since), now),
        )
    )


def give_up(session: Session, notice_id: int, now: datetime, failing_before: datetime) -> bool:
    """Gives a card up that has failed since before a moment; False where it hasn't, or was given up before."""
    found = session.execute(
        update(NoticeRow)
        .where(col(NoticeRow.id) == notice_id, col(NoticeRow.given_up_at).is_(None))
        .where(col(NoticeRow.failing_since) <= failing_before)
        .values(given_up_at=now)
        .returning(col(NoticeRow.id))
    )
    return found.first() is not None


def try_again(session: Session) -> int:
    """Lets every card that failed or was given up be tried at once, for another day; how many there are."""
    failed = and_(BEHIND, col(NoticeRow.problem).is_not(None))
    closed = session.exec(select(NoticeRow.refused_by).where(failed)).all()
    channels.open_again(session, [channel for channel in closed if channel is not None])
    tried = update(NoticeRow).where(failed).values(attempts=0, **UNTRIED).returning(col(NoticeRow.id))
    return len(session.execute(tried).all())


def failure_of(session: Session, notice_id: int) -> Failure:
    """Why a card could not be shown when it was last tried."""
    found = select(NoticeRow.problem, NoticeRow.refused_by).where(col(NoticeRow.id) == notice_id)
    return Failure(*session.exec(found).one())


def stuck_in(session: Session, channel: str, besides: Iterable[str]) -> tuple[Stuck, ...]:
    """What waits for a channel that refused at least one of the cards, those of some kinds left out; else nothing."""
    others = (BEHIND, col(NoticeRow.kind).not_in(list(besides)))
    refused = list(session.exec(select(NoticeRow).where(*others, col(NoticeRow.refused_by) == channel)))
    # Only the first of the cards is tried; those without a channel of their own wait for the one that it was tried in.
    places = {row.channel for row in refused}
    here = [col(NoticeRow.channel).is_(None) if place is None else col(NoticeRow.channel) == place for place in places]
    if not here:
        return ()
    return tuple(_stuck(row) for row in session.exec(select(NoticeRow).where(*others, or_(*here)).order_by("id")))


def stuck(session: Session) -> tuple[Stuck, ...]:
    """Every card that was tried in vain, those that were given up first."""
    query = select(NoticeRow).where(BEHIND, col(NoticeRow.problem).is_not(None))
    rows = session.exec(query.order_by(col(NoticeRow.given_up_at).is_(None), col(NoticeRow.id)))
    return tuple(_stuck(row) for row in rows)


def backlog(session: Session) -> tuple[int, tuple[str, ...], int]:
    """How many cards are owed, every problem that was met with one of them, and how many were given up."""
    count = session.exec(select(func.count()).select_from(NoticeRow).where(BEHIND)).one()
    problems = select(NoticeRow.problem).where(BEHIND, col(NoticeRow.problem).is_not(None)).distinct()
    given_up = select(func.count()).select_from(NoticeRow).where(BEHIND, col(NoticeRow.given_up_at).is_not(None))
    return count, tuple(sorted(found for found in session.exec(problems) if found)), session.exec(given_up).one()


def _stuck(row: NoticeRow) -> Stuck:
    # SQLite gives moments back without their zone, which is UTC for all of them.
    since = row.failing_since.replace(tzinfo=UTC) if row.failing_since else None
    return Stuck(row.kind, row.subject, row.client_id, row.channel, row.problem, since, row.given_up_at is not None)
