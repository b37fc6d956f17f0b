"""What a book says about a CSV directory."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ColumnField = Literal["name", "mail", "upn", "enabled", "guest", "licences", "mailbox"]


class CsvSettings(BaseModel):
    """`format` is recognised by the header when it isn't given; `id` and `columns` are for the plain one.

    `columns` says how the file calls a field that it doesn't call by our name, such as `{name: Full name}`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    format: Literal["microsoft365", "plain"] | None = None
    id: str = Field(default="id", min_length=1)
    columns: Mapping[ColumnField, str] = Field(default_factory=dict)
