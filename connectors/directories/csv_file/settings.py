"""What a book says about a directory that is a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

ColumnField = Literal[
    "name",
    "mail",
    "upn",
    "enabled",
    "guest",
    "licences",
    "mailbox",
    "employee_id",
    "department",
    "groups",
    "last_sign_in",
]


def _path(path: object) -> object:
    # A path is written as text, which a strict book would refuse.
    return Path(path) if isinstance(path, str) else path


class CsvSettings(BaseModel):
    """`format` is recognised by the header when it isn't given; `id` and `columns` are for the plain one.

    `columns` says how the file calls a field that it doesn't call by our name, such as `{name: Full name}`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Annotated[Path, BeforeValidator(_path)]
    format: Literal["microsoft365", "google", "plain"] | None = None
    id: str = Field(default="id", min_length=1)
    columns: Mapping[ColumnField, str] = Field(default_factory=dict)
