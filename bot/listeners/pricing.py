"""The button and the form by which a price is changed."""

from collections.abc import Mapping
from datetime import date

from slack_bolt.async_app import AsyncApp

from billing.errors import Refused, WrongInput
from billing.prices import PriceMakesNoSense
from billing.whatif.effects import BilledPeriodsWouldChange
from bot.actions import Act, Field, Modal, figures_in
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.message import Message
from bot.replies import Answer, Replies
from bot.views import parts
from bot.views.pricing import ALL, Filled, changed_note, effect_of, price_modal
from commands import pricing
from commands.import_book import ImportPlan
from commands.pricing import NewPrice, PriceForm, PriceIsUnlikely
from documents.format import Format, NumberIsUnclear

_CHANGES_WHAT_IS_BILLED = "Periods that are billed already would change, as “Show its effect” says. Say why."


async def ask(edge: Edge, click: Click) -> None:
    """Opens the form for a client."""
    form = await edge.run(pricing.price_form, edge.database, await edge.actor(click.user), edge.clock, click.value)
    await edge.slack.open(click.trigger_id, price_modal(click.origin, form, Filled({})))


async def choose_line(edge: Edge, click: Click) -> None:
    """Asks for the amounts of the line that was chosen."""
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
    if unclear:
        return unclear
    try:
        plan = await _tried(edge, click, form)
    except (PriceMakesNoSense, PriceIsUnlikely) as error:
        return {next(iter(figures)): parts.reason(str(error))}
    except (Refused, WrongInput) as error:
        return {Field.LINE: parts.reason(str(error))}
    if any(effect.billed for effect in plan.effects) and not click.fields[Field.REASON].strip():
        return {Field.REASON: _CHANGES_WHAT_IS_BILLED}
    return {}


async def change(edge: Edge, click: Click) -> Message:
    """Changes the price."""
    actor, form = await edge.actor(click.user), await _form(edge, click)
    new, reason = _new(click, form), click.fields[Field.REASON].strip() or None
    try:
        plan = await edge.run(pricing.change_price, edge.database, actor, edge.clock, new, reason)
    except BilledPeriodsWouldChange as refusal:
        raise BilledPeriodsWouldChange(_CHANGES_WHAT_IS_BILLED) from refusal
    return changed_note(plan, form)


async def _form(edge: Edge, click: Click) -> PriceForm:
    # Somebody may have emptied a field before they pressed a button.
    line, stated = click.fields[Field.LINE] or None, click.fields[Field.EFFECTIVE]
    since = date.fromisoformat(stated) if stated else None
    actor = await edge.actor(click.user)
    return await edge.run(pricing.price_form, edge.database, actor, edge.clock, click.value, line, since)


async def _tried(edge: Edge, click: Click, form: PriceForm) -> ImportPlan:
    actor = await edge.actor(click.user)
    return await edge.run(pricing.try_price, edge.database, actor, edge.clock, _new(click, form))


def _new(click: Click, form: PriceForm) -> NewPrice:
    """What the form asks for; raises NumberIsUnclear where an amount isn't written as the client's locale has it."""
    written = Format(form.client.locale, form.client.currency)
    amounts = tuple(written.read(text) for text in figures_in(click.fields).values())
    for_all = click.fields.get(Field.SCOPE) == ALL
    return NewPrice(form.client.slug, click.fields[Field.LINE], amounts, form.since, for_all)


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
    app.action(Act.PRICE_LINE)(desk.asking(choose_line, Click.of_choice))
    app.action(Act.TRY_PRICE)(desk.asking(show_effect, Click.of_choice))
    app.view(Modal.CHANGE_PRICE)(desk.deciding(Click.of_submission, faults))
