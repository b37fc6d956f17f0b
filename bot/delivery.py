"""The sender of cards: looks each second for what Slack doesn't show yet, and posts or edits it.

What is owed is a row and stays one until Slack has shown it. A card is repeated only where the process died between
Slack's answer and our record, or where the answer itself was lost; both cards' buttons then answer rightly.

Each channel is served by itself, at its own pace. A channel is leased only once it is its turn, so that no lease can
run out while somebody waits, and the card is made last of all.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import structlog

from bot.admins import admins
from bot.edge import Edge
from bot.message import Message
from bot.refusals import RATE_LIMITED
from bot.slack import EDITS, POSTS, Posted, SlackIsUnreachable, SlackRefused
from commands import notices
from commands.notices import Owed
from storage.database import Database

Card = Callable[[Database, Owed], Message | None]

_EVERY_SECONDS = 1
# Fewer than would keep decisions waiting for a thread or for the database.
_AT_ONCE = 8
_LAST_ONES_MAY_TAKE_SECONDS = 1
_GONE = {"message_not_found", "cant_update_message"}
_THREAD_IS_GONE = "thread_not_found"
_CHANNEL_IS_CLOSED = {
    "cannot_dm_bot",
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "restricted_action",
    "user_disabled",
    "user_not_found",
}
_UNTIL_A_PERSON_ACTS = timedelta(minutes=10)
_NO_CHANNEL = "No channel: give the client one in its book, or set ROLLCALL_DEFAULT_CHANNEL"

_log = structlog.stdlib.get_logger(__name__)


class Delivery:
    """Sends cards; `card` gives the newest one of a notice, or nothing where there is nothing to say any more."""

    def __init__(self, edge: Edge, card: Card) -> None:
        self._edge = edge
        self._card = card
        self._holder = secrets.token_hex(8)
        self._serving: dict[str | None, asyncio.Task[None]] = {}
        self._hands = asyncio.Semaphore(_AT_ONCE)
        self._ending = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Looks each second until it is told to stop; what is being sent then is sent to its end."""
        try:
            while not stop.is_set():
                try:
                    for task in await self._begin():
                        task.add_done_callback(_tell)
                except Exception:  # noqa: BLE001 - the sender goes on, whatever one look ran into
                    _log.exception("Cards could not be looked for; it is tried again in a second")
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)
        finally:
            self._ending.set()
            left = set(self._serving.values())
            if left:
                _, left = await asyncio.wait(left, timeout=_LAST_ONES_MAY_TAKE_SECONDS)
            for task in left:
                task.cancel()

    async def send_owed(self) -> None:
        """Sends every card whose turn it is: the channels side by side, the cards of one channel one by one."""
        ended = await asyncio.gather(*await self._begin(), return_exceptions=True)
        # Raised only now: what is still being posted elsewhere would be posted again by the next look.
        failures = [failure for failure in ended if isinstance(failure, Exception)]
        if failures:
            raise ExceptionGroup("Some channels could not be served", failures)

    async def _begin(self) -> list[asyncio.Task[None]]:
        """Begins to serve every channel that has something to show and isn't being served."""
        edge = self._edge
        with edge.work.tracked():
            owed = await edge.run(notices.owed, edge.database, edge.clock, self._holder, self._default)
        begun = []
        for notice in owed:
            place = notice.channel or self._default
            if place not in self._serving:
                task = asyncio.create_task(self._serve(place, notice))
                self._serving[place] = task
                task.add_done_callback(partial(self._served, place))
                begun.append(task)
        return begun

    def _served(self, channel: str | None, _task: asyncio.Task[None]) -> None:
        del self._serving[channel]

    async def _serve(self, channel: str | None, first: Owed) -> None:
        """Shows what is owed in a channel, in the order in which it came to be owed, also where some of it waited."""
        notice: Owed | None = first
        while notice is not None and channel is None:
            await self._defer(notice, _NO_CHANNEL, _UNTIL_A_PERSON_ACTS)
            notice = await self._next(channel)
        was_leased = False
        while notice is not None and channel is not None and await self._turn(channel, notice):
            was_leased = True
            async with self._hands:
                with self._edge.work.tracked():
                    notice = await self._send_first(channel, notice)
        if channel is not None and was_leased:
            await self._edge.run(notices.release, self._edge.database, channel, self._holder)

    async def _send_first(self, channel: str, expected: Owed) -> Owed | None:
        """Sends the channel's first card, for which it is the turn if it is as expected; the one after it."""
        edge = self._edge
        notice = await edge.run(notices.lease, edge.database, edge.clock, channel, self._holder, self._default)
        if notice is None or _method(notice) != _method(expected):
            return notice
        await self._send(channel, notice)
        return await self._next(channel)

    async def _next(self, channel: str | None) -> Owed | None:
        edge = self._edge
        return await edge.run(notices.next_in, edge.database, edge.clock, channel, self._default)

    async def _turn(self, channel: str, notice: Owed) -> bool:
        """Waits for the turn of a card; False where there's none: the process ends, or Slack wants to be left alone."""
        method = _method(notice)
        turn = asyncio.ensure_future(self._edge.slack.turn(method, channel if method == POSTS else None, yields=True))
        ending = asyncio.ensure_future(self._ending.wait())
        try:
            await asyncio.wait({turn, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not turn.done():
                return False
            turn.result()
        except SlackRefused:
            return False
        finally:
            turn.cancel()
            ending.cancel()
        return not self._ending.is_set()

    async def _send(self, channel: str, notice: Owed) -> None:
        edge = self._edge
        try:
            message = await edge.run(self._card, edge.database, notice)
        except Exception as error:  # noqa: BLE001 - one card that can't be made must not hold up the others
            _log.exception("A card could not be made", kind=notice.kind, subject=notice.subject)
            # The error's own text may quote names or SQL, and a problem is shown in Slack: the log has the whole of it.
            what = f"The card of {notice.kind} {notice.subject} could not be made: {type(error).__name__}, see the log"
            await self._defer(notice, what)
            return
        if message is None:
            await edge.run(notices.shown, edge.database, notice, channel, None)
            return
        try:
            posted = await self._show(channel, notice, message)
        except SlackRefused as error:
            await self._refused(channel, notice, message, error)
        except SlackIsUnreachable as error:
            await self._defer(notice, str(error))
        else:
            ts, posted_at = None if message.closes else posted.ts, edge.clock.now() if notice.ts is None else None
            await edge.run(notices.shown, edge.database, notice, posted.channel, ts, posted_at)

    async def _show(self, channel: str, notice: Owed, message: Message) -> Posted:
        if notice.ts is None:
            return await self._edge.slack.post(channel, message, notice.thread_ts, in_turn=True)
        posted = Posted(channel, notice.ts)
        await self._edge.slack.update(posted, message, in_turn=True)
        return posted

    async def _refused(self, channel: str, notice: Owed, message: Message, error: SlackRefused) -> None:
        edge = self._edge
        if error.code in _GONE:
            await self._deleted(channel, notice, message)
        elif error.code == _THREAD_IS_GONE:
            # The card was deleted by hand, and what stood below it is nobody's any more.
            await edge.run(notices.shown, edge.database, notice, channel, None)
        elif error.code in _CHANNEL_IS_CLOSED:
            problem = f"{channel}: {error}"
            _say(notice, problem, loudly=True)
            await edge.run(notices.shut_out, edge.database, edge.clock, notice, channel, problem, await admins(edge))
        elif error.code == RATE_LIMITED:
            wait = timedelta(seconds=error.retry_after) if error.retry_after is not None else None
            _say(notice, str(error))
            told = await admins(edge)
            if await edge.run(notices.rate_limited, edge.database, edge.clock, notice, channel, str(error), wait, told):
                _give_up(notice, str(error))
        else:
            await self._defer(notice, str(error))

    async def _deleted(self, channel: str, notice: Owed, message: Message) -> None:
        """Somebody deleted the card by hand: it is posted anew as long as it asks for something."""
        edge = self._edge
        if await edge.run(notices.still_matters, edge.database, notice):
            await edge.run(notices.forget_message, edge.database, notice)
        else:
            ts = None if message.closes else notice.ts
            await edge.run(notices.gone, edge.database, notice, channel, ts)

    async def _defer(self, notice: Owed, problem: str, wait: timedelta | None = None) -> None:
        edge = self._edge
        _say(notice, problem, loudly=wait == _UNTIL_A_PERSON_ACTS)
        told = await admins(edge)
        if await edge.run(notices.deferred, edge.database, edge.clock, notice, problem, wait, told):
            _give_up(notice, problem)

    @property
    def _default(self) -> str | None:
        return self._edge.rollcall.settings.default_channel


def _method(notice: Owed) -> str:
    return POSTS if notice.ts is None else EDITS


def _say(notice: Owed, problem: str, *, loudly: bool = False) -> None:
    say = _log.error if loudly else _log.warning
    say("A card could not be shown", kind=notice.kind, subject=notice.subject, problem=problem)


def _give_up(notice: Owed, problem: str) -> None:
    _log.error(
        "A card could not be shown for a day and is given up", kind=notice.kind, subject=notice.subject, problem=problem
    )


def _tell(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.error("A channel could not be served; it is tried again in a second", exc_info=task.exception())
