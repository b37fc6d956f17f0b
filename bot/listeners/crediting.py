"""The menu and the form by which an invoice is credited."""

from collections.abc import Mapping
from dataclasses import replace

from slack_bolt.async_app import AsyncApp
from structlog.contextvars import bind_contextvars

from billing.credits import CreditIsTooLarge, CreditWouldCost, NoSuchLine, NothingLeftToCredit
from billing.errors import Refused, WrongInput
from bot.actions import Act, ButtonIsStrange, Field, Modal
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.logging import about
from bot.message import Message
from bot.replies import Answer, Replies
from bot.targets import CreditTarget
from bot.views import parts
from bot.views.crediting import AGAIN, WHOLE, Chosen, credit_modal, credited_note, refusal_of, what_it_comes_to
from commands import credits  # noqa: A004 - the builtin credits is for the interactive shell
from commands.actors import Actor
from commands.credits import CreditForm, CreditIsOutdated, Wanted
from documents.format import Format


async def ask(edge: Edge, click: Click) -> None:
    """Opens the form for an invoice."""
    form = await _form(edge, await edge.actor(click.user), click.value)
    origin = replace(click.origin, value=str(CreditTarget(form.number, form.notes)))
    await edge.slack.open(click.trigger_id, credit_modal(origin, form, Chosen({})))


async def work_out(edge: Edge, click: Click) -> None:
    """Shows in the form what the credit note comes to as it is filled in."""
    actor = await edge.actor(click.user)
    form = await _form(edge, actor, _target(click).number)
    try:
        tried = await edge.run(credits.try_credit, edge.database, actor, edge.clock, _wanted(click, form))
    except (Refused, WrongInput) as refusal:
        told = refusal_of(refusal, form)
    else:
        told = what_it_comes_to(tried)
    await edge.slack.show(click.view, credit_modal(click.origin, form, Chosen(click.fields, told)))


async def faults(edge: Edge, click: Click) -> Mapping[str, str]:
    """What is wrong with the form, by field."""
    if not click.fields[Field.REASON].strip():
        return {Field.REASON: "Say why the credit is given."}
    actor = await edge.actor(click.user)
    form = await _form(edge, actor, _target(click).number)
    try:
        await edge.run(credits.try_credit, edge.database, actor, edge.clock, _wanted(click, form))
    except (NothingLeftToCredit, NoSuchLine, CreditIsOutdated) as error:
        return {Field.LINE: parts.reason(refusal_of(error, form))}
    except (CreditIsTooLarge, CreditWouldCost, WrongInput) as error:
        return {Field.AMOUNT if click.fields[Field.AMOUNT] else Field.LINE: parts.reason(refusal_of(error, form))}
    return {}


async def credit(edge: Edge, click: Click) -> Message:
    """Issues the credit note."""
    actor, number = await edge.actor(click.user), _target(click).number
    wanted = _wanted(click, await _form(edge, actor, number))
    rebill, reason = click.fields[Field.REBILL] == AGAIN, click.fields[Field.REASON]
    document = await edge.run(credits.credit, edge.database, actor, edge.clock, wanted, rebill=rebill, reason=reason)
    return credited_note(document, number)


async def _form(edge: Edge, actor: Actor, number: str) -> CreditForm:
    form = await edge.run(credits.credit_form, edge.database, actor, number)
    bind_contextvars(client=form.client.slug)
    return form


def _target(click: Click) -> CreditTarget:
    return about(CreditTarget.parse(click.value))


def _wanted(click: Click, form: CreditForm) -> Wanted:
    """What the form asks for; raises NumberIsUnclear where its amount isn't written as the client's locale has it."""
    line, written = click.fields[Field.LINE], click.fields[Field.AMOUNT].strip()
    if not line.isdecimal():
        raise ButtonIsStrange
    amount = Format(form.client.locale, form.client.currency).read(written) if written else None
    return Wanted(form.number, None if line == WHOLE else int(line), amount, _target(click).notes)


ANSWERS: Mapping[type, Answer] = {}
DECISIONS: Mapping[str, Doer] = {Modal.CREDIT: credit}


def register(app: AsyncApp, _replies: Replies, desk: Desk) -> None:
    """Takes the menu, the form, and what is chosen in it."""
    app.action(Act.CREDIT)(desk.asking(ask))
    app.action(Act.CREDIT_LINE)(desk.asking(work_out, Click.of_choice))
    app.action(Act.TRY_CREDIT)(desk.asking(work_out, Click.of_choice))
    app.view(Modal.CREDIT)(desk.deciding(Click.of_submission, faults))
