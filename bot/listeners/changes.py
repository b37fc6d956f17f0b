"""/changes, and the buttons and modals of a change."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot import pictures
from bot.actions import Act, Field, Modal
from bot.apology import apology
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.grammar.checks import ChangesWorkbook, ListChanges
from bot.handing import hand_over, table_name
from bot.logging import about
from bot.message import Message
from bot.reasons import unexplained
from bot.replies import Answer, Replies
from bot.targets import ChangeTarget
from bot.views import charts
from bot.views.change_details import details_modal
from bot.views.changes import decided_note, headline, outcome, refusal_with_card, undone_note
from bot.views.modals import rejection_modal
from bot.views.waiting import changes_list, how_many, results_note
from commands import change_details, changes, deciding_many, notices, reasons, spreadsheets, undoing
from commands.actors import Actor
from commands.change_cards import ChangeView
from commands.refusals import RefusedWithNames
from documents.sources import Told

_OUTDATED = ("That card is out of date, so nothing was decided. This is how it stands now.",)


async def pending(edge: Edge, actor: Actor, request: ListChanges) -> Message:
    """What waits for approval."""
    return changes_list(await edge.run(deciding_many.to_decide, edge.database, actor, edge.clock, request.client))


async def workbook(edge: Edge, actor: Actor, request: ChangesWorkbook) -> Message:
    """The same as a spreadsheet, where anything waits."""
    waiting = await edge.run(deciding_many.to_decide, edge.database, actor, edge.clock, request.client)
    if not waiting:
        return changes_list(waiting)
    content = await edge.work.draw(spreadsheets.of_changes, [each.change for each in waiting])
    return await hand_over(edge, actor, table_name("changes", request.client), content, how_many(waiting))


async def approve(edge: Edge, click: Click) -> Message:
    """Approves the revision that was shown."""
    return await decide(edge, click, changes.approve)


async def approve_ticked(edge: Edge, click: Click) -> Message:
    """Approves each change that was ticked as it was shown, by itself: one that is refused undoes no other."""
    actor = await edge.actor(click.user)
    return results_note([await _approved(edge, actor, ChangeTarget.parse(value)) for value in click.value.split()])


async def _approved(edge: Edge, actor: Actor, target: ChangeTarget) -> Told:
    about(target)
    try:
        change = await edge.run(changes.approve, edge.database, actor, edge.clock, target.id, revision=target.revision)
    except RefusedWithNames as refusal:
        return refusal.told
    except Exception as error:  # noqa: BLE001 - the others are decided all the same, whatever one ran into
        return (apology(error).text,)
    return (outcome(change),)


async def noted(_edge: Edge, _click: Click) -> None:
    """What is ticked counts once the button beside it is pressed."""


async def reject(edge: Edge, click: Click) -> Message:
    """Rejects the revision that was shown, for a reason."""
    return await decide(edge, click, changes.reject, reason=click.fields[Field.REASON])


async def rejection_faults(_edge: Edge, click: Click) -> Mapping[str, str]:
    """What is wrong with the window of a rejection, by field."""
    return unexplained(click, reasons.REJECTED)


async def undo(edge: Edge, click: Click) -> Message:
    """Undoes a decision of today."""
    target, actor = about(ChangeTarget.parse(click.value)), await edge.actor(click.user)
    return undone_note(await edge.run(undoing.undo, edge.database, actor, edge.clock, target.id))


async def details(edge: Edge, click: Click) -> None:
    """Opens a modal with everything about the change as it is now; the chart comes into it when it is drawn."""
    actor, target = await edge.actor(click.user), about(ChangeTarget.parse(click.value))
    found = await edge.run(change_details.details, edge.database, actor, edge.clock, target.id)
    picture = charts.picture_of(found.history)
    view_id = await edge.slack.open(
        click.trigger_id, details_modal(found, charts.drawing() if picture else charts.nobody())
    )
    if picture is not None:
        await pictures.show(edge, picture, lambda shown: edge.slack.show(view_id, details_modal(found, shown)))


async def ask_reason(edge: Edge, click: Click) -> Message | None:
    """Opens the modal that asks why a change is rejected."""
    change = await to_be_decided(edge, click)
    if (answer := await outdated(edge, click, change)) is not None:
        return answer
    await edge.slack.open(click.trigger_id, rejection_modal(click.origin, headline(change)))
    return None


async def to_be_decided(edge: Edge, click: Click) -> ChangeView:
    """The change that a click is about, for whoever may decide it."""
    actor = await edge.actor(click.user)
    return await edge.run(changes.to_be_decided, edge.database, actor, about(ChangeTarget.parse(click.value)).id)


async def decide(edge: Edge, click: Click, command: Callable[..., ChangeView], **said: Any) -> Message:
    """Has a command decide the revision that was shown, and tells what came of it."""
    target, actor = about(ChangeTarget.parse(click.value)), await edge.actor(click.user)
    try:
        decided = await edge.run(command, edge.database, actor, edge.clock, target.id, revision=target.revision, **said)
    except (changes.AlreadyDecided, changes.ChangeWasReplaced) as refusal:
        told = refusal.told if isinstance(refusal, changes.AlreadyDecided) else (str(refusal),)
        return await _shown_anew(edge, await edge.run(changes.show, edge.database, target.id), told)
    return decided_note(decided)


async def outdated(edge: Edge, click: Click, change: ChangeView) -> Message | None:
    """The answer to a click on a card that doesn't show the change as it is now; None where it does."""
    if change.state == "pending" and change.revision == ChangeTarget.parse(click.value).revision:
        return None
    return await _shown_anew(edge, change, _OUTDATED)


async def _shown_anew(edge: Edge, change: ChangeView, refusal: Told) -> Message:
    """The refusal with the change as it is now; the card in the channel is put right as well."""
    await edge.run(notices.show_again, edge.database, "change", str(change.id))
    return refusal_with_card(refusal, change)


ANSWERS: Mapping[type, Answer] = {ListChanges: pending, ChangesWorkbook: workbook}
DECISIONS: Mapping[str, Doer] = {
    Act.APPROVE: approve,
    Modal.REJECTION: reject,
    Act.UNDO: undo,
    Act.APPROVE_TICKED: approve_ticked,
}


def register(app: AsyncApp, replies: Replies, desk: Desk) -> None:
    """Takes the slash command, the buttons and the modals."""
    app.command("/changes")(replies.listener(desk))
    app.action(Act.APPROVE)(desk.deciding(Click.of_action))
    app.action(Act.REJECT)(desk.asking(ask_reason))
    app.action(Act.TICK)(desk.asking(noted))
    app.action(Act.APPROVE_TICKED)(desk.deciding(Click.of_ticks))
    app.action(Act.UNDO)(desk.deciding(Click.of_action))
    app.action(Act.DETAILS)(desk.asking(details))
    app.view(Modal.REJECTION)(desk.deciding(Click.of_submission, rejection_faults))
