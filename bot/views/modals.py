"""Modals: what is asked before a decision is taken. None of them knows a rule; the command refuses what can't be."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self

from slack_sdk.models.blocks import (
    DatePickerElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.actions import Field, Modal
from bot.message import Json
from bot.views import limits, parts
from documents.format import one_line


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the click came from that opened a modal, and what it was about; it travels inside the modal."""

    value: str
    channel: str | None
    response_url: str | None

    def packed(self) -> str:
        """As the modal's private metadata."""
        return json.dumps(asdict(self))

    @classmethod
    def unpacked(cls, text: str) -> Self:
        """From the modal's private metadata."""
        return cls(**json.loads(text))


def first_count_modal(origin: Origin, title: str, first_day: date) -> Json:
    """Asks from which day a first count holds."""
    picker = DatePickerElement(action_id=Field.EFFECTIVE, initial_date=first_day.isoformat())
    told = parts.paragraph(f"{title}. Until the day below, the number that was stated before stays in force.")
    return _modal(
        Modal.FIRST_COUNT, "Approve first count", "Approve", origin, told, _asked(Field.EFFECTIVE, "From", picker)
    )


def rejection_modal(origin: Origin, title: str) -> Json:
    """Asks why a change is rejected."""
    told = parts.paragraph(f"{title}. What you reject isn't proposed again until it changes.")
    return _modal(Modal.REJECTION, "Reject change", "Reject", origin, told, _reason("Why is it rejected?"))


def override_modal(origin: Origin, client_name: str, codes: Sequence[str], until: date) -> Json:
    """Asks which hold of a client is let through, why, and for how long."""
    options = [Option(value=code, text=parts.plain(code, limits.OPTION)) for code in codes[: limits.OPTIONS]]
    menu = StaticSelectElement(action_id=Field.CODE, options=options, initial_option=options[0])
    picker = DatePickerElement(action_id=Field.UNTIL, initial_date=until.isoformat())
    told = parts.paragraph(f"{one_line(client_name)} is held. Your name and your reason are kept with the override.")
    asked = (
        _asked(Field.CODE, "Which hold?", menu),
        _reason("Why is it let through?"),
        _asked(Field.UNTIL, "Until", picker),
    )
    return _modal(Modal.OVERRIDE, "Override a hold", "Override", origin, told, *asked)


def _modal(kind: Modal, title: str, submit: str, origin: Origin, *blocks: Json) -> Json:
    view = View(
        type="modal",
        callback_id=kind,
        title=parts.plain(title, limits.MODAL_TITLE),
        submit=parts.plain(submit, limits.MODAL_TITLE),
        close=parts.plain("Cancel", limits.MODAL_TITLE),
        private_metadata=origin.packed(),
        blocks=list(blocks),
    )
    return view.to_dict()


def _reason(label: str) -> Json:
    box = PlainTextInputElement(action_id=Field.REASON, multiline=True, max_length=limits.PLAIN_TEXT_INPUT)
    return _asked(Field.REASON, label, box)


def _asked(field: Field, label: str, element: InputInteractiveElement) -> Json:
    return InputBlock(block_id=field, label=parts.plain(label), element=element).to_dict()
