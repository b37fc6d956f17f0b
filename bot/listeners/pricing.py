"""The button and the form by which a price is changed."""

from collections.abc import Mapping
from datetime import date

from slack_bolt.async_app import AsyncApp
from structlog.contextvars import bind_contextvars

from billing.errors import Refused, WrongInput
from billing.prices import PriceMakesNoSense
from bot.actions import Act, Field, Modal, figures_in, shown_day
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.message import Message
from bot.replies import Answer, Replies
from bot.views import parts
from bot.views.pricing import ALL, TOO_MANY, Filled, changed_note, effect_of, price_modal
from commands import price_forms, pricing
from commands.price_forms import PriceForm
from commands.pricing import NewPrice, PriceEffect, PriceIsOtherwise, PriceIsUnlikely
from documents.format import Format, NumberIsUnclear
from rosters.effects import BilledPeriodsWouldChange

_CHANGES_WHAT_IS_BILLED = "Periods that are billed already would change, as “Show its effect” says. Say why."


async def ask(edge: Edge, click: Click) -> None:
    """Opens the form for a client."""
    bind_contextvars(client=click.value)
    form = await edge.run(price_forms.price_form, edge.database, await edge.actor(click.user), edge.clock, click.value)
    await edge.slack.open(click.trigger_id, price_modal(click.origin, form, Filled({})))


async def choose(edge: Edge, click: Click) -> None:
    """Asks for the amounts of the line that was chosen, as they are on the day that was."""
    await edge.slack.show(click.view, price_modal(click.origin, await _form(edge, click), Filled(click.fields)))


async def show_effect(edge: Edge, click: Click) -> None:
    """Shows in the form what the new price would do to amounts."""
    form = await _form(edge, click)
    try:
        told = effect_of(await _tried(edge, click, form))
    except (Refused, WrongInput) as refusal:
        told = str(refusal)
    await edge.slack.show(click.view, price_modal(click.origin, form, Filled(click.fields, told)))


async def faults(edge: Edge, click: Click) -> Mapping[str, str]:
    """What is wrong with the form, by field."""
    form, figures = await _form(edge, click), figures_in(click.fields)
    written = Format(form.client.locale, form.client.currency)
    unclear = {field: fault for field, text in figures.items() if (fault := _unclear(written, text))}
    if unclear or not figures:
        return unclear or {Field.LINE: TOO_MANY}
    try:
        found = await _tried(edge, click, form)
    except (PriceMakesNoSense, PriceIsUnlikely) as error:
        return {next(iter(figures)): parts.reason(str(error))}
    except PriceIsOtherwise as error:
        return {Field.EFFECTIVE: parts.reason(str(error))}
    except (Refused, WrongInput) as error:
        return {Field.LINE: parts.reason(str(error))}
    if any(effect.billed for effect in found.effects) and not click.fields[Field.REASON].strip():
        return {Field.REASON: _CHANGES_WHAT_IS_BILLED}
    return {}


async def change(edge: Edge, click: Click) -> Message:
    """Changes the price."""
    actor, form = await edge.actor(click.user), await _form(edge, click)
    new, reason = _new(click, form), click.fields[Field.REASON].strip() or None
    try:
        found = await edge.run(pricing.change_price, edge.database, actor, edge.clock, new, reason)
    except BilledPeriodsWouldChange as refusal:
        raise BilledPeriodsWouldChange(_CHANGES_WHAT_IS_BILLED) from refusal
    return changed_note(found, form)


async def _form(edge: Edge, click: Click) -> PriceForm:
    bind_contextvars(client=click.value)
    # Somebody may have emptied a field before they pressed a button.
    line, stated = click.fields[Field.LINE] or None, click.fields[Field.EFFECTIVE]
    since = date.fromisoformat(stated) if stated else None
    actor = await edge.actor(click.user)
    return await edge.run(price_forms.price_form, edge.database, actor, edge.clock, click.value, line, since)


async def _tried(edge: Edge, click: Click, form: PriceForm) -> PriceEffect:
    actor = await edge.actor(click.user)
    return await edge.run(pricing.try_price, edge.database, actor, edge.clock, _new(click, form))


def _new(click: Click, form: PriceForm) -> NewPrice:
    """What the form asks for.

    Raises:
        NumberIsUnclear: an amount isn't written as the client's locale has it.
        PriceIsOtherwise: the form had no room for the amounts.

    """
    written, shown = Format(form.client.locale, form.client.currency), shown_day(click.fields)
    if shown is None:
        raise PriceIsOtherwise(TOO_MANY)
    amounts = tuple(written.read(text) for text in figures_in(click.fields).values())
    for_all = click.fields.get(Field.SCOPE) == ALL
    return NewPrice(form.client.slug, click.fields[Field.LINE], amounts, form.since, for_all, shown)


def _unclear(written: Format, text: str) -> str:
    try:
        written.read(text)
    except NumberIsUnclear as error:
        return parts.reason(str(error))
    return ""


ANSWERS: Mapping[type, Answer] = {}
DECISIONS: Mapping[str, Doer] = {Modal.CHANGE_PRICE: change}


def register(app: AsyncApp, _replies: Replies, desk: Desk) -> None:
    """Takes the button, the form, and what is chosen in it."""
    app.action(Act.CHANGE_PRICE)(desk.asking(ask))
    app.action(Act.PRICE_LINE)(desk.asking(choose, Click.of_choice))
    app.action(Act.PRICE_DAY)(desk.asking(choose, Click.of_choice))
    app.action(Act.TRY_PRICE)(desk.asking(show_effect, Click.of_choice))
    app.view(Modal.CHANGE_PRICE)(desk.deciding(Click.of_submission, faults))
