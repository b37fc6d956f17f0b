"""The modals of an approval: one asks from which day a first count holds, the other what else is to be different.

Who can be left out is looked up while somebody types, and why is asked.
"""

from collections.abc import Mapping
from datetime import date

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.actions import Act, Field, Modal, items_of, reasons_in
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.listeners.changes import decide, outdated, to_be_decided
from bot.logging import about
from bot.message import Json, Message
from bot.replies import Answer, Replies
from bot.targets import ChangeTarget
from bot.views import limits, parts
from bot.views.approving import approval_modal, choice_options
from bot.views.changes import headline
from bot.views.modals import Origin, first_count_modal
from commands import approval_forms, changes
from commands.backdating import GoesBackTooFar
from commands.first_counts import FirstDayIsMissing
from commands.left_out import MoveIsOneDecision, NoSuchItem
from commands.reasons import ReasonIsMissing


async def approve(edge: Edge, click: Click) -> Message:
    """Approves the revision that was shown, from the day and without whom the modal says."""
    return await decide(edge, click, changes.approve, effective=_day(click), left_out=_reasons(click))


async def ask(edge: Edge, click: Click) -> Message | None:
    """Opens the modal."""
    actor, target = await edge.actor(click.user), about(ChangeTarget.parse(click.value))
    form = await edge.run(approval_forms.approval_form, edge.database, actor, edge.clock, target.id)
    if (answer := await outdated(edge, click, form.change)) is not None:
        return answer
    await edge.slack.open(click.trigger_id, approval_modal(click.origin, form))
    return None


async def ask_first_day(edge: Edge, click: Click) -> Message | None:
    """Opens the modal that asks from which day a first count holds."""
    change = await to_be_decided(edge, click)
    if (answer := await outdated(edge, click, change)) is not None:
        return answer
    stated = change.first_approval.effective if change.first_approval else None
    first_day = stated or min(item.effective for item in change.items)
    await edge.slack.open(click.trigger_id, first_count_modal(click.origin, headline(change), first_day))
    return None


async def ask_why(edge: Edge, click: Click) -> None:
    """Asks in the open modal why each of those who were chosen is left out."""
    actor, target = await edge.actor(click.user), about(ChangeTarget.parse(click.value))
    chosen = items_of(click.fields[Field.LEAVE_OUT])
    form = await edge.run(approval_forms.approval_form, edge.database, actor, edge.clock, target.id, chosen)
    await edge.slack.show(click.view, approval_modal(click.origin, form))


async def faults(edge: Edge, click: Click) -> Mapping[str, str]:
    """What is wrong with the modal's fields, as far as it can be put right there."""
    actor, target = await edge.actor(click.user), ChangeTarget.parse(click.value)
    terms = ((target.id, target.revision), _day(click), _reasons(click))
    try:
        await edge.run(changes.rehearse_approval, edge.database, actor, edge.clock, *terms)
    except FirstDayIsMissing as error:
        return {Field.EFFECTIVE: parts.reason(error.asks)}
    except GoesBackTooFar as error:
        return {Field.EFFECTIVE: parts.reason(str(error))}
    except ReasonIsMissing as error:
        return {Field.LEAVE_OUT: error.asks}
    except (MoveIsOneDecision, NoSuchItem) as error:
        return {Field.LEAVE_OUT: parts.reason(str(error))}
    return {}


async def suggest(edge: Edge, body: Json) -> Json:
    """Who can be left out and is called like what was typed."""
    actor = await edge.actor(body["user"]["id"])
    target = ChangeTarget.parse(Origin.unpacked(body["view"]["private_metadata"]).value)
    found = await edge.run(
        approval_forms.search_choices,
        edge.database,
        actor,
        (target.id, target.revision),
        body.get("value") or "",
        limits.OPTIONS,
    )
    return {"options": [option.to_dict() for option in choice_options(found)]}


def _day(click: Click) -> date | None:
    stated = click.fields.get(Field.EFFECTIVE)
    return date.fromisoformat(stated) if stated else None


def _reasons(click: Click) -> Mapping[int, str]:
    """Why each is left out; of whoever was chosen before the modal could ask, that isn't known."""
    return {**dict.fromkeys(items_of(click.fields.get(Field.LEAVE_OUT, "")), ""), **reasons_in(click.fields)}


ANSWERS: Mapping[type, Answer] = {}
DECISIONS: Mapping[str, Doer] = {Modal.APPROVE_WITH: approve, Modal.FIRST_COUNT: approve}


def register(app: AsyncApp, _replies: Replies, desk: Desk) -> None:
    """Takes the buttons, the modals, and what is typed and chosen in them."""

    async def looked_up(ack: AsyncAck, body: Json) -> None:
        await ack(await desk.offered(suggest, body))

    app.action(Act.APPROVE_FIRST_COUNT)(desk.asking(ask_first_day))
    app.action(Act.APPROVE_WITH)(desk.asking(ask))
    app.action(Act.LEAVE_OUT)(desk.asking(ask_why, Click.of_choice))
    app.options(Act.LEAVE_OUT)(looked_up)
    app.view(Modal.FIRST_COUNT)(desk.deciding(Click.of_submission, faults))
    app.view(Modal.APPROVE_WITH)(desk.deciding(Click.of_submission, faults))
