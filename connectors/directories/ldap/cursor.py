"""Where a reading of Active Directory stopped: a number of changes that means something at one controller only."""

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError


class Cursor(BaseModel):
    """The newest change `usn` of a `controller`, read from `host` at the day `full` of the last full reading.

    `scope` says who was looked for: after another base or filter, the changes since are not the whole difference.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str
    controller: str
    usn: int
    full: date
    scope: str

    @classmethod
    def parsed(cls, text: str | None) -> Self | None:
        """The cursor in a text; None for one of another source, after which everything is to be read."""
        try:
            return cls.model_validate_json(text or "")
        except ValidationError:
            return None

    def leads_to(self, now: "Cursor") -> bool:
        """Whether the changes between the two are the whole difference.

        A controller that was set back to a copy of its past counts on from there under another invocation id, or, when
        it doesn't know that it was set back, has a lower number than before. The first reading of a day is full: an
        account that was moved out of the base, or whose organizational unit was, isn't among the changes below it.
        """
        same = (self.controller, self.scope, self.full) == (now.controller, now.scope, now.full)
        return same and self.usn <= now.usn
