"""A bot that is killed and started again, the pretend Slack that it is in, and people who click in it."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx

from sandbox.serving import NO_TLS, serve
from sandbox.workspace.app import create_app
from sandbox.workspace.interactions import Interactions
from sandbox.workspace.model import Message
from sandbox.workspace.reading import buttons, words
from sandbox.workspace.records import Answer
from sandbox.workspace.sending import sender_of
from sandbox.workspace.state import BOT_USER, Workspace
from sandbox.workspace.troubles import Trouble
from tests.crashes.bots import Bot, NothingHappened, free_port, start_bot
from tests.crashes.errands import Point
from tests.crashes.truth import Truth, rows, truth
from tests.crashes.under_way import Post, posts_under_way
from tests.crashes.victims import Nursery
from tests.support.workspace import APP_TOKEN, SECRET, TOKEN

ACME, HOUSE = "C0ACME", "C0HOUSE"
GROUP, APPROVER, BILLER, ADMIN = "S0GROUP", "U0APPROVER", "U0BILLER", "U0ADMIN"
# Slack's limits, such as three seconds for a modal, are not what is tested here, and machines can be busy.
_SLACK_IS_SLOWER = 50
_PATIENCE_SECONDS = 120
# What Slack says where the process had died, unnoticed by us, before it took what a person did.
_NOBODY_THERE = "dispatch_failed"
_LOOK_SECONDS = 0.1


_UNDONE = """
SELECT (SELECT count(*) FROM interactions WHERE done_at IS NULL)
     + (SELECT count(*) FROM notices WHERE wanted > shown)
     + (SELECT count(*) FROM slots WHERE done_at IS NULL)
