"""Cards owed to Slack: which version of a subject is wanted, which one was shown, and where."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select

from storage import channels
from storage.conflicts import insert_into
from storage.tables import ChannelRow, NoticeRow

BEHIND = col(NoticeRow.wanted) > col(NoticeRow.shown)
# The card that a reply stands below.
_ABOVE = aliased(NoticeRow)
_IS_REPLY = col(NoticeRow.thread_of) == col(_ABOVE.id)
# A version that is wanted anew begins anew.
UNTRIED = {"not_before": None, "failing_since": None, "given_up_at": None}


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


def owe(
    session: Session,
    kind: str,
    subject: str,
    client_id: int | None,
    channel: str | None,
    thread_of: int | None = None,
) -> int:
    """Asks for a card, or for its next version, and gives its id. What failed or was given up is tried again at once.

    `kind` is "change" (subject: its id), "decision" (its id and revision), "run" (its bill date in ISO form), "alert"
    ("directory:" and its id), "credential" (its name), "digest" (its id, turn and business date), "reminder" (its turn,
    business date and changes), "channel" (one that Slack keeps us out of) or "undelivered" (cards that were given up);
    the last two may name who is told, behind a slash. A card that was posted stays in its channel, even if the client
    has another one since; a reply to the notice `thread_of` goes where that one is.
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
        **UNTRIED,
    }
    asking = insert.on_conflict_do_update(index_elements=["kind", "subject"], set_=next_version)
    return int(session.execute(asking.returning(col(NoticeRow.id))).scalar_one())


def owed(session: Session, now: datetime, holder: str, default: str | None = None) -> tuple[Owed, ...]:
    """Of each channel that is free or the holder's, the card that came to be owed first of those whose turn it is.

    `default` is the channel of cards that have none of their own. A reply's turn comes once its card is shown as it is.
    """
    place = _place(default)
    firsts = (
        select(func.min(NoticeRow.id))
        .outerjoin(_ABOVE, _IS_REPLY)
        .outerjoin(ChannelRow, col(ChannelRow.id) == place)
        .where(_is_due(now), channels.is_free(now, holder))
        .group_by(place)
        .correlate(None)
    )
    found = select(NoticeRow, _ABOVE).outerjoin(_ABOVE, _IS_REPLY).where(col(NoticeRow.id).in_(firsts))
    return tuple(_owed(row, above) for row, above in session.exec(found.order_by(col(NoticeRow.id))))


def next_in(session: Session, now: datetime, channel: str | None, default: str | None = None) -> Owed | None:
    """The card of a channel that came to be owed first, of those whose turn it is."""
    place = _place(default)
    here = place == channel if channel is not None else place.is_(None)
    found = select(NoticeRow, _ABOVE).outerjoin(_ABOVE, _IS_REPLY).where(_is_due(now), here)
    first = session.exec(found.order_by(col(NoticeRow.id)).limit(1)).first()
    return _owed(*first) if first is not None else None


def ask_again(session: Session, kind: str, subject: str) -> None:
    """Asks for the card once more as it is now, if there is one: somebody clicked on a version that has passed."""
    _ask_again(session, and_(col(NoticeRow.kind) == kind, col(NoticeRow.subject) == subject))


def ask_all_again(session: Session, kind: str, subject: str) -> None:
    """The same of every card about a subject that stands, whoever it is shown to; one that is owed is left alone."""
    _ask_again(session, and_(_about(kind, subject), ~BEHIND, col(NoticeRow.ts).is_not(None)))


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
            problem=None,
            refused_by=None,
            **UNTRIED,
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


def forget_message(session: Session, notice_id: int) -> None:
    """Forgets the posted message, which somebody deleted: the card is posted anew."""
    session.execute(update(NoticeRow).where(col(NoticeRow.id) == notice_id).values(ts=None, not_before=None))


def is_told(session: Session, kind: str, subject: str) -> bool:
    """Whether a card of the subject stands, or is about to, whoever it is shown to."""
    is_open = or_(BEHIND, col(NoticeRow.ts).is_not(None))
    return session.exec(select(NoticeRow.id).where(_about(kind, subject), is_open)).first() is not None


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Whether it's a card's turn, and a reply's: its card is joined."""
    waited = or_(col(NoticeRow.not_before).is_(None), col(NoticeRow.not_before) <= now)
    is_shown = and_(col(_ABOVE.ts).is_not(None), col(_ABOVE.shown) == col(_ABOVE.wanted))
    return and_(BEHIND, col(NoticeRow.given_up_at).is_(None), waited, or_(col(NoticeRow.thread_of).is_(None), is_shown))


def _place(default: str | None) -> ColumnElement[str | None]:
    return func.coalesce(col(_ABOVE.channel), col(NoticeRow.channel), default)


def _about(kind: str, subject: str) -> ColumnElement[bool]:
    whoever = col(NoticeRow.subject).startswith(f"{subject}/", autoescape=True)
    return and_(col(NoticeRow.kind) == kind, or_(col(NoticeRow.subject) == subject, whoever))


def _ask_again(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(update(NoticeRow).where(which).values(wanted=col(NoticeRow.wanted) + 1, **UNTRIED))


def _owed(row: NoticeRow, above: NoticeRow | None) -> Owed:
    if row.id is None:  # A row that was read has an id; the model allows None only before the first insert.
        raise TypeError("A stored notice without an id.")
    channel, thread_ts = (above.channel, above.ts) if above else (row.channel, None)
    return Owed(row.id, row.kind, row.subject, channel, row.ts, row.wanted, row.attempts, thread_ts)
