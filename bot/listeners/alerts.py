"""The button and the modal of a reading that the safety catch holds."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.actions import Act, Field, Modal
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.logging import about
from bot.message import Message
from bot.reasons import unexplained
from bot.replies import Answer, Replies
from bot.targets import HeldTarget
from bot.views.alerts import let_through_modal
from bot.views.surfaces import said
from commands import letting_through, notices, reasons
from commands.letting_through import ListWasReplaced, NothingIsHeld
from commands.sync import sync_clients


async def ask_reason(edge: Edge, click: Click) -> None:
    """Opens the modal that asks why a held reading is let through."""
    actor, target = await edge.actor(click.user), about(HeldTarget.parse(click.value))
    try:
        alert = await edge.run(letting_through.to_be_let_through, edge.database, actor, target.directory, target.seal)
    except (ListWasReplaced, NothingIsHeld):
        await _shown_anew(edge, target)
        raise
    await edge.slack.open(click.trigger_id, let_through_modal(click.origin, alert))


async def let_through(edge: Edge, click: Click) -> Message:
    """Gives the reading its pass, and reads the client's directories again at once."""
    actor, target = await edge.actor(click.user), about(HeldTarget.parse(click.value))
    reason = click.fields[Field.REASON]
    try:
        passed = await edge.run(
            letting_through.let_through, edge.database, actor, edge.clock, target.directory, target.seal, reason
        )
    except ListWasReplaced:
        # Where nothing is held any more, the card says so by itself; before a crash, this very click may have done it.
        await _shown_anew(edge, target)
        raise
    outcomes = await sync_clients(edge.database, actor, edge.rollcall.sources, edge.clock, [passed.client])
    return said("\n".join(outcome.message for outcome in outcomes))


async def faults(_edge: Edge, click: Click) -> Mapping[str, str]:
    """What is wrong with the window, by field."""
    return unexplained(click, reasons.LET_THROUGH)


async def _shown_anew(edge: Edge, target: HeldTarget) -> None:
    await edge.run(notices.show_again, edge.database, "alert", f"directory:{target.directory}")


ANSWERS: Mapping[type, Answer] = {}
DECISIONS: Mapping[str, Doer] = {Modal.LET_THROUGH: let_through}


def register(app: AsyncApp, _replies: Replies, desk: Desk) -> None:
    """Takes the button and the modal."""
    app.action(Act.LET_THROUGH)(desk.asking(ask_reason))
    app.view(Modal.LET_THROUGH)(desk.deciding(Click.of_submission, faults))
