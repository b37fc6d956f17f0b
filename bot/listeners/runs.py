"""/run, and the buttons and the modals of a billing run."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from slack_bolt.async_app import AsyncApp

from bot.actions import Act, Field, Modal
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.grammar.runs import RunStep
from bot.handing import hand_over, table_name
from bot.logging import about
from bot.message import Message
from bot.reasons import unexplained
from bot.replies import Answer, Replies
from bot.targets import HoldTarget, RunTarget
from bot.views import parts
from bot.views.modals import abandon_modal, override_modal
from bot.views.runs import abandon_question, outdated_run, run_card, run_note, title_of, what_is_abandoned
from bot.views.surfaces import said
from commands import abandoning, reasons, runs, spreadsheets
from commands.actors import Actor


async def step(edge: Edge, actor: Actor, request: RunStep) -> Message:
    """Takes a step of the run, or shows it."""
    if request.step == "start" and request.bill_date:
        return run_card(await edge.run(runs.start, edge.database, actor, edge.clock, request.bill_date))
    if request.step == "approve":
        return run_card(await edge.run(runs.approve, edge.database, actor, edge.clock, request.bill_date))
    if request.step == "issue":
        return run_card(await edge.run(runs.issue, edge.database, actor, edge.clock, request.bill_date))
    if request.step == "abandon" and request.bill_date:
        return abandon_question(await edge.run(abandoning.to_be_abandoned, edge.database, actor, request.bill_date))
    run = await edge.run(runs.status, edge.database, actor, request.bill_date)
    if request.step == "xlsx":
        content = await edge.work.draw(spreadsheets.of_run, run)
        return await hand_over(edge, actor, table_name("run", str(run.bill_date)), content, title_of(run))
    return run_card(run)


async def approve(edge: Edge, click: Click) -> Message:
    """Approves the run as it was shown."""
    target, actor = about(RunTarget.parse(click.value)), await edge.actor(click.user)
    shown = target.seal
    try:
        run = await edge.run(runs.approve, edge.database, actor, edge.clock, target.bill_date, shown=shown)
    except runs.RunHasChanged as refusal:
        return outdated_run(str(refusal), await edge.run(runs.show, edge.database, target.bill_date))
    return run_note(run)


async def issue(edge: Edge, click: Click) -> Message:
    """Issues what was approved; the approval already binds to what was shown."""
    target, actor = about(RunTarget.parse(click.value)), await edge.actor(click.user)
    return run_note(await edge.run(runs.issue, edge.database, actor, edge.clock, target.bill_date))


async def override(edge: Edge, click: Click) -> Message:
    """Lets one hold of a client through."""
    target, actor = about(HoldTarget.parse(click.value)), await edge.actor(click.user)
    given = (click.fields[Field.CODE], click.fields[Field.REASON], date.fromisoformat(click.fields[Field.UNTIL]))
    return run_note(
        await edge.run(runs.override, edge.database, actor, edge.clock, target.client, *given, target.bill_date)
    )


async def ask_override(edge: Edge, click: Click) -> Message | None:
    """Opens the modal that asks which hold is let through, why, and until when."""
    target = about(HoldTarget.parse(click.value))
    actor = await edge.actor(click.user)
    run = await edge.run(runs.to_be_overridden, edge.database, actor, target.bill_date)
    client = next((each for each in run.clients if each.client == target.client), None)
    if client is None or not client.held:
        return said(f"{target.client} is not held in this run any more.")
    until = _end_of_month(max(run.bill_date, edge.clock.today("UTC")))
    await edge.slack.open(click.trigger_id, override_modal(click.origin, client.client_name, client.held, until))
    return None


async def ask_why_abandoned(edge: Edge, click: Click) -> None:
    """Opens the modal that asks why a run is given up."""
    target, actor = about(RunTarget.parse(click.value)), await edge.actor(click.user)
    run = await edge.run(abandoning.to_be_abandoned, edge.database, actor, target.bill_date)
    await edge.slack.open(click.trigger_id, abandon_modal(click.origin, what_is_abandoned(run)))


async def abandon(edge: Edge, click: Click) -> Message:
    """Gives up a run, unless something of it was issued meanwhile."""
    target, actor = about(RunTarget.parse(click.value)), await edge.actor(click.user)
    reason = click.fields[Field.REASON]
    return run_note(
        await edge.run(abandoning.abandon, edge.database, actor, edge.clock, target.bill_date, reason=reason)
    )


async def override_faults(edge: Edge, click: Click) -> Mapping[str, str]:
    """What is wrong with the window of an override, by field."""
    found = unexplained(click, reasons.OVERRIDDEN)
    actor, until = await edge.actor(click.user), date.fromisoformat(click.fields[Field.UNTIL])
    client = HoldTarget.parse(click.value).client
    try:
        await edge.run(runs.refuse_over, edge.database, actor, edge.clock, client, until)
    except runs.OverrideIsOver as error:
        return {**found, Field.UNTIL: parts.reason(str(error))}
    return found


async def abandon_faults(_edge: Edge, click: Click) -> Mapping[str, str]:
    """What is wrong with the window of a run that is given up, by field."""
    return unexplained(click, reasons.ABANDONED)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


ANSWERS: Mapping[type, Answer] = {RunStep: step}
DECISIONS: Mapping[str, Doer] = {
    Act.APPROVE_RUN: approve,
    Act.ISSUE: issue,
    Modal.OVERRIDE: override,
    Modal.ABANDON: abandon,
}


def register(app: AsyncApp, replies: Replies, desk: Desk) -> None:
    """Takes the slash command, the buttons and the modals."""
    app.command("/run")(replies.listener(desk))
    app.action(Act.APPROVE_RUN)(desk.deciding(Click.of_action))
    app.action(Act.ISSUE)(desk.deciding(Click.of_action))
    app.action(Act.OVERRIDE)(desk.asking(ask_override))
    app.action(Act.ABANDON)(desk.asking(ask_why_abandoned))
    app.view(Modal.OVERRIDE)(desk.deciding(Click.of_submission, override_faults))
    app.view(Modal.ABANDON)(desk.deciding(Click.of_submission, abandon_faults))
