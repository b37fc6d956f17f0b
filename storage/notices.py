"""Cards owed to Slack: which version of a subject is wanted, which one was shown, and where."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select

from storage.conflicts import insert_into
from storage.tables import ChannelRow, NoticeRow


@dataclass(frozen=True, slots=True)
class Owed:
    """A card that is behind: post it where `ts` is None, else edit it. `wanted` is the version to record as shown.

    A reply is posted below the message `thread_ts`.
    """

    id: int
    kind: str
    subject: str
    channel: str | None
    ts: str | None
    wanted: int
    attempts: int
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Stuck:
    """A card that can't be shown: whose it is, and why."""

    client_id: int | None
    problem: str


def owe(
    session: Session,
    kind: str,
    subject: str,
    client_id: int | None,
    channel: str | None,
    thread_of: int | None = None,
) -> int:
    """Asks for a card, or for its next version, and gives its id. What was refused before is tried again at once.

    `kind` is "change" (subject: its id), "decision" (its id and revision), "run" (its bill date in ISO form), "alert"
    ("directory:" and its id), "credential" (its name), "digest" (its id, turn and business date), "reminder" (its turn,
    business date and changes) or "channel" (one that Slack keeps us out of). A card that was posted stays in its
    channel, even if the client has another one since; a reply to the notice `thread_of` goes where that one is.
    """
    insert = insert_into(session, NoticeRow).values(
        kind=kind,
        subject=subject,
        client_id=client_id,
        channel=channel,
        thread_of=thread_of,
        wanted=1,
        shown=0,
        attempts=0,
    )
    next_version = {
        "wanted": col(NoticeRow.wanted) + 1,
        "channel": case((col(NoticeRow.ts).is_(None), channel), else_=col(NoticeRow.channel)),
        "not_before": None,
    }
    asking = insert.on_conflict_do_update(index_elements=["kind", "subject"], set_=next_version)
    return int(session.execute(asking.returning(col(NoticeRow.id))).scalar_one())


def owed(session: Session, now: datetime, limit: int) -> tuple[Owed, ...]:
    """The cards whose newest version isn't shown yet and whose turn it is, the longest waiting first.

    A reply's turn comes once its card is shown as it is.
    """
    card = aliased(NoticeRow)
    is_shown = and_(col(card.ts).is_not(None), col(card.shown) == col(card.wanted))
    statement = (
        select(NoticeRow, card)
        .outerjoin(card, col(NoticeRow.thread_of) == col(card.id))
        .where(col(NoticeRow.wanted) > col(NoticeRow.shown))
        .where(or_(col(NoticeRow.not_before).is_(None), col(NoticeRow.not_before) <= now))
        .where(or_(col(NoticeRow.thread_of).is_(None), is_shown))
        .order_by(col(NoticeRow.attempts), col(NoticeRow.id))
        .limit(limit)
    )
    return tuple(_owed(row, above) for row, above in session.exec(statement))


def ask_again(session: Session, kind: str, subject: str) -> None:
    """Asks for the card once more as it is now, if there is one: somebody clicked on a version that has passed."""
    where = (col(NoticeRow.kind) == kind, col(NoticeRow.subject) == subject)
    session.execute(update(NoticeRow).where(*where).values(wanted=col(NoticeRow.wanted) + 1, not_before=None))


def mark_shown(
    session: Session, notice_id: int, version: int, channel: str, ts: str | None, posted_at: datetime | None = None
) -> None:
    """Records that Slack shows a version, and where; without `ts` the next version is posted anew.

    `posted_at` is when it was posted, where it wasn't edited.
    An older version than the one recorded changes nothing.
    """
    session.execute(
        update(NoticeRow)
        .where(col(NoticeRow.id) == notice_id, col(NoticeRow.shown) < version)
        .values(
            shown=version,
            channel=channel,
            ts=ts,
            posted_at=posted_at or col(NoticeRow.posted_at),
            attempts=0,
            not_before=None,
            problem=None,
        )
    )


def posting(session: Session, kind: str, subject: str) -> tuple[datetime | None, str | None]:
    """When a card was posted, as far as that is known, and its message; nothing where it stands nowhere."""
    where = (col(NoticeRow.kind) == kind, col(NoticeRow.subject) == subject)
    found = session.exec(select(NoticeRow.posted_at, NoticeRow.ts).where(*where)).first()
    return (found[0], found[1]) if found and found[1] else (None, None)


