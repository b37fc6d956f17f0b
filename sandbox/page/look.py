"""What a reader's screen knows beside the blocks themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox.workspace.model import Json


@dataclass(frozen=True, slots=True)
class Look:
    """How blocks look to one reader.

    `people` and `channels` give names by id, `files` the address of an uploaded image by file id. `answers` is the
    `state.values` of a modal that fields are filled from. Dates are read in `locale_zone`, and "today" is that of
    `now`. `scope` sets the ids of two renderings of the same blocks apart on one page.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    answers: Json = field(default_factory=dict)
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    locale_zone: str = "Etc/UTC"
    scope: str = ""
