"""The form by which a price is changed, with what that does to amounts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ActionsBlock,
    DatePickerElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)

from bot.actions import Act, Field, Modal, figure_field
from bot.message import Json, Message, ModalView
from bot.views import limits, parts
from bot.views.fitting import Body
from bot.views.modals import Origin, asked, reason_box
from bot.views.surfaces import Form, modal, said
from commands.import_effects import AmountEffect
from commands.price_figures import Figure
from commands.price_forms import PricedLine, PriceForm
from commands.pricing import PriceEffect
from documents.format import Format, day, days

ONE, ALL = "one", "all"
TOO_MANY = "This price has more amounts than a form can ask for: change it by the client's book."
_TITLE = "Change a price"
_TRY = parts.button("Show its effect", Act.TRY_PRICE, "try", says="Show what the new price does to amounts")
_NO_LINE = Option(value="-", text=parts.plain("No line whose name fits here", limits.OPTION))
_NOTHING = "That is the price from that day on already, so nothing would change."


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as far as it is filled in: its answers by field, and what was said of them."""

    answers: Mapping[str, str]
    told: str = ""


def price_modal(origin: Origin, form: PriceForm, filled: Filled) -> ModalView:
    """Asks which line gets which price from which day on, and for whom."""
    name = parts.name(form.client.name)
    if form.chosen is None:
        return modal(_TITLE, Body((parts.paragraph(f"{name} has no line that goes on."),)))
    told = f"{name}, in {form.client.currency} before tax. Nothing is changed before you send this off."
    later = f" From {day(form.following)} on, another price is agreed already; that stays." if form.following else ""
    fields = (
        asked(Field.LINE, "What for?", _lines(form.lines, form.chosen), tells=True),
        *_left_out(form.lines),
        asked(Field.EFFECTIVE, "From which day?", _since(form), tells=True),
        *_figures(form, filled),
        *_scope(form, filled),
        reason_box("Why, if what is billed already changes by it?", optional=True),
        ActionsBlock(elements=[_TRY]).to_dict(),
        parts.small(limits.cut(filled.told, limits.HALF) or "What does it do to the next invoice, and a month?"),
    )
    sent = Form(Modal.CHANGE_PRICE, "Change", origin.packed(), fields)
    return modal(_TITLE, Body((parts.paragraph(f"{told}{later}"),)), sent)


def effect_of(found: PriceEffect) -> str:
    """What a new price does to amounts, client by client, as far as there is room for it."""
    if not found.changes:
        return _NOTHING
    if not found.effects:
        return "No amount changes with the numbers that are known by now."
    return limits.listed(found.effects, limits.HALF, "\n", _effect)


def changed_note(found: PriceEffect, form: PriceForm) -> Message:
    """What the one who changed a price is told."""
    if not found.changes:
        return said(_NOTHING)
    text = parts.name(form.chosen.text) if form.chosen else ""
    return said(f"{text} has another price from {day(form.since)} on.\n{effect_of(found)}")


def _effect(effect: AmountEffect) -> str:
    written = Format(effect.locale, effect.currency)
    before = written.money(effect.before_minor) + effect.taxed(effect.before_tax)
    after = written.money(effect.after_minor) + effect.taxed(effect.after_tax)
    when = days(effect.period) + ", billed already" if effect.billed else day(effect.period.start)
    return f"{parts.name(effect.client)}: {parts.name(effect.item)} {when}: {before} → {after}"


def _lines(lines: Iterable[PricedLine], chosen: PricedLine) -> StaticSelectElement:
    offered = _offered(lines)
    first = next((option for option in offered if option.value == chosen.name), None)
    return StaticSelectElement(action_id=Act.PRICE_LINE, options=offered or [_NO_LINE], initial_option=first)


def _offered(lines: Iterable[PricedLine]) -> list[Option]:
    # The others have a name that a menu would cut, and half a name is another's.
    named = (each for each in lines if limits.whole(each.name, limits.OPTION_VALUE))
    return parts.options(
        (f"{limits.cut(parts.name(each.text), limits.NAME // 2)} ({each.name})", each.name) for each in named
    )


def _left_out(lines: Sequence[PricedLine]) -> Iterator[Json]:
    """How many lines the menu has no room for."""
    if (more := len(lines) - len(_offered(lines))) > 0:
        yield parts.small(
            f"\N{HORIZONTAL ELLIPSIS} and {more:,} lines more, whose prices are changed by the client's book."
        )


def _since(form: PriceForm) -> DatePickerElement:
    return DatePickerElement(action_id=Act.PRICE_DAY, initial_date=form.since.isoformat())


def _figures(form: PriceForm, filled: Filled) -> Iterator[Json]:
    """A field for each amount; a price with more of them than a form can ask for is changed by the book."""
    written = Format(form.client.locale, form.client.currency)
    place = form.lines.index(form.chosen) if form.chosen else 0
    if len(form.figures) > limits.FIGURES:
        yield parts.small(f"{TOO_MANY} It has {len(form.figures)}.")
        return
    for at, figure in enumerate(form.figures):
        field = figure_field(place, form.since, at)
        given = limits.cut(filled.answers.get(field) or written.number(figure.amount), limits.ANSWER)
        box = PlainTextInputElement(action_id=field, initial_value=given, max_length=limits.ANSWER)
        yield asked(field, _label(figure, written), box)


def _label(figure: Figure, written: Format) -> str:
    first = written.number(figure.first)
    upwards = f"from {first} on" if figure.last is None else f"from {first} to {written.number(figure.last)}"
    match figure.kind:
        case "cycle":
            return "Amount a cycle"
        case "package":
            return f"A package of {written.number(figure.size)}"
        case "tier":
            return f"Each, {upwards}"
        case "fee":
            return f"Fee, {upwards}"
        case _:
            return "Each"


def _scope(form: PriceForm, filled: Filled) -> tuple[Json, ...]:
    """For whom, where the line has its price from a product of the catalogue."""
    if form.product is None:
        return ()
    everybody = "1 client" if form.followers == 1 else f"{form.followers:,} clients"
    offered = [
        Option(value=ONE, text=parts.plain(f"Only {parts.name(form.client.name)}", limits.OPTION)),
        Option(
            value=ALL,
            text=parts.plain(f"Who has the price of {parts.name(form.product)}: {everybody}", limits.OPTION),
        ),
    ]
    chosen = offered[filled.answers.get(Field.SCOPE, ONE) == ALL]
    return (
        asked(
            Field.SCOPE,
            "For whom?",
            RadioButtonsElement(action_id=Field.SCOPE, options=offered, initial_option=chosen),
        ),
    )
