"""A place in the story: what can be done there, each step told and held to what it must show."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.story.cast import CHANNELS
from sandbox.story.errors import StoryBroke
from sandbox.story.hands import Hands
from sandbox.story.office import Office
from sandbox.story.teller import Teller, must_say
from sandbox.workspace.records import MessageSeen


@dataclass(frozen=True, slots=True)
class Scene:
    """The office, the people in Slack, and who tells it."""

    office: Office
    hands: Hands
    teller: Teller

    async def day(self, day: date, title: str, *, with_bot: bool = False) -> None:
        """The business date moves on."""
        self.teller.day(day, title)
        await self.office.turn_to(day, with_bot=with_bot)

    async def command(self, *arguments: str, shows: Sequence[str] = (), code: int = 0) -> str:
        """Somebody runs a command on the provider's server; it must end with this code and print these words."""
        said = await self.quietly(*arguments, shows=shows, code=code)
        self.teller.terminal(self._near(shlex.join(("rollcall", *arguments))), self._near(said))
        return said

    async def quietly(self, *arguments: str, shows: Sequence[str] = (), code: int = 0) -> str:
        """The same, without printing it."""
        ran = await self.office.rollcall(*arguments)
        what = shlex.join(("rollcall", *arguments))
        if ran.code != code:
            raise StoryBroke(f"{what} should end with {code}, but it ended with {ran.code}:\n{ran.said}")
        must_say(ran.said, what, *shows)
        return ran.said

    async def card(self, channel: str, *words: str) -> MessageSeen:
        """A card that must appear in a channel, told."""
        await self.office.bot_ready()
        card = await self.hands.card(channel, *words)
        self.teller.slack(f"#{CHANNELS[channel]}", card)
        return card

    async def ask(self, user: str, channel: str, command: str, words: str, *, shows: Sequence[str] = ()) -> None:
        """Somebody types a slash command; the answer must say these words."""
        await self.office.bot_ready()
        typed = f"{command} {words}".rstrip()
        answer = await self.hands.ask(user, channel, command, words)
        self.teller.happens(f"{self.teller.name(user)} types {typed}")
        self._answered(answer, typed, shows)

    async def press(
        self, user: str, card: MessageSeen, label: str, *, shows: Sequence[str] = (), edition: int | None = None
    ) -> None:
        """Somebody presses a button; the answer must say these words."""
        answer = await self.hands.press(user, card, label, edition=edition)
        self.teller.happens(f"{self.teller.name(user)} presses {label}.")
        self._answered(answer, label, shows)

    async def fill_in(
        self, user: str, card: MessageSeen, label: str, values: dict[str, Any], *, shows: Sequence[str] = ()
    ) -> None:
        """Somebody presses a button, fills in the modal that it opens, and submits it."""
        answer = await self.hands.fill_in(user, card, label, values)
        filled = ", ".join(f"{field} {value}" for field, value in values.items())
        self.teller.happens(f"{self.teller.name(user)} presses {label} and fills in: {filled}")
        self._answered(answer, label, shows)

    async def approve_quietly(self, user: str, channel: str, headline: str, values: dict[str, Any]) -> None:
        """Somebody approves a first count; nothing is told."""
        card = await self.hands.card(channel, headline)
        answer = await self.hands.fill_in(user, card, "Approve", values)
        must_say(answer.said, "The answer to Approve", "Approved")

    async def pending_change(self, client: str) -> str:
        """The id of the change of a client that waits."""
        (waiting,) = json.loads(await self.quietly("changes", client, "--json"))
        return str(waiting["id"])

    async def newest_invoice(self, client: str) -> str:
        """The number of a client's newest document."""
        listed = json.loads(await self.quietly("invoices", client, "--json"))
        return str(listed[-1]["number"])

    def _near(self, text: str) -> str:
        """With the demo's folder named as from where the demo was started."""
        folder = self.office.folder
        return text.replace(str(folder), folder.name)

    def _answered(self, answer: MessageSeen, to: str, shows: Sequence[str]) -> None:
        must_say(answer.said, f"The answer to {to}", *shows)
        self.teller.slack(f"#{CHANNELS[answer.channel]}", answer)
