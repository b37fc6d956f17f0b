"""The form by which an invoice is credited, whole or in part, and what is said of the credit note."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from slack_sdk.models.blocks import (
    ActionsBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)

from billing.credits import CreditIsTooLarge, CreditWouldCost
from billing.errors import Refused, WrongInput
from bot.actions import Act, Field, Modal
from bot.message import Json, Message, ModalView
from bot.views import limits, parts
from bot.views.fitting import Body
from bot.views.modals import Origin, asked, reason_box
from bot.views.surfaces import Form, modal, said
from commands.credits import CreditForm, CreditLine
from documents.document import Document
from documents.format import Format, day

_EXAMPLE = Decimal("49.5")
WHOLE, FOR_GOOD, AGAIN = "0", "concession", "reversal"
_BILLED = {
    FOR_GOOD: "For good: the client doesn't pay it",
    AGAIN: "To bill it again: the next run bills it as it is owed then",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A form as far as it is filled in: its answers by field, and what was said of them."""

    answers: Mapping[str, str]
    told: str = ""


def credit_modal(origin: Origin, form: CreditForm, chosen: Chosen) -> ModalView:
    """Asks what of an invoice is given back, how much of it, whether it is billed again, and why."""
    written = Format(form.client.locale, form.client.currency)
    what = f"Invoice {form.number} of {day(form.bill_date)}, {parts.name(form.client.name)}"
    left = f"{written.money(form.left_minor)} before tax is left of it."
    told = parts.paragraph(f"{what}: {written.money(form.total_minor)} with tax. {left}")
    if not form.lines:
        return modal("Credit an invoice", Body((told,)))
    fields = (
        asked(Field.LINE, "What is given back?", _lines(form, written, chosen), tells=True),
        *_left_out(form, written),
        asked(
            Field.AMOUNT, "How much of it, before tax? Empty: all that is left", _amount(chosen, written), optional=True
        ),
        asked(Field.REBILL, "For good, or to bill it again?", _billed(chosen)),
        reason_box("Why? It stands on the credit note."),
        ActionsBlock(
            elements=[parts.button("Work it out", Act.TRY_CREDIT, "try", says="Show what it comes to, with its tax")]
        ).to_dict(),
        parts.small(limits.cut(chosen.told, limits.HALF) or "Nothing is issued before you send this off."),
    )
    return modal("Credit an invoice", Body((told,)), Form(Modal.CREDIT, "Credit", origin.packed(), fields))


def what_it_comes_to(document: Document) -> str:
    """What a credit note gives back, before tax and with it."""
    written = Format(document.locale, document.draft.currency)
    given, total = written.money(-document.draft.subtotal_minor), written.money(-document.draft.total_minor)
    return f"It gives back {given} before tax, {total} with tax."


def refusal_of(error: Refused | WrongInput, form: CreditForm) -> str:
    """Why a credit can't be given, its amounts as the client reads them."""
    if isinstance(error, CreditIsTooLarge) and error.left_minor is not None:
        written = Format(form.client.locale, form.client.currency)
        return f"Only {written.money(error.left_minor)} before tax is left of what you chose."
    if isinstance(error, CreditWouldCost):
        written = Format(form.client.locale, form.client.currency)
        more = written.money(error.more_minor)
        return f"Without it the client would owe {more} more, tax included; credit all that is left."
    return str(error)


def credited_note(document: Document, number: str) -> Message:
    """What the one who credited an invoice is told."""
    issued = f"Credit note {document.number} over {number} is issued to {parts.name(document.buyer.name)}"
    file = f"/invoice {document.draft.client} pdf {document.number}"
    return said(f"{issued}. {what_it_comes_to(document)} As a file: {file}")


def _offered(form: CreditForm, written: Format) -> list[Option]:
    everything = (f"The whole invoice: {written.money(form.left_minor)}", WHOLE)
    # No more are put into words than a menu can have.
    lines = islice(form.lines, limits.OPTIONS)
    return parts.options([everything, *((_label(line, written), str(line.position)) for line in lines)])


def _left_out(form: CreditForm, written: Format) -> Iterator[Json]:
    """How many lines the menu has no room for."""
    if (more := len(form.lines) + 1 - len(_offered(form, written))) > 0:
        by_hand = f"rollcall credit {parts.name(form.number)} --line N"
        yield parts.small(f"\N{HORIZONTAL ELLIPSIS} and {more:,} lines more: {by_hand}")


def _lines(form: CreditForm, written: Format, chosen: Chosen) -> StaticSelectElement:
    offered = _offered(form, written)
    return StaticSelectElement(
        action_id=Act.CREDIT_LINE, options=offered, initial_option=_one(offered, chosen.answers.get(Field.LINE, WHOLE))
    )


def _label(line: CreditLine, written: Format) -> str:
    return f"{line.position}. {limits.cut(parts.name(line.title), limits.NAME // 2)}: {written.money(line.left_minor)}"


def _amount(chosen: Chosen, written: Format) -> PlainTextInputElement:
    given = limits.cut(chosen.answers.get(Field.AMOUNT, ""), limits.ANSWER)
    return PlainTextInputElement(
        action_id=Field.AMOUNT,
        initial_value=given or None,
        placeholder=parts.plain(written.number(_EXAMPLE), limits.PLACEHOLDER),
        max_length=limits.ANSWER,
    )


def _billed(chosen: Chosen) -> RadioButtonsElement:
    offered = [Option(value=value, text=parts.plain(text, limits.OPTION)) for value, text in _BILLED.items()]
    return RadioButtonsElement(
        action_id=Field.REBILL,
        options=offered,
        initial_option=_one(offered, chosen.answers.get(Field.REBILL, FOR_GOOD)),
    )


def _one(offered: list[Option], value: str) -> Option:
    return next((option for option in offered if option.value == value), offered[0])
