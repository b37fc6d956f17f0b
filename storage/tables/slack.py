"""What is owed to Slack, and what Slack sent that must be done exactly once."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import base  # noqa: F401 - the naming convention must be set before the first table


class NoticeRow(SQLModel, table=True):
    """A card that must show a version of a subject: the version wanted, and the one that was last shown.

    `subject` is the change's id, the run's bill date, or the directory's id. Only the newest version is ever sent, so
    the order in which senders come can't matter. A reply stands below the card of the notice `thread_of`, and waits for
    that one to be shown.

    `failing_since` is the first of the attempts that failed in a row; `refused_by` the channel that Slack kept us out
    of at the last one. What was given up isn't tried until somebody asks for it, or until there is another version.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        Index("ix_notices_owed", "not_before", "wanted", "shown"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: str
    client_id: int | None = Field(default=None, foreign_key="clients.id")
    channel: str | None = None
    ts: str | None = None
    posted_at: datetime | None = None
    thread_of: int | None = Field(default=None, foreign_key="notices.id")
    wanted: int = 1
    shown: int = 0
    attempts: int = 0
    not_before: datetime | None = None
    problem: str | None = Field(default=None, sa_type=Text)
    failing_since: datetime | None = None
    given_up_at: datetime | None = None
    refused_by: str | None = None


class ChannelRow(SQLModel, table=True):
    """A channel, leased to one sender at a time for a while; never by a lock across an HTTP call."""

    __tablename__ = "channels"

    id: str = Field(primary_key=True)
    leased_by: str | None = None
    leased_until: datetime | None = None


class InteractionRow(SQLModel, table=True):
    """A deciding click or submission, recorded under its own key before it is acknowledged, then done once.

    Until it is done it is leased to the process that carries it out; then its payload, which names people, is dropped.
    """

    __tablename__ = "interactions"

    key: str = Field(primary_key=True)
    kind: str
    payload: str = Field(sa_type=Text)
    received_at: datetime
    leased_until: datetime | None = None
    done_at: datetime | None = None
