"""The people of the workspace: what they look for, press and type, and what the bot answers them."""

from collections.abc import Mapping
from typing import Any

from billing.errors import RollcallError
from sandbox.story.errors import StoryBroke
from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.records import Answer, MessageSeen

_PATIENCE_SECONDS = 30


class Hands:
    """Eyes and hands of everybody in a workspace. Each raises StoryBroke when what should come doesn't."""

    def __init__(self, slack: WorkspaceClient) -> None:
        """Acts through this client."""
        self._slack = slack

    async def card(self, channel: str, *words: str) -> MessageSeen:
        """The newest card of a channel that says all of these words, as soon as there is one; no reply below a card."""

        def wanted(message: MessageSeen) -> bool:
            is_card = message.is_from_bot and message.only_for is None and message.thread_ts in {None, message.ts}
            return is_card and all(word in message.said for word in words)

        try:
            return await self._slack.wait_for(channel, wanted, seconds=_PATIENCE_SECONDS)
        except RollcallError as error:
            raise StoryBroke(f"{channel} should show a card with {', '.join(words)}. {error}") from error

    async def ask(self, user: str, channel: str, command: str, words: str) -> MessageSeen:
        """Types a slash command, and gives what the bot answers."""
        before = await self._seen(user, channel)
        self._accepted(await self._slack.command(user, channel, command, words), f"{command} {words}")
        return await self._reply(user, channel, before, f"{command} {words}")

    async def press(self, user: str, card: MessageSeen, label: str, *, edition: int | None = None) -> MessageSeen:
        """Presses a button that acts at once, and gives the answer; `edition` presses what an old screen shows."""
        before = await self._seen(user, card.channel)
        self._accepted(await self._slack.click(user, card.channel, card.ts, label, edition=edition), label)
        return await self._reply(user, card.channel, before, label)

    async def fill_in(
        self, user: str, card: MessageSeen, label: str, values: Mapping[str, Any], *, named: str | None = None
    ) -> MessageSeen:
        """Presses a button that opens a modal (`named` where several have the label), and submits it."""
        before = await self._seen(user, card.channel)
        self._accepted(await self._slack.click(user, card.channel, card.ts, named or label), label)
        try:
            await self._slack.wait_for_view(user, seconds=_PATIENCE_SECONDS)
        except RollcallError as error:
            raise StoryBroke(f"{label} should open a modal. {error}") from error
        answer = await self._slack.submit(user, values)
        self._accepted(answer, label)
        if answer.complaints or answer.outcome == "open":
            raise StoryBroke(f"The modal of {label} was not taken: {answer.complaints or answer.outcome}.")
        return await self._reply(user, card.channel, before, label)

    async def _seen(self, user: str, channel: str) -> set[str]:
        return {message.ts for message in await self._slack.messages(channel, user)}

    async def _reply(self, user: str, channel: str, before: set[str], to: str) -> MessageSeen:
        def is_new(message: MessageSeen) -> bool:
            return message.is_from_bot and message.only_for is not None and message.ts not in before

        try:
            return await self._slack.wait_for(channel, is_new, viewer=user, seconds=_PATIENCE_SECONDS)
        except RollcallError as error:
            raise StoryBroke(f"{to} should get an answer. {error}") from error

    def _accepted(self, answer: Answer, what: str) -> None:
        if answer.error is not None:
            raise StoryBroke(f"{what} failed with {answer.error}: the bot didn't take it.")
