"""/client: one client at a glance, and a new one by a form."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from structlog.contextvars import bind_contextvars

from bot.actions import Act, Modal
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.grammar.clients import AddClient, ShowClient
from bot.message import Message
from bot.replies import Answer, Replies
from bot.views.clients import client_card
from bot.views.modals import Origin
from bot.views.onboarding import Filled, add_question, added_note, onboarding_modal, seen_of
from commands import client_cards, onboarding
from commands.actors import Actor
from commands.onboarding import Choices
from commands.sync import sync_clients
from connectors.books import forms

_LOOKING = "The directory is being read \N{HORIZONTAL ELLIPSIS}"
_DIRECT = "D"


async def show(edge: Edge, actor: Actor, request: ShowClient) -> Message:
    """One client at a glance."""
    return client_card(await edge.run(client_cards.client_card, edge.database, actor, edge.clock, request.client))


async def begin(edge: Edge, actor: Actor, request: AddClient) -> Message | None:
    """Opens the form for a new client, or offers the button that does."""
    choices = await edge.run(onboarding.choices, edge.database, actor)
    if request.trigger_id is None:
        return add_question(request.name)
    form = onboarding_modal(Origin("", request.channel, None), choices, _first(request.name, request.channel, choices))
    await edge.slack.open(request.trigger_id, form)
    return None


async def ask(edge: Edge, click: Click) -> None:
    """Opens the form for a new client."""
    choices = await edge.run(onboarding.choices, edge.database, await edge.actor(click.user))
    first = _first(click.value.removeprefix("-"), click.channel, choices)
    await edge.slack.open(click.trigger_id, onboarding_modal(click.origin, choices, first))


async def choose_kind(edge: Edge, click: Click) -> None:
    """Shows what has to be known of the kind of directory that was chosen."""
    await _show(edge, click, "")


async def look(edge: Edge, click: Click) -> None:
    """Reads the directory as it is filled in, and shows in the form how many accounts it has and how many count."""
    if not _has_directory(click):
        await _show(edge, click, "")
        return
    await _show(edge, click, _LOOKING)
    actor = await edge.actor(click.user)
    given = {forms.NAME: "New", forms.SLUG: "new", forms.CURRENCY: "USD"}
    asked = {field: click.fields[field] for field in click.fields if field not in {*given, forms.TEMPLATE}}
    try:
        found = await onboarding.look(
            edge.database, actor, edge.rollcall.sources, edge.rollcall.clock.now, {**asked, **given}
        )
    except forms.FormIsWrong as wrong:
        await _show(edge, click, str(wrong))
    else:
        await _show(edge, click, seen_of(found))


async def faults(edge: Edge, click: Click) -> Mapping[str, str]:
    """What is wrong with the form, by field."""
    return await edge.run(onboarding.faults, edge.database, await edge.actor(click.user), click.fields)


async def add(edge: Edge, click: Click) -> Message:
    """Adds the client, and reads its directory for the first time."""
    actor = await edge.actor(click.user)
    client = await edge.run(onboarding.add, edge.database, actor, edge.clock, click.fields)
    bind_contextvars(client=client.slug)
    if _has_directory(click):
        # How it went is told by the card of the first count, or by that of a directory that can't be read.
        await sync_clients(edge.database, actor, edge.rollcall.sources, edge.clock, [client.slug])
    return added_note(client, click.fields.get(forms.KIND, ""))


def _first(name: str, channel: str | None, choices: Choices) -> Filled:
    """What is known before anybody fills in anything: the channel is meant unless it is another client's."""
    is_free = channel is not None and channel not in choices.taken and not channel.startswith(_DIRECT)
    return Filled({forms.NAME: name, forms.CHANNEL: channel if is_free and channel else ""})


def _has_directory(click: Click) -> bool:
    return bool(forms.settings_of(click.fields.get(forms.KIND, "")))


async def _show(edge: Edge, click: Click, seen: str) -> None:
    choices = await edge.run(onboarding.choices, edge.database, await edge.actor(click.user))
    await edge.slack.show(click.view, onboarding_modal(click.origin, choices, Filled(click.fields, seen)))


ANSWERS: Mapping[type, Answer] = {ShowClient: show, AddClient: begin}
DECISIONS: Mapping[str, Doer] = {Modal.ADD_CLIENT: add}


def register(app: AsyncApp, replies: Replies, desk: Desk) -> None:
    """Takes the slash command, the button and the form."""
    app.command("/client")(replies.listener(desk))
    app.action(Act.ADD_CLIENT)(desk.asking(ask))
    app.action(Act.CHOOSE_KIND)(desk.asking(choose_kind, Click.of_choice))
    app.action(Act.CHOOSE_GROUPS)(desk.asking(look, Click.of_choice))
    app.action(Act.CHOOSE_BASIS)(desk.asking(look, Click.of_choice))
    app.action(Act.LOOK)(desk.asking(look, Click.of_choice))
    app.view(Modal.ADD_CLIENT)(desk.deciding(Click.of_submission, faults))
