"""Slash commands: acknowledged, parsed, the client found, answered by the noun's own function, shown to the user."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot import pictures
from bot.apology import apology
from bot.desk import Listener, reply
from bot.edge import Edge
from bot.message import Json, Message
from bot.parsing import AskDigest, ClientRequest, ExplainUser, ListUsers, Request, line, parse
from bot.views.house import Choice, picker
from bot.views.limits import OPTION_VALUE
from commands.actors import Actor
from commands.clients import ClientIsAmbiguous, ClientIsUnknown, ClientRef, find, led_by

Answer = Callable[[Edge, Actor, Any], Awaitable[Message]]


class Replies:
    """Answers requests; `answers` has one function for each kind of request."""

    def __init__(self, edge: Edge, answers: Mapping[type, Answer]) -> None:
        self._edge = edge
        self._answers = answers

    def listener(self) -> Listener:
        """A listener for a slash command."""

        async def listen(ack: AsyncAck, command: Json) -> None:
            await ack()
            with self._edge.work.tracked():
                user, channel = command["user_id"], command.get("channel_id")
                message = await self.answer(user, command["command"], command.get("text", ""), channel)
                await reply(self._edge.slack, command.get("response_url"), channel, user, message)
                await pictures.follow(self._edge, command.get("response_url"), channel, user, message)

        return listen

    async def answer(self, user: str, command: str, words: str, channel: str | None = None) -> Message:
        """The answer to a command and the words after it, asked in a channel; errors are answers too."""
        try:
            request = parse(command, words, self._edge.clock.today("UTC"))
            if isinstance(request, AskDigest):
                request = replace(request, channel=channel)
            actor = await self._edge.actor(user)
            return await self._of_client(actor, request)
        except Exception as error:  # noqa: BLE001 - every command gets an answer, also one that ran into a bug
            return apology(error)

    async def _of_client(self, actor: Actor, request: Request) -> Message:
        if isinstance(request, ClientRequest) and request.client is not None:
            try:
                client = await self._edge.run(find, self._edge.database, actor, request.client)
            except ClientIsAmbiguous as ambiguous:
                return _which(ambiguous, request.client, request)
            except ClientIsUnknown as unknown:
                raise await self._hinting(unknown, actor, request) from unknown
            request = replace(request, client=client.slug)
        return await self._answers[type(request)](self._edge, actor, request)

    async def _hinting(self, unknown: ClientIsUnknown, actor: Actor, request: ClientRequest) -> ClientIsUnknown:
        """The refusal; where a person's name stands behind a client's, with the command that takes one."""
        if not isinstance(request, ListUsers):
            return unknown
        led = await self._edge.run(led_by, self._edge.database, actor, request.client)
        if led is None:
            return unknown
        client, who = led
        asks = line(ExplainUser(client.slug, who), client.slug)
        return ClientIsUnknown(f"{unknown} About one person: /{asks}")


def _which(ambiguous: ClientIsAmbiguous, asked: str, request: ClientRequest) -> Message:
    choices = [_choice(client, request) for client in ambiguous.candidates]
    if any(len(choice.line) > OPTION_VALUE for choice in choices):
        raise ambiguous
    return picker(asked, choices)


def _choice(client: ClientRef, request: ClientRequest) -> Choice:
    return Choice(client.name, client.slug, line(request, client.slug))
