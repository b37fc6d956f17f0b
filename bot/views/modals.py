"""Modals: what is asked before a decision is taken. None of them knows a rule; the command refuses what can't be."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Self

from slack_sdk.models.blocks import (
    DatePickerElement,
    InputBlock,
    InputInteractiveElement,
    PlainTextInputElement,
    StaticSelectElement,
)

from bot.actions import ButtonIsStrange, Field, Modal
from bot.message import Json, ModalView
from bot.views import limits, parts
from bot.views.fitting import Body
from bot.views.surfaces import Form, modal


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the click came from that opened a modal, and what it was about; it travels inside the modal.

    `thread` is the ts of the thread that it came from, `at_home` says that it came from the home tab.
    """

    value: str
    channel: str | None = None
    response_url: str | None = None
    thread: str | None = None
    at_home: bool = False

    def packed(self) -> str:
        """As the modal's private metadata.

        Where Slack has no room for all of it, the address goes first: the channel is answered then. A value that is too
        long even so is none that this version makes, and goes too, so that whoever sends the modal off is told.
        """
        for kept in (self, replace(self, response_url=None), replace(self, response_url=None, value="")):
            packed = _packed(kept)
            if limits.whole(packed, limits.METADATA):
                return packed
        return _packed(Origin(""))

    @classmethod
    def unpacked(cls, text: str) -> Self:
        """From the modal's private metadata; raises ButtonIsStrange where another version wrote it."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            raise ButtonIsStrange from None


def _packed(origin: Origin) -> str:
    return json.dumps({name: known for name, known in asdict(origin).items() if known or name == "value"})


def first_count_modal(origin: Origin, title: str, first_day: date) -> ModalView:
    """Asks from which day a first count holds."""
    picker = DatePickerElement(action_id=Field.EFFECTIVE, initial_date=first_day.isoformat())
    told = f"{parts.reason(title)}. Until the day below, the number that was stated before stays in force."
    form = Form(Modal.FIRST_COUNT, "Approve", origin.packed(), (asked(Field.EFFECTIVE, "From", picker),))
    return modal("Approve first count", Body((parts.paragraph(told),)), form)


def rejection_modal(origin: Origin, title: str) -> ModalView:
    """Asks why a change is rejected."""
    told = f"{parts.reason(title)}. What you reject isn't proposed again until it changes."
    form = Form(Modal.REJECTION, "Reject", origin.packed(), (reason_box("Why is it rejected?"),))
    return modal("Reject change", Body((parts.paragraph(told),)), form)


def override_modal(origin: Origin, client_name: str, codes: Sequence[str], until: date) -> ModalView:
    """Asks which hold of a client is let through, why, and for how long; nothing where there is none."""
    told = f"{parts.name(client_name)} is held. Your name and your reason are kept with the override."
    options = parts.options((code, code) for code in dict.fromkeys(codes))
    if not options:
        return modal("Override a hold", Body((parts.paragraph(f"{parts.name(client_name)} isn't held."),)))
    menu = StaticSelectElement(action_id=Field.CODE, options=options, initial_option=options[0])
    picker = DatePickerElement(action_id=Field.UNTIL, initial_date=until.isoformat())
    fields = (
        asked(Field.CODE, "Which hold?", menu),
        reason_box("Why is it let through?"),
        asked(Field.UNTIL, "Until", picker),
    )
    form = Form(Modal.OVERRIDE, "Override", origin.packed(), fields)
    return modal("Override a hold", Body((parts.paragraph(told),)), form)


def abandon_modal(origin: Origin, told: str) -> ModalView:
    """Asks why a run is given up; `told` says which one, and what goes with it."""
    form = Form(Modal.ABANDON, "Abandon run", origin.packed(), (reason_box("Why is it abandoned?"),))
    return modal("Abandon run", Body((parts.paragraph(told),)), form)


def let_through_modal(origin: Origin, told: Body) -> ModalView:
    """Asks why a held reading is let through; `told` says what it would move."""
    form = Form(Modal.LET_THROUGH, "Let it through", origin.packed(), (reason_box("Why is it true?"),))
    return modal("Let it through", told, form)


def reason_box(label: str, *, optional: bool = False) -> Json:
    """Asks for a reason."""
    box = PlainTextInputElement(action_id=Field.REASON, multiline=True, max_length=limits.PLAIN_TEXT_INPUT)
    return asked(Field.REASON, label, box, optional=optional)


def asked(
    field: str, label: str, element: InputInteractiveElement, *, optional: bool = False, tells: bool = False
) -> Json:
    """A field with its label; one that `tells` says at once what is put into it."""
    return InputBlock(
        block_id=field,
        label=parts.plain(label, limits.LABEL),
        element=element,
        optional=optional or None,
        dispatch_action=tells or None,
    ).to_dict()
