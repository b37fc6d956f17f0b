"""Slash commands: acknowledged, parsed, the client found, answered by the noun's own function, shown to the user.

One that decides goes by the desk, which keeps it before it is acknowledged.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeGuard

from slack_bolt.async_app import AsyncAck
from structlog.contextvars import bind_contextvars, bound_contextvars

from billing.errors import WrongInput
from bot import pictures
from bot.actions import ButtonIsStrange
from bot.apology import apology
from bot.clicks import Click
from bot.desk import Desk, Listener, reply
from bot.edge import Edge
from bot.grammar.clients import AddClient
from bot.grammar.house import AskDigest, AskHelp
from bot.grammar.quotes import AskQuote
from bot.grammar.runs import RunStep
from bot.grammar.users import OF_USERS, ExplainUser, ListUsers
from bot.grammar.words import meant
from bot.mentions import as_typed
from bot.message import Json, Message
from bot.parsing import ClientRequest, Request, Shareable, line, parse
from bot.reader import Reader
from bot.understanding import understood
from bot.views.house import Choice, picker
from bot.views.limits import OPTION_VALUE
from bot.views.sharing import offered, shared, shared_note
from commands.actors import Actor
from commands.clients import ClientIsAmbiguous, ClientIsUnknown, ClientRef, find, led_by

# The channels of direct messages, where there is nobody else to share with.
_DIRECT = "D"

Answer = Callable[[Edge, Actor, Any], Awaitable[Message | None]]


class Replies:
    """Answers requests; `answers` has one function for each kind of request."""

    def __init__(self, edge: Edge, answers: Mapping[type, Answer]) -> None:
        self._edge = edge
        self._answers = answers

    def listener(self, desk: Desk) -> Listener:
        """A listener for a slash command."""

        async def listen(ack: AsyncAck, command: Json) -> None:
            words = as_typed(command.get("text", ""))
            step = self._decision(command["command"], words)
            if step is not None:
                await desk.deciding(lambda body: Click.of_command(body, step.words()))(ack, command)
                return
            await ack()
            with self._edge.work.tracked(), bound_contextvars(interaction=f"command:{command.get('trigger_id')}"):
                reader = Reader(command["user_id"], command.get("channel_id"), command.get("response_url"))
                asked = (reader.user, command["command"], words, reader.channel)
                message = await self.answer(*asked, trigger_id=command.get("trigger_id"))
                if message is not None:
                    await reply(self._edge.slack, reader, message)
                    await pictures.follow(self._edge, reader, message)

        return listen

    async def share(self, _edge: Edge, click: Click) -> Message:
        """Asks again, and shows the answer to everybody in the channel, or in the thread that it was in."""
        actor = await self._edge.actor(click.user)
        asked = await understood(self._edge, actor, "/rollcall", click.value)
        if click.channel is None or not _is_shareable(asked):
            raise ButtonIsStrange
        answer = await self._of_client(actor, asked, None)
        if answer is None:
            raise ButtonIsStrange
        post = partial(self._post, click.channel, click.thread)
        await post(shared(answer, click.user))
        if answer.picture is not None:
            await pictures.show(self._edge, answer.picture, post, pictures.IN_AN_ANSWER)
        return shared_note()

    async def carry_out(self, _edge: Edge, click: Click) -> Message | None:
        """The answer to a command or a mention that was kept."""
        return await self.answer(click.user, "/rollcall", click.value, click.channel)

    async def answer(
        self, user: str, command: str, words: str, channel: str | None = None, trigger_id: str | None = None
    ) -> Message | None:
        """The answer to a command and the words after it, asked in a channel; errors are answers too.

        None where a modal was opened instead, which takes the trigger id that a command comes with.
        """
        try:
            return await self._answer(await self._edge.actor(user), command, words, channel, trigger_id)
        except Exception as error:  # noqa: BLE001 - every command gets an answer, also one that ran into a bug
            return apology(error)

    async def _answer(
        self,
        actor: Actor,
        command: str,
        words: str,
        asked_in: str | None = None,
        trigger_id: str | None = None,
    ) -> Message | None:
        request = await understood(self._edge, actor, command, words)
        if isinstance(request, AddClient):
            request = replace(request, channel=asked_in, trigger_id=trigger_id)
        if isinstance(request, AskDigest | AskHelp):
            request = replace(request, channel=asked_in)
        return await self._of_client(actor, request, asked_in)

    async def _post(self, channel: str, thread: str | None, message: Message) -> None:
        await self._edge.slack.post(channel, message, thread)

    def _decision(self, command: str, words: str) -> RunStep | None:
        """What a command would do, if it does more than to show something; nothing where it isn't understood."""
        try:
            request = parse(command, words, self._edge.clock.today("UTC"))
        except WrongInput:
            return None
        return request if isinstance(request, RunStep) and request.decides else None

    async def _of_client(self, actor: Actor, request: Request, asked_in: str | None) -> Message | None:
        if isinstance(request, ClientRequest) and request.client is not None:
            try:
                client = await self._edge.run(find, self._edge.database, actor, request.client)
            except ClientIsAmbiguous as ambiguous:
                return _which(ambiguous, request.client, request)
            except ClientIsUnknown as unknown:
                raise await self._hinting(unknown, actor, request) from unknown
            request = replace(request, client=client.slug)
            bind_contextvars(client=client.slug)
        answer = await self._answers[type(request)](self._edge, actor, request)
        is_with_others = asked_in is not None and not asked_in.startswith(_DIRECT)
        if answer is not None and is_with_others and _is_shareable(request):
            return offered(answer, line(request, request.client))
        return answer

    async def _hinting(self, unknown: ClientIsUnknown, actor: Actor, request: ClientRequest) -> ClientIsUnknown:
        """The refusal; where a person's name stands behind a client's, with the command that takes one."""
        if not isinstance(request, ListUsers):
            return unknown
        led = await self._edge.run(led_by, self._edge.database, actor, request.client)
        if led is None:
            return unknown
        client, who = led
        asks = line(ExplainUser(client.slug, who), client.slug)
        near = meant(who, OF_USERS)
        misspelt = f" There is no “{who}”{near}" if near.endswith("?") else ""
        return ClientIsUnknown(f"{unknown}{misspelt} About one person: /{asks}")


def _is_shareable(request: Request) -> TypeGuard[Shareable]:
    """Where a file was sent isn't: only whoever asked can open it."""
    return isinstance(request, Shareable) and not (isinstance(request, AskQuote) and request.pdf)


def _which(ambiguous: ClientIsAmbiguous, asked: str, request: ClientRequest) -> Message:
    choices = [_choice(client, request) for client in ambiguous.candidates]
    if any(len(choice.line) > OPTION_VALUE for choice in choices):
        raise ambiguous
    return picker(asked, choices)


def _choice(client: ClientRef, request: ClientRequest) -> Choice:
    return Choice(client.name, client.slug, line(request, client.slug))