"""
_LEASED = "SELECT count(*) FROM channels WHERE leased_until IS NOT NULL"
_KEPT = "SELECT count(*) FROM interactions"
_WAITING = "SELECT count(*) FROM changes WHERE state = 'pending'"


Seen = TypeVar("Seen")


@dataclass
class Office:
    """What people see and do. `notes` say what a person had to do that they wouldn't have had to without the kill.

    `under_way` are the cards that were being posted when the bot died.
    """

    bot: Bot
    workspace: Workspace
    people: Interactions
    http: httpx.AsyncClient
    file: Path
    under_way: list[Post]
    complaints: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    async def click(self, user: str, channel: str, label: str, done: Callable[[], bool]) -> None:
        """Presses the button on the oldest card that has it, until it is done."""
        ts = (await self.until(lambda: self._with_button(channel, label), f"a card with {label}"))[0]
        await self._decide(lambda: self.people.act(user, channel, ts, label), done, label)

    async def fill_in(
        self, user: str, channel: str, label: str, title: str, values: dict[str, str], done: Callable[[], bool]
    ) -> None:
        """Presses a button that opens a modal, until it is open, and submits that, until it is done."""
        ts = (await self.until(lambda: self._with_button(channel, label), f"a card with {label}"))[0]
        await self._fill_in(user, lambda: self.people.act(user, channel, ts, label), title, values, done)

    async def fill_in_by_answer(
        self, user: str, label: str, title: str, values: dict[str, str], done: Callable[[], bool], chosen: str | None
    ) -> None:
        """The same from what the user was answered last and has that label, a menu of which an option is chosen."""
        channel, ts = (await self.until(lambda: self.answered_with(user, label), f"an answer with {label}"))[-1]
        await self._fill_in(user, lambda: self.people.act(user, channel, ts, label, value=chosen), title, values, done)

    def answered_with(self, user: str, label: str) -> list[tuple[str, str]]:
        """Where answers to the user stand that have a label."""
        found = (one for one in self.workspace.messages.all() if one.only_for == user)
        return [(one.channel, one.ts) for one in found if label in str(one.content.blocks)]

    async def _fill_in(
        self,
        user: str,
        act: Callable[[], Awaitable[Answer]],
        title: str,
        values: dict[str, str],
        done: Callable[[], bool],
    ) -> None:
        def is_open() -> bool:
            return any(view.payload["title"]["text"] == title for view in self.workspace.screens.stack(user))

        await self._again_and_again(act, is_open, title)
        await self._decide(lambda: self.people.submit(user, values), done, title)

    async def look(self, user: str, channel: str, label: str) -> None:
        """Presses a button that opens a modal with a picture, until the picture is there."""
        ts = (await self.until(lambda: self._with_button(channel, label), f"a card with {label}"))[0]

        def is_drawn() -> bool:
            views = self.workspace.screens.stack(user)
            return any(block["type"] == "image" for view in views for block in view.payload["blocks"])

        await self._again_and_again(lambda: self.people.act(user, channel, ts, label), is_drawn, label)

    async def open_home(self, user: str, label: str) -> None:
        """Opens the home tab, until it has the button."""

        async def act() -> Answer:
            await self.people.open_home(user)
            return self._told()

        await self._again_and_again(act, lambda: label in self.at_home(user), f"{label} on the home tab")

    async def click_at_home(self, user: str, label: str, done: Callable[[], bool]) -> None:
        """Presses a button of the home tab, until it is done."""
        await self._decide(lambda: self.people.act_at_home(user, label), done, f"{label} on the home tab")

    def at_home(self, user: str) -> list[str]:
        """The buttons of the user's home tab."""
        home = self.workspace.screens.homes.get(user)
        return buttons(home.payload["blocks"]) if home else []

    async def mention(self, user: str, channel: str, words: str, done: Callable[[], bool]) -> None:
        """Says something to the bot in a thread that somebody has begun, until it is done."""
        begun = await self.people.say(user, channel, "What now?")

        async def act() -> Answer:
            await self.people.say(user, channel, f"<@{BOT_USER}> {words}", begun.ts)
            return self._told()

        await self._decide(act, done, f"@rollcall {words}")

    async def click_late(self, user: str, channel: str, label: str, done: Callable[[], bool]) -> None:
        """Presses the button that a card had before it was edited, as on a screen that has not refreshed."""
        ts = next(one.ts for one in self.workspace.messages.in_channel(channel) if len(one.editions) > 1)
        await self._decide(lambda: self.people.act(user, channel, ts, label, edition=0), done, f"late {label}")

    def delete_card(self, channel: str) -> None:
        """Deletes the newest card by hand."""
        found = [message for message in self.workspace.messages.in_channel(channel) if message.thread_ts is None]
        self.workspace.messages.delete(found[-1])

    async def press_strays(self) -> None:
        """Presses every deciding button that is still there after the decision: each must be refused, and explained."""
        # Where a change still waits, its card is no stray.
        approve = () if self.ask(_WAITING) else ((APPROVER, "Approve"),)
        for user, label in (*approve, (BILLER, "Approve run"), (BILLER, "Issue")):
            for channel in (ACME, HOUSE):
                for ts in self._with_button(channel, label):
                    await self._press_stray(user, channel, ts, label)

    async def _press_stray(self, user: str, channel: str, ts: str, label: str) -> None:
        before, answers = truth(self.file), len(self.answers())
        await self.people.act(user, channel, ts, label)
        await self.until(lambda: len(self.answers()) > answers, f"an answer to {label} on a stray card")
        await self.settle()
        answer = self.newest_answer(user)
        if truth(self.file) != before or not ("already" in answer or "out of date" in answer):
            self.complaints.append(f"{label} on a stray card was answered: {answer}")
        self.notes.append(f"{label} on the second card: refused")

    async def type(self, user: str, channel: str, command: str, words: str, done: Callable[[], bool]) -> None:
        """Types a slash command, and again when the process died before it had done it."""
        await self._again_and_again(lambda: self.people.command(user, channel, command, words), done, words)

    async def see_that_it_is_ready(self) -> None:
        """Asks as a load balancer does, which asks again when the connection breaks off."""
        url = f"http://127.0.0.1:{self.bot.settings['ROLLCALL_HTTP_PORT']}/readyz"
        while True:
            await self.up()
            try:
                found = await self.http.get(url)
            except httpx.TransportError:
                self.notes.append("/readyz: asked again")
            else:
                if not found.is_success:
                    self.complaints.append(f"The bot isn't ready: {found.text}")
                return

    async def settle(self) -> None:
        """Waits until nothing is left to do."""

        def is_quiet() -> bool:
            return not self.ask(_UNDONE) and (self.bot.deaths > 0 or not self.ask(_LEASED))

        await self.until(is_quiet, "an end of all work")

    async def up(self) -> None:
        """Waits until the bot answers."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not (await self.bot.is_up() and (self.workspace.request_url or self.workspace.sockets.all())):
            if time.monotonic() > until:
                raise NothingHappened("The bot does not answer.")
            await asyncio.sleep(_LOOK_SECONDS)

    async def until(self, seen: Callable[[], Seen], what: str) -> Seen:
        """What is seen, as soon as it is."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not (found := seen()):
            if time.monotonic() > until:
                raise NothingHappened(f"Waited in vain for {what}.")
            await asyncio.sleep(_LOOK_SECONDS)
        return found

    def ask(self, query: str) -> int:
        """The number that a query gives."""
        found = rows(self.file, query)
        return int(str(found[0][0])) if found else 0

    def cards(self) -> Iterator[tuple[str, str]]:
        """Channel and words of every message for everybody, documents apart; clock times are left out."""
        for message in self.workspace.messages.all():
            if message.author == BOT_USER and self._reader(message) is None and not message.files:
                yield message.channel, re.sub(r"\d\d:\d\d", "--:--", words(message.content))

    def papers(self) -> tuple[str, ...]:
        """The documents that somebody was sent."""
        found = [self.workspace.files.get(file) for one in self.workspace.messages.all() for file in one.files]
        return tuple(file.name for file in found)

    def answers(self) -> list[str]:
        """Who was answered by the bot, once for each answer."""
        found = [one for one in self.workspace.messages.all() if one.author == BOT_USER and not one.files]
        return [reader for one in found if (reader := self._reader(one)) is not None]

    def newest_answer(self, user: str) -> str:
        """What the user read last."""
        found = [one for one in self.workspace.messages.all() if self._reader(one) == user and not one.files]
        return words(found[-1].content) if found else ""

    def _reader(self, message: Message) -> str | None:
        """Who alone sees a message; nobody alone where it is in a channel."""
        return message.only_for or self.workspace.places.channels[message.channel].direct_with

    def _told(self) -> Answer:
        """How the bot took the newest event."""
        return Answer(error=self.workspace.deliveries[-1].error)

    def _with_button(self, channel: str, label: str) -> list[str]:
        found = self.workspace.messages.in_channel(channel)
        return [one.ts for one in found if label in buttons(list(one.content.blocks))]

    async def _again_and_again(self, act: Callable[[], Awaitable[Answer]], done: Callable[[], bool], what: str) -> None:
        await self.up()
        died = self.bot.deaths
        lost = (await act()).error == _NOBODY_THERE
        await self.until(lambda: done() or lost or self.bot.deaths > died, what)
        if not done():
            self.notes.append(f"{what}: asked for again")
            await self._reach(act)
            await self.until(done, what)

    async def _decide(self, act: Callable[[], Awaitable[Answer]], done: Callable[[], bool], what: str) -> None:
        """A person decides, and decides again only if the process died before it had kept the click."""
        await self.up()
        died, kept, before = self.bot.deaths, self.ask(_KEPT), self._decided()
        lost = (await act()).error == _NOBODY_THERE
        await self.until(lambda: done() or lost or self.bot.deaths > died, what)
        if done():
            return
        await self.up()
        if self.ask(_KEPT) > kept:
            self.notes.append(f"{what}: carried out by the next start")
        else:
            if self._decided() != before:
                self.complaints.append(f"{what} was never kept, and had an effect")
            self.notes.append(f"{what}: clicked again")
            await self._reach(act)
        await self.until(done, what)

    def _decided(self) -> Truth:
        """What people decided; which turns the clock took meanwhile is its own."""
        return {name: found for name, found in truth(self.file).items() if name != "turns"}

    async def _reach(self, act: Callable[[], Awaitable[Answer]]) -> None:
        """Does it again until somebody is there: a process that is dying may still take a connection, and drop it."""
        until = time.monotonic() + _PATIENCE_SECONDS
        await self.up()
        while (await act()).error == _NOBODY_THERE:
            if time.monotonic() > until:
                raise NothingHappened("The bot takes connections, and drops them.")
            await asyncio.sleep(_LOOK_SECONDS)
            await self.up()


