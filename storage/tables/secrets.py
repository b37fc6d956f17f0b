"""What directories are opened with, encrypted."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from storage.tables import base  # noqa: F401 - the naming convention must be set before the first table


class SecretRow(SQLModel, table=True):
    """A secret under its name. `key_id` says by which key it is encrypted, `updated_at` when its value was stored."""

    __tablename__ = "secrets"

    name: str = Field(primary_key=True)
    encrypted: str = Field(sa_type=Text, repr=False)
    key_id: str
    updated_at: datetime
    updated_by: str
