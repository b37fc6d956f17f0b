"""Bad luck on request: what the next calls of a method meet."""

from dataclasses import dataclass, replace
from enum import StrEnum

ANY_METHOD = "*"


class Kind(StrEnum):
    """What can go wrong with a call."""

    ERROR = "error"
    """Answered with `error`, nothing done."""
    RATE_LIMITED = "rate_limited"
    """HTTP 429 with `Retry-After`, nothing done."""
    BROKEN = "broken"
    """HTTP 500 without JSON, nothing done."""
    SLOW = "slow"
    """Done after `seconds`."""
    UNREACHABLE = "unreachable"
    """The connection is cut, nothing done."""
    LOST_ANSWER = "lost_answer"
    """Done, and the connection cut before the answer."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the next `count` calls of `method` meet; `*` stands for every method."""

    method: str
    kind: Kind
    count: int = 1
    seconds: float = 1
    error: str = "internal_error"


class Troubles:
    """The troubles that are still to come, met in the order in which they were asked for."""

    def __init__(self) -> None:
        """Start with good luck."""
        self._coming: list[Trouble] = []

    def add(self, trouble: Trouble) -> None:
        """Let something go wrong."""
        self._coming.append(trouble)

    def clear(self) -> None:
        """Let everything go well again."""
        self._coming.clear()

    def next_for(self, method: str) -> Trouble | None:
        """What this call of the method meets, and one time less of it to come."""
        for index, trouble in enumerate(self._coming):
            if trouble.method in {method, ANY_METHOD}:
                self._coming[index] = replace(trouble, count=trouble.count - 1)
                self._coming = [one for one in self._coming if one.count > 0]
                return trouble
        return None

    def loses_acknowledgement(self, event: str) -> bool:
        """Whether what the bot acknowledges of an event never reaches Slack, and one time less of it to come."""
        named = [one for one in self._coming if one.method == event and one.kind is Kind.LOST_ANSWER]
        return bool(named) and self.next_for(event) is not None

    def all(self) -> list[Trouble]:
        """What is still to come."""
        return list(self._coming)