def find(session: Session, kind: str, subject: str) -> int | None:
    """The id of a notice."""
    where = (col(NoticeRow.kind) == kind, col(NoticeRow.subject) == subject)
    return session.exec(select(NoticeRow.id).where(*where)).first()


def drop_replies(session: Session, notice_id: int) -> None:
    """Drops what is still to be said below a card."""
    session.exec(
        delete(NoticeRow).where(col(NoticeRow.thread_of) == notice_id, col(NoticeRow.wanted) > col(NoticeRow.shown))
    )


def forget(session: Session, kind: str, channel: str | None) -> None:
    """Drops the notices of a kind that are for a channel, shown or not."""
    session.exec(
        delete(NoticeRow).where(col(NoticeRow.kind) == kind, col(NoticeRow.channel).is_not_distinct_from(channel))
    )


def mark_failed(session: Session, notice_id: int, not_before: datetime, problem: str) -> None:
    """Records why a card could not be shown, and when to try again."""
    session.execute(
        update(NoticeRow)
        .where(col(NoticeRow.id) == notice_id)
        .values(attempts=col(NoticeRow.attempts) + 1, not_before=not_before, problem=problem)
    )


def forget_message(session: Session, notice_id: int) -> None:
    """Forgets the posted message, which somebody deleted: the card is posted anew."""
    session.execute(update(NoticeRow).where(col(NoticeRow.id) == notice_id).values(ts=None, not_before=None))


def lease_channel(session: Session, channel: str, holder: str, now: datetime, until: datetime) -> bool:
    """Takes a channel for one sender until a moment; False while another one holds it."""
    free = or_(
        col(ChannelRow.leased_until).is_(None), col(ChannelRow.leased_until) <= now, col(ChannelRow.leased_by) == holder
    )
    insert = insert_into(session, ChannelRow).values(id=channel, leased_by=holder, leased_until=until)
    values = {"leased_by": holder, "leased_until": until}
    session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values, where=free))
    taken = select(ChannelRow.leased_by).where(col(ChannelRow.id) == channel)
    return session.exec(taken).one() == holder


def close_channel(session: Session, channel: str, until: datetime) -> None:
    """Lets nobody send to a channel until a moment, its present holder neither."""
    values = {"leased_by": None, "leased_until": until}
    insert = insert_into(session, ChannelRow).values(id=channel, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values))


def is_told(session: Session, kind: str, subject: str) -> bool:
    """Whether a card of the subject stands, or is about to."""
    is_open = or_(col(NoticeRow.wanted) > col(NoticeRow.shown), col(NoticeRow.ts).is_not(None))
    found = select(NoticeRow.id).where(col(NoticeRow.kind) == kind, col(NoticeRow.subject) == subject, is_open)
    return session.exec(found).first() is not None


def stuck_in(session: Session, channel: str) -> tuple[Stuck, ...]:
    """What a channel can't be shown, and why."""
    behind = col(NoticeRow.wanted) > col(NoticeRow.shown)
    where = (behind, col(NoticeRow.channel) == channel, col(NoticeRow.problem).is_not(None))
    return tuple(Stuck(row.client_id, row.problem or "") for row in session.exec(select(NoticeRow).where(*where)))


def release_channel(session: Session, channel: str, holder: str) -> None:
    """Gives a channel back, if it's still the holder's."""
    session.execute(
        update(ChannelRow)
        .where(col(ChannelRow.id) == channel, col(ChannelRow.leased_by) == holder)
        .values(leased_by=None, leased_until=None)
    )


def backlog(session: Session) -> tuple[int, tuple[str, ...]]:
    """How many cards are owed, and every problem that was met with one of them."""
    behind = col(NoticeRow.wanted) > col(NoticeRow.shown)
    count = session.exec(select(func.count()).select_from(NoticeRow).where(behind)).one()
    problems = select(NoticeRow.problem).where(behind, col(NoticeRow.problem).is_not(None)).distinct()
    return count, tuple(sorted(problem for problem in session.exec(problems) if problem))


def _owed(row: NoticeRow, above: NoticeRow | None) -> Owed:
    if row.id is None:  # A row that was read has an id; the model allows None only before the first insert.
        raise TypeError("A stored notice without an id.")
    channel, thread_ts = (above.channel, above.ts) if above else (row.channel, None)
    return Owed(row.id, row.kind, row.subject, channel, row.ts, row.wanted, row.attempts, thread_ts)
