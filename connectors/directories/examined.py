"""What a look at a directory finds beside its accounts, for whoever looks after Rollcall."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from connectors.errors import DirectoryNotRead


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was looked at, how it is, and what to do where it isn't well."""

    what: str
    state: Literal["well", "doubtful", "broken"]
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """What we sign in by, shared by all directories of one app; `expires` is None where nobody lets us see it."""

    name: str
    expires: datetime | None
    remedy: str


@dataclass(frozen=True, slots=True)
class Examined:
    """`ahead` is by how much the source's clock is ahead of ours, None where it didn't tell."""

    observations: tuple[Observation, ...] = ()
    credential: Credential | None = None
    ahead: timedelta | None = None

    @property
    def broken(self) -> bool:
        """Whether a reading can't succeed."""
        return any(one.state == "broken" for one in self.observations)


def refused(what: str, failure: DirectoryNotRead) -> Observation:
    """A failure as an observation: its first sentence says what is wrong, the rest what to do."""
    said, _, remedy = str(failure).partition(". ")
    return Observation(what, "broken", said.rstrip("."), remedy)
