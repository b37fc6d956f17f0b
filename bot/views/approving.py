"""The modal of an approval with changes: from which day it holds, and whom it leaves out, each for a reason."""

from collections.abc import Iterable

from slack_sdk.models.blocks import DatePickerElement, ExternalDataMultiSelectElement, Option, PlainTextInputElement

from bot.actions import Field, Modal, item_value, reason_field
from bot.message import Json, ModalView
from bot.views import limits, parts
from bot.views.changes import headline
from bot.views.fitting import Body
from bot.views.modals import Origin, asked
from bot.views.surfaces import Form, modal
from commands.approval_forms import ApprovalForm, Choice
from documents.format import day

_NEXT = "Everybody else is approved as the card shows it. Whom you leave out isn't proposed again until they change."


def approval_modal(origin: Origin, form: ApprovalForm) -> ModalView:
    """Asks from which day a change holds and whom it leaves out, and why for each who was chosen so far."""
    change, left_out = form.change, form.left_out[: limits.LEFT_OUT]
    title = headline(change)
    days = sorted({item.effective for item in change.items})
    own = f"from {day(days[0])}" if len(days) == 1 else f"each on their day, from {day(days[0])} to {day(days[-1])}"
    kept = change.first_approval.effective if change.first_approval else None
    picker = DatePickerElement(action_id=Field.EFFECTIVE, initial_date=kept.isoformat() if kept else None)
    fields = (
        asked(Field.EFFECTIVE, f"From which day? Empty: {own}", picker, optional=True),
        asked(Field.LEAVE_OUT, "Whom or what do you leave out?", _menu(left_out), optional=True, tells=True),
        *(_reason(choice) for choice in left_out),
    )
    told = f"{parts.reason(title)}. {_bounds(form)} {_NEXT}"
    sent = Form(Modal.APPROVE_WITH, "Approve", origin.packed(), fields)
    return modal("Approve with changes", Body((parts.paragraph(told),)), sent)


def choice_options(choices: Iterable[Choice]) -> list[Option]:
    """What can be left out, as the menu offers it."""
    return parts.options(((_label(choice), item_value(choice.numbers)) for choice in choices), limits.VIEW)


def _menu(left_out: Iterable[Choice]) -> ExternalDataMultiSelectElement:
    return ExternalDataMultiSelectElement(
        action_id=Field.LEAVE_OUT,
        placeholder=parts.plain("Type a part of a name", limits.PLACEHOLDER),
        initial_options=choice_options(left_out) or None,
        min_query_length=0,
        max_selected_items=limits.LEFT_OUT,
    )


def _reason(choice: Choice) -> Json:
    field = reason_field(choice.numbers)
    box = PlainTextInputElement(action_id=field, max_length=limits.PLAIN_TEXT_INPUT)
    return asked(field, f"Why is {parts.name(choice.name)} left out?", box)


def _bounds(form: ApprovalForm) -> str:
    if form.earliest is None:
        return "You may let it hold from any day."
    return f"You may let it hold from {day(form.earliest)} on; what goes back further takes the role biller."


def _label(choice: Choice) -> str:
    name, rosters = parts.name(choice.name), [parts.name(roster) for roster in choice.rosters]
    if choice.kind == "move":
        return f"{limits.cut(name, limits.NAME // 2)}: {rosters[0]} → {rosters[1]}"
    if choice.kind == "quantity":
        return name
    verb = "joins" if choice.kind == "join" else "leaves"
    return f"{limits.cut(name, limits.NAME // 2)} {verb} {rosters[0]}"