@asynccontextmanager
async def open_office(
    nursery: Nursery,
    file: Path,
    settings: Mapping[str, str],
    troubles: tuple[Trouble, ...] = (),
    dies_at: Point | None = None,
    *,
    over_sockets: bool = False,
    prepare: Callable[[Workspace, Path], None] | None = None,
) -> AsyncIterator[Office]:
    """A workspace with the bot in it, which is killed at a point; it works on a database that is there.

    `prepare` makes something stand in the workspace before the bot is started.
    """
    began = time.time()
    workspace = Workspace(
        bot_token=TOKEN,
        signing_secret=SECRET,
        app_token=APP_TOKEN,
        acknowledge_seconds=_PATIENCE_SECONDS,
        now=lambda: began + (time.time() - began) / _SLACK_IS_SLOWER,
    )
    workspace.places.groups[GROUP] = (APPROVER,)
    for trouble in troubles:
        workspace.troubles.add(trouble)
    port = free_port()
    workspace.request_url = None if over_sockets else f"http://127.0.0.1:{port}/slack/events"
    for name, channel in (("acme", ACME), ("billing", HOUSE)):
        workspace.places.add_channel(name, channel)
    if prepare is not None:
        prepare(workspace, file)
    # A connection that is kept may be closed by the bot just when it is used again, and a click would be lost.
    never_kept = httpx.Limits(max_keepalive_connections=0)
    async with (
        serve(create_app(workspace)) as url,
        httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=_PATIENCE_SECONDS, limits=never_kept) as http,
    ):
        people = Interactions(workspace, sender_of(workspace, http), url)
        own = {
            "ROLLCALL_DATABASE_URL": f"sqlite:///{file}",
            "ROLLCALL_SLACK_BOT_TOKEN": TOKEN,
            **({"ROLLCALL_SLACK_APP_TOKEN": APP_TOKEN} if over_sockets else {"ROLLCALL_SLACK_SIGNING_SECRET": SECRET}),
            "ROLLCALL_SLACK_API_URL": f"{url}/api/",
            "ROLLCALL_DEFAULT_CHANNEL": HOUSE,
            "ROLLCALL_HTTP_PORT": str(port),
            **settings,
        }
        under_way: list[Post] = []

        def look() -> None:
            under_way.extend(posts_under_way(file, HOUSE))

        bot = await start_bot(nursery, file.parent, own, dies_at, look)
        supervising = asyncio.create_task(bot.supervise())
        try:
            yield Office(bot, workspace, people, http, file, under_way)
        finally:
            supervising.cancel()
            await asyncio.gather(supervising, return_exceptions=True)
            for victim in (bot.first, bot.second):
                if victim is not None:
                    victim.kill()
                    await victim.ended
