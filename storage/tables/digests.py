"""Which channel is sent a digest, when, and about whom."""

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import base  # noqa: F401 - the naming convention must be set before the first table


class DigestRow(SQLModel, table=True):
    """A channel's schedule as the book writes it. `clients` is a list of slugs, or None for every client."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("channel", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    position: int
    channel: str
    at: str
    timezone: str
    clients: str | None = Field(default=None, sa_type=Text)
