"""Channels: each leased to one sender at a time, and closed to all of them for a while where Slack says so."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from storage.conflicts import insert_into
from storage.tables import ChannelRow


def is_free(now: datetime, holder: str) -> ColumnElement[bool]:
    """Whether a channel may be taken, or is the holder's; one that never was is free."""
    return or_(
        col(ChannelRow.leased_until).is_(None), col(ChannelRow.leased_until) <= now, col(ChannelRow.leased_by) == holder
    )


def lease(session: Session, channel: str, holder: str, now: datetime, until: datetime) -> bool:
    """Takes a channel for one sender until a moment; False while another one holds it."""
    insert = insert_into(session, ChannelRow).values(id=channel, leased_by=holder, leased_until=until)
    values = {"leased_by": holder, "leased_until": until}
    session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values, where=is_free(now, holder)))
    taken = select(ChannelRow.leased_by).where(col(ChannelRow.id) == channel)
    return session.exec(taken).one() == holder


def close(session: Session, channel: str, until: datetime) -> None:
    """Lets nobody send to a channel until a moment, its present holder neither."""
    values = {"leased_by": None, "leased_until": until}
    insert = insert_into(session, ChannelRow).values(id=channel, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values))


def release(session: Session, channel: str, holder: str) -> None:
    """Gives a channel back, if it's still the holder's."""
    session.execute(
        update(ChannelRow)
        .where(col(ChannelRow.id) == channel, col(ChannelRow.leased_by) == holder)
        .values(leased_by=None, leased_until=None)
    )


def open_again(session: Session, which: Sequence[str]) -> None:
    """Lets those of some channels that were closed be tried at once."""
    session.execute(
        update(ChannelRow)
        .where(col(ChannelRow.leased_by).is_(None), col(ChannelRow.id).in_(which))
        .values(leased_until=None)
    )
