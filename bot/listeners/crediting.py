"""The menu and the form by which an invoice is credited."""

from collections.abc import Mapping
from dataclasses import replace

from slack_bolt.async_app import AsyncApp

from billing.credits import CreditIsTooLarge, CreditWouldCost, NoSuchLine, NothingLeftToCredit
from billing.errors import Refused, WrongInput
from bot.actions import Act, ButtonIsStrange, CreditTarget, Field, Modal
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.logging import about
from bot.message import Message
from bot.replies import Answer, Replies
from bot.views import parts
from bot.views.crediting import AGAIN, WHOLE, Chosen, credit_modal, credited_note, what_it_comes_to
from commands import credits  # noqa: A004 - the builtin credits is for the interactive shell
from commands.credits import CreditIsOutdated, Wanted


async def ask(edge: Edge, click: Click) -> None:
    """Opens the form for an invoice."""
    form = await edge.run(credits.credit_form, edge.database, await edge.actor(click.user), click.value)
    origin = replace(click.origin, value=str(CreditTarget(form.number, form.notes)))
    await edge.slack.open(click.trigger_id, credit_modal(origin, form, Chosen({})))


async def work_out(edge: Edge, click: Click) -> None:
    """Shows in the form what the credit note comes to as it is filled in."""
    actor, target = await edge.actor(click.user), about(CreditTarget.parse(click.value))
    form = await edge.run(credits.credit_form, edge.database, actor, target.number)
    try:
        told = what_it_comes_to(await edge.run(credits.try_credit, edge.database, actor, edge.clock, _wanted(click)))
    except (Refused, WrongInput) as refusal:
        told = str(refusal)
    await edge.slack.show(click.view, credit_modal(click.origin, form, Chosen(click.fields, told)))


async def faults(edge: Edge, click: Click) -> Mapping[str, str]:
    """What is wrong with the form, by field."""
    actor, wanted = await edge.actor(click.user), _wanted(click)
    if not click.fields[Field.REASON].strip():
        return {Field.REASON: "Say why the credit is given."}
    try:
        await edge.run(credits.try_credit, edge.database, actor, edge.clock, wanted)
    except (NothingLeftToCredit, NoSuchLine, CreditIsOutdated) as error:
        return {Field.LINE: parts.reason(str(error))}
    except (CreditIsTooLarge, CreditWouldCost, WrongInput) as error:
        return {Field.AMOUNT if wanted.amount else Field.LINE: parts.reason(str(error))}
    return {}


async def credit(edge: Edge, click: Click) -> Message:
    """Issues the credit note."""
    actor, wanted = await edge.actor(click.user), _wanted(click)
    rebill, reason = click.fields[Field.REBILL] == AGAIN, click.fields[Field.REASON]
    document = await edge.run(credits.credit, edge.database, actor, edge.clock, wanted, rebill=rebill, reason=reason)
    return credited_note(document, wanted.number)


def _wanted(click: Click) -> Wanted:
    target, line = about(CreditTarget.parse(click.value)), click.fields[Field.LINE]
    if not line.isdecimal():
        raise ButtonIsStrange
    amount = click.fields[Field.AMOUNT].strip().replace(",", "")
    return Wanted(target.number, None if line == WHOLE else int(line), amount or None, target.notes)


ANSWERS: Mapping[type, Answer] = {}
DECISIONS: Mapping[str, Doer] = {Modal.CREDIT: credit}


def register(app: AsyncApp, _replies: Replies, desk: Desk) -> None:
    """Takes the menu, the form, and what is chosen in it."""
    app.action(Act.CREDIT)(desk.asking(ask))
    app.action(Act.CREDIT_LINE)(desk.asking(work_out, Click.of_choice))
    app.action(Act.TRY_CREDIT)(desk.asking(work_out, Click.of_choice))
    app.view(Modal.CREDIT)(desk.deciding(Click.of_submission, faults))
