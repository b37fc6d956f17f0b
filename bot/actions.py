"""What Slack sends back: the ids of buttons, menus and modals, and the values that buttons carry."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from billing.errors import WrongInput


class Act(StrEnum):
    """Buttons and menus, by action id."""

    APPROVE = "change.approve"
    APPROVE_FIRST_COUNT = "change.approve_first_count"
    APPROVE_WITH = "change.approve_with"
    LEAVE_OUT = "change.leave_out"
    REJECT = "change.reject"
    DETAILS = "change.details"
    UNDO = "change.undo"
    TICK = "change.tick"
    APPROVE_TICKED = "change.approve_ticked"
    OVERRIDE = "run.override"
    APPROVE_RUN = "run.approve"
    ISSUE = "run.issue"
    ABANDON = "run.abandon"
    SAME_PERSON = "people.same"
    TWO_PEOPLE = "people.two"
    LET_THROUGH = "directory.let_through"
    PICK_CLIENT = "client.pick"
    TRY_AGAIN = "notices.try_again"
    SHARE = "answer.share"
    ADD_CLIENT = "client.add"
    CHOOSE_KIND = "client.kind"
    CHOOSE_BASIS = "client.basis"
    CHOOSE_GROUPS = "client.groups"
    LOOK = "client.look"
    CHANGE_PRICE = "client.price"
    PRICE_LINE = "price.line"
    PRICE_DAY = "price.day"
    TRY_PRICE = "price.try"
    CREDIT = "invoice.credit"
    CREDIT_LINE = "credit.line"
    TRY_CREDIT = "credit.try"


class Modal(StrEnum):
    """Modals, by callback id."""

    FIRST_COUNT = "change.first_count"
    APPROVE_WITH = "change.approve_with_changes"
    REJECTION = "change.rejection"
    OVERRIDE = "run.override_hold"
    ABANDON = "run.abandon_run"
    LET_THROUGH = "directory.let_through_held"
    ADD_CLIENT = "client.add_new"
    CHANGE_PRICE = "client.new_price"
    CREDIT = "invoice.credit_note"


TYPED = "command.typed"
"""What a command that decides is kept as, beside clicks and submissions."""


class Field(StrEnum):
    """A modal's fields, by block id; the element inside has the same id."""

    EFFECTIVE = "effective"
    LEAVE_OUT = "change.leave_out"
    REASON = "reason"
    CODE = "code"
    UNTIL = "until"
    LINE = "line"
    AMOUNT = "amount"
    REBILL = "rebill"
    SCOPE = "scope"


_REASON_OF = "reason:"
_FIGURE = "figure:"


def reason_field(numbers: Iterable[int]) -> str:
    """The block id of the field that asks why these items are left out."""
    return f"{_REASON_OF}{item_value(numbers)}"


def reasons_in(fields: Mapping[str, str]) -> dict[int, str]:
    """Why each item is left out, by its number, from the fields of a modal; raises ButtonIsStrange."""
    asked = ((block.removeprefix(_REASON_OF), why) for block, why in fields.items() if block.startswith(_REASON_OF))
    return {number: why for items, why in asked for number in items_of(items)}


def figure_field(line: int, on: date, figure: int) -> str:
    """The block id of the field for a figure of a price as of a day.

    Each line and each day has its own, so that Slack doesn't take over what stands in another's.
    """
    return f"{_FIGURE}{line}:{on}:{figure}"


def shown_day(fields: Mapping[str, str]) -> date | None:
    """The day whose figures the form showed; None where it showed none. Raises ButtonIsStrange."""
    shown = next(iter(figures_in(fields)), None)
    if shown is None:
        return None
    try:
        return date.fromisoformat(shown.split(":")[2])
    except (ValueError, IndexError):
        raise ButtonIsStrange from None


def figures_in(fields: Mapping[str, str]) -> dict[str, str]:
    """What was written for each figure, by its field, in the order of the form; raises ButtonIsStrange."""
    asked = [block for block in fields if block.startswith(_FIGURE)]
    return {block: fields[block] for block in sorted(asked, key=_place)}


def _place(block: str) -> int:
    place = block.rpartition(":")[2]
    if not place.isdecimal():
        raise ButtonIsStrange
    return int(place)


def item_value(numbers: Iterable[int]) -> str:
    """The value of an option that stands for items of a change: "12,13"."""
    return ",".join(map(str, numbers))


def items_of(values: str) -> tuple[int, ...]:
    """The items that the values of options stand for, with spaces between them; raises ButtonIsStrange."""
    numbers = values.replace(",", " ").split()
    if not all(number.isdecimal() for number in numbers):
        raise ButtonIsStrange
    return tuple(map(int, numbers))


class ButtonIsStrange(WrongInput):
    """A button's value isn't one that this version makes."""

    def __init__(self) -> None:
        super().__init__(
            "That button or window is from another version of Rollcall. Ask for the card again and use its buttons."
        )
