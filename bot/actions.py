"""What Slack sends back: the ids of buttons, menus and modals, and the values that buttons carry."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from billing.errors import WrongInput


class Act(StrEnum):
    """Buttons and menus, by action id."""

    APPROVE = "change.approve"
    APPROVE_FIRST_COUNT = "change.approve_first_count"
    REJECT = "change.reject"
    DETAILS = "change.details"
    OVERRIDE = "run.override"
    APPROVE_RUN = "run.approve"
    ISSUE = "run.issue"
    PICK_CLIENT = "client.pick"


class Modal(StrEnum):
    """Modals, by callback id."""

    FIRST_COUNT = "change.first_count"
    REJECTION = "change.rejection"
    OVERRIDE = "run.override_hold"


class Field(StrEnum):
    """A modal's fields, by block id; the element inside has the same id."""

    EFFECTIVE = "effective"
    REASON = "reason"
    CODE = "code"
    UNTIL = "until"


class ButtonIsStrange(WrongInput):
    """A button's value isn't one that this version makes."""

    def __init__(self) -> None:
        super().__init__("That button is from another version of Rollcall. Ask for the card again and use its buttons.")


@dataclass(frozen=True, slots=True)
class ChangeTarget:
    """A change as it was shown: "7:2"."""

    id: int
    revision: int

    def __str__(self) -> str:
        return f"{self.id}:{self.revision}"

    @classmethod
    def parse(cls, value: str) -> Self:
        """The value of a button; raises ButtonIsStrange."""
        change_id, _, revision = value.partition(":")
        if not (change_id.isdecimal() and revision.isdecimal()):
            raise ButtonIsStrange
        return cls(int(change_id), int(revision))


@dataclass(frozen=True, slots=True)
class RunTarget:
    """A run as it was shown: its bill date, and the seal of what the card showed."""

    bill_date: date
    seal: str

    def __str__(self) -> str:
        return f"{self.bill_date}:{self.seal}"

    @classmethod
    def parse(cls, value: str) -> Self:
        """The value of a button; raises ButtonIsStrange."""
        day, _, seal = value.partition(":")
        return cls(_day(day), seal)


@dataclass(frozen=True, slots=True)
class HoldTarget:
    """A client that a run holds: the bill date and the client's slug."""

    bill_date: date
    client: str

    def __str__(self) -> str:
        return f"{self.bill_date}:{self.client}"

    @classmethod
    def parse(cls, value: str) -> Self:
        """The value of a button; raises ButtonIsStrange."""
        day, _, client = value.partition(":")
        return cls(_day(day), client)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ButtonIsStrange from None
