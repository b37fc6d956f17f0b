"""What an examination found, in one line with its remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from billing.errors import OutsideFailed, Refused, RollcallError, WrongInput


class State(StrEnum):
    """How it is. What was left out could not be looked at, and another finding says why."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    LEFT_OUT = "left_out"


class Part(StrEnum):
    """The parts of the house, in the order in which they are told."""

    SETTINGS = "Settings"
    DATABASE = "Database"
    SLACK = "Slack"
    DIRECTORIES = "Directories"
    ROLES = "Roles"
    MACHINE = "Machine"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `exit_code` is that of the command line when nothing worse was found; 0 unless it is a failure."""

    part: Part
    state: State
    what: str
    text: str
    remedy: str = ""
    exit_code: int = 0


def ok(part: Part, what: str, text: str) -> Finding:
    """All is well."""
    return Finding(part, State.OK, what, text)


def warn(part: Part, what: str, text: str, remedy: str) -> Finding:
    """It works, but not for long, or not all of it."""
    return Finding(part, State.WARN, what, text, remedy)


def left_out(part: Part, what: str, text: str) -> Finding:
    """It could not be looked at."""
    return Finding(part, State.LEFT_OUT, what, text)


def set_wrong(part: Part, what: str, text: str, remedy: str) -> Finding:
    """A setting, or the machine, stands in the way."""
    return Finding(part, State.FAIL, what, text, remedy, WrongInput.exit_code)


def failed_outside(part: Part, what: str, text: str, remedy: str) -> Finding:
    """A system that isn't ours stands in the way."""
    return Finding(part, State.FAIL, what, text, remedy, OutsideFailed.exit_code)


def against_rule(part: Part, what: str, text: str, remedy: str) -> Finding:
    """A rule of the product stands in the way."""
    return Finding(part, State.FAIL, what, text, remedy, Refused.exit_code)


def failed(part: Part, what: str, error: RollcallError) -> Finding:
    """An error as a finding: its first sentence says what is wrong, the rest what to do."""
    said, _, remedy = str(error).partition(". ")
    if not remedy:
        # A short refusal says what is wrong, and what to do after a colon.
        said, _, remedy = said.partition(": ")
    return Finding(part, State.FAIL, what, said.rstrip("."), remedy, error.exit_code)


def exit_code(findings: Iterable[Finding]) -> int:
    """The worst that was found; an outside system that failed says more than a wrong setting, as for `sync`."""
    return max((finding.exit_code for finding in findings), default=0)
