"""The sender of cards: looks each second for what Slack doesn't show yet, and posts or edits it.

What is owed is a row and stays one until Slack has shown it. A card is repeated only where the process died between
Slack's answer and our record, or where the answer itself was lost; both cards' buttons then answer rightly.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import groupby

import structlog

from bot.edge import Edge
from bot.message import Message
from bot.slack import Posted, SlackIsUnreachable, SlackRefused
from commands import notices
from commands.notices import Owed
from storage.database import Database

Card = Callable[[Database, Owed], Message | None]

_EVERY_SECONDS = 1
_GONE = {"message_not_found", "cant_update_message"}
_THREAD_IS_GONE = "thread_not_found"
_CHANNEL_IS_CLOSED = {"channel_not_found", "not_in_channel", "is_archived"}
_RATE_LIMITED = "ratelimited"
_UNTIL_A_PERSON_ACTS = timedelta(minutes=10)
# Slack tells nobody without more scopes that the bot was invited, so we try.
_UNTIL_SOMEBODY_INVITES = timedelta(minutes=1)
# The waits double from two seconds to five minutes, so a day has about this many attempts.
_ATTEMPTS_OF_A_DAY = 294
_NO_CHANNEL = "No channel: give the client one in its book, or set ROLLCALL_DEFAULT_CHANNEL"

_log = structlog.stdlib.get_logger(__name__)


class Delivery:
    """Sends cards; `card` gives the newest one of a notice, or nothing where there is nothing to say any more."""

    def __init__(self, edge: Edge, card: Card) -> None:
        self._edge = edge
        self._card = card
        self._holder = secrets.token_hex(8)

    async def run(self, stop: asyncio.Event) -> None:
        """Looks each second until it is told to stop; what is being sent then is sent to its end."""
        while not stop.is_set():
            with self._edge.work.tracked():
                try:
                    await self.send_owed()
                except Exception:  # noqa: BLE001 - the sender goes on, whatever one look ran into
                    _log.exception("Cards could not be looked for; it is tried again in a second")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)

    async def send_owed(self) -> None:
        """Sends every card whose turn it is: the channels side by side, the cards of one channel one by one."""
        owed = await self._edge.run(notices.owed, self._edge.database, self._edge.clock)
        ordered = sorted(owed, key=lambda notice: self._channel(notice) or "")
        channels = [(channel, list(theirs)) for channel, theirs in groupby(ordered, key=self._channel)]
        ended = await asyncio.gather(
            *(self._send_to(channel, theirs) for channel, theirs in channels), return_exceptions=True
        )
        # Raised only now: what is still being posted elsewhere would be posted again by the next look.
        failures = [failure for failure in ended if isinstance(failure, Exception)]
        if failures:
            raise ExceptionGroup("Some channels could not be served", failures)

    async def _send_to(self, channel: str | None, owed: Sequence[Owed]) -> None:
        if channel is None:
            for notice in owed:
                await self._defer(notice, _NO_CHANNEL, _UNTIL_A_PERSON_ACTS)
            return
        # In the order in which they came to be owed, also where one of them had to wait.
        for notice in sorted(owed, key=lambda each: each.id):
            if not await self._edge.run(notices.lease, self._edge.database, self._edge.clock, channel, self._holder):
                return
            await self._send(channel, notice)
        await self._edge.run(notices.release, self._edge.database, channel, self._holder)

    async def _send(self, channel: str, notice: Owed) -> None:
        try:
            message = await self._edge.run(self._card, self._edge.database, notice)
            posted = await self._show(channel, notice, message) if message else None
        except SlackRefused as error:
            await self._refused(channel, notice, error)
        except SlackIsUnreachable as error:
            await self._defer(notice, str(error))
        except Exception as error:  # noqa: BLE001 - one card that can't be made must not hold up the others
            _log.exception("A card could not be made", kind=notice.kind, subject=notice.subject)
            # The error's own text may quote names or SQL, and a problem is shown in Slack: the log has the whole of it.
            what = f"The card of {notice.kind} {notice.subject} could not be made: {type(error).__name__}, see the log"
            await self._defer(notice, what)
        else:
            is_over = message is None or message.closes
            where, ts = (posted.channel, posted.ts) if posted else (channel, None)
            posted_at = self._edge.clock.now() if posted and notice.ts is None else None
            await self._edge.run(notices.shown, self._edge.database, notice, where, None if is_over else ts, posted_at)

    async def _show(self, channel: str, notice: Owed, message: Message) -> Posted:
        if notice.ts is None:
            return await self._edge.slack.post(channel, message, notice.thread_ts)
        posted = Posted(channel, notice.ts)
        await self._edge.slack.update(posted, message)
        return posted

    async def _refused(self, channel: str, notice: Owed, error: SlackRefused) -> None:
        edge = self._edge
        if error.code in _GONE:
            await self._deleted(channel, notice)
        elif error.code == _THREAD_IS_GONE:
            # The card was deleted by hand, and what stood below it is nobody's any more.
            await edge.run(notices.shown, edge.database, notice, channel, None)
        elif error.code in _CHANNEL_IS_CLOSED:
            problem = f"{channel}: {error}"
            self._say(notice, problem, loudly=True)
            await edge.run(
                notices.shut_out, edge.database, edge.clock, notice, channel, problem, _UNTIL_SOMEBODY_INVITES
            )
        elif error.code == _RATE_LIMITED:
            wait = timedelta(seconds=error.retry_after) if error.retry_after is not None else None
            self._say(notice, str(error))
            await edge.run(notices.rate_limited, edge.database, edge.clock, notice, channel, str(error), wait)
        else:
            await self._defer(notice, str(error))

    async def _deleted(self, channel: str, notice: Owed) -> None:
        """Somebody deleted the card by hand: it is posted anew as long as it asks for something."""
        if await self._edge.run(notices.still_matters, self._edge.database, notice):
            await self._edge.run(notices.forget_message, self._edge.database, notice)
        else:
            await self._edge.run(notices.gone, self._edge.database, notice, channel)

    async def _defer(self, notice: Owed, problem: str, wait: timedelta | None = None) -> None:
        self._say(notice, problem, loudly=wait == _UNTIL_A_PERSON_ACTS)
        await self._edge.run(notices.deferred, self._edge.database, self._edge.clock, notice, problem, wait)

    def _say(self, notice: Owed, problem: str, *, loudly: bool = False) -> None:
        say = _log.error if loudly or notice.attempts >= _ATTEMPTS_OF_A_DAY else _log.warning
        say("A card could not be shown", kind=notice.kind, subject=notice.subject, problem=problem)

    def _channel(self, notice: Owed) -> str | None:
        return notice.channel or self._edge.rollcall.settings.default_channel
