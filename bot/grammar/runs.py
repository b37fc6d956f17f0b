"""/run: the billing run, a step each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from bot.dates import read_date
from bot.grammar.words import CommandIsUnclear

Step = Literal["start", "status", "approve", "issue", "abandon", "xlsx"]
_STEPS = ("start", "status", "approve", "issue", "abandon", "xlsx")


@dataclass(frozen=True, slots=True)
class RunStep:
    """A step of the billing run; without a date that of the newest run."""

    bill_date: date | None
    step: Step

    @property
    def decides(self) -> bool:
        """Whether it does more than to show the run, or to ask."""
        return self.step in {"start", "approve", "issue"}

    def words(self) -> str:
        """The words after /rollcall that ask the same on any later day."""
        return " ".join(filter(None, ("run", str(self.bill_date or ""), self.step)))


def read_run(tokens: Sequence[str], today: date, _in_name: int) -> RunStep:
    """Which step of which run is asked for."""
    steps = [token.lower() for token in tokens if token.lower() in _STEPS]
    if len(steps) > 1:
        raise CommandIsUnclear(f"One step at a time, not {' and '.join(steps)}. Possible: {', '.join(_STEPS)}.")
    when = " ".join(token for token in tokens if token.lower() not in _STEPS)
    step = cast("Step", steps[0] if steps else "status")
    if step == "start" and not when:
        raise CommandIsUnclear("Which bill date is to be started? Write it as in /run 2027-05-01 start.")
    if step == "abandon" and not when:
        raise CommandIsUnclear("Which run is to be abandoned? Write its bill date, as in /run 2027-05-01 abandon.")
    return RunStep(read_date(when, today) if when else None, step)
