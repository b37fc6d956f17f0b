"""Where clicks are taken: a decision is kept, acknowledged, carried out, answered, and marked as done, in that order.

Whatever ends the process in between, the next start finds what was kept and carries it out; the commands refuse what
was already decided, so that doing it twice does it once.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress

import structlog
from slack_bolt.async_app import AsyncAck
from slack_bolt.response import BoltResponse
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars

from billing.errors import RollcallError
from bot import homes, pictures
from bot.actions import ButtonIsStrange
from bot.apology import apology
from bot.clicks import Click
from bot.edge import Edge
from bot.message import Json, Message
from bot.reader import Reader
from bot.slack import Slack, SlackIsUnreachable, SlackRefused
from commands import interactions
from commands.interactions import Interaction

Doer = Callable[[Edge, Click], Awaitable[Message | None]]
Finder = Callable[[Edge, Click], Awaitable[Mapping[str, str]]]
"""Finds what is wrong with a modal's fields, by block id."""
Suggester = Callable[[Edge, Json], Awaitable[Json]]
Listener = Callable[..., Awaitable[BoltResponse | None]]

_LOOKS_EVERY_SECONDS = 15
# Slack waits three seconds for the acknowledgement.
_LOOKS_FOR_SECONDS = 1.5
_SUGGESTS_FOR_SECONDS = 2.5
_ACKNOWLEDGED = 200

_log = structlog.stdlib.get_logger(__name__)


class Desk:
    """Takes clicks. `decisions` says what each deciding button or modal does."""

    def __init__(self, edge: Edge, decisions: Mapping[str, Doer]) -> None:
        self._edge = edge
        self._decisions = decisions

    def deciding(self, read: Callable[[Json], Click], faults: Finder | None = None) -> Listener:
        """A listener for a click or a submission that decides something.

        `faults` finds what is wrong with a modal's fields, before anything is kept: Slack shows that at each of them.
        """

        async def listener(ack: AsyncAck, body: Json) -> None:
            click = read(body)
            with self._edge.work.tracked(), bound_contextvars(interaction=click.key):
                if faults is not None and (found := await self._looked_for(faults, click)):
                    await ack(response_action="errors", errors=dict(found))
                    return
                is_new = await self._keep(click)
                await ack()
                if is_new:
                    await self._carry_out(click)

        return listener

    def asking(self, answer: Doer, read: Callable[[Json], Click] = Click.of_action) -> Listener:
        """A listener for a click that only shows something, such as a modal."""

        async def listener(ack: AsyncAck, body: Json) -> None:
            await ack()
            click = read(body)
            with self._edge.work.tracked(), bound_contextvars(interaction=click.key):
                message = await self._answered(answer, click)
                await self._reply(click, message)
                # What is refused was shown as it isn't any more.
                if message is not None and click.at_home:
                    await homes.show(self._edge, click.user)

        return listener

    async def _looked_for(self, faults: Finder, click: Click) -> Mapping[str, str]:
        """What is wrong with the fields; nothing where that can't be said in time, and the decision itself tells."""
        try:
            return await asyncio.wait_for(faults(self._edge, click), _LOOKS_FOR_SECONDS)
        except Exception as error:  # noqa: BLE001 - whatever keeps us from saying it at the fields is said by message
            _log.info("A form was taken without a look at its fields", error=type(error).__name__)
            return {}

    async def offered(self, suggest: Suggester, body: Json) -> Json:
        """The options that a menu offers for what was typed; none where they can't be found in time."""
        try:
            with self._edge.work.tracked():
                return await asyncio.wait_for(suggest(self._edge, body), _SUGGESTS_FOR_SECONDS)
        except Exception as error:  # noqa: BLE001 - an empty menu can be asked again, an unanswered one shows an error
            _log.warning("Options could not be looked up", error=type(error).__name__)
            return {"options": []}

    def keeping(self, read: Callable[[Json], Click | None]) -> Listener:
        """What comes before a listener for an event: keeps what it asks for before Bolt acknowledges it.

        What was delivered before, or asks for nothing, is acknowledged and goes no further.
        """

        async def middleware(body: Json, next_: Callable[[], Awaitable[None]]) -> BoltResponse | None:
            click = read(body)
            if click is None or not await self._keep(click):
                return BoltResponse(status=_ACKNOWLEDGED)
            await next_()
            return None

        return middleware

    def carrying_out(self, read: Callable[[Json], Click | None]) -> Listener:
        """A listener for an event that was kept."""

        async def listener(body: Json) -> None:
            click = read(body)
            if click is not None:
                with self._edge.work.tracked(), bound_contextvars(interaction=click.key):
                    await self._carry_out(click)

        return listener

    def showing_home(self) -> Listener:
        """A listener for whoever opens the app; of its tabs, only home is ours to fill."""

        async def listener(event: Json) -> None:
            if event.get("tab") == "home":
                user, shown = event["user"], event.get("view") or {}
                with self._edge.work.tracked(), bound_contextvars(interaction=f"home:{user}"):
                    await homes.show(self._edge, user, shown.get("hash"))

        return listener

    async def left_behind(self) -> tuple[Interaction, ...]:
        """What was kept and not done by the process before; to be asked before anything new is taken."""
        return await self._edge.run(interactions.left_behind, self._edge.database, self._edge.clock, at_start=True)

    async def resume(self, left_behind: tuple[Interaction, ...], stop: asyncio.Event) -> None:
        """Carries out what the process before left behind, and then what others leave, until it is told to stop."""
        await self._take_over(left_behind, at_start=True)
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOKS_EVERY_SECONDS)
                return
            try:
                found = await self._edge.run(interactions.left_behind, self._edge.database, self._edge.clock)
                await self._take_over(found)
            except Exception:  # noqa: BLE001 - it is looked again, whatever one look ran into
                _log.exception("Clicks that another process left could not be looked for")

    async def _keep(self, click: Click) -> bool:
        edge = self._edge
        return await edge.run(interactions.keep, edge.database, edge.clock, click.as_interaction())

    async def _take_over(self, found: Iterable[Interaction], *, at_start: bool = False) -> None:
        with self._edge.work.tracked():
            for kept in found:
                edge = self._edge
                if await edge.run(interactions.take_over, edge.database, edge.clock, kept, at_start=at_start):
                    # One after the other in one task: what the one before was about isn't this one's.
                    clear_contextvars()
                    bind_contextvars(interaction=kept.key)
                    _log.info("A click of before the restart is carried out now", kind=kept.kind)
                    await self._carry_out(Click.of_interaction(kept))

    async def _carry_out(self, click: Click) -> None:
        await self._reply(click, await self._answered(self._decisions.get(click.kind, _unknown), click))
        if click.at_home:
            await homes.show(self._edge, click.user)
        await self._edge.run(interactions.finish, self._edge.database, self._edge.clock, click.key)

    async def _answered(self, doer: Doer, click: Click) -> Message | None:
        try:
            return await doer(self._edge, click)
        except Exception as error:  # noqa: BLE001 - every click gets an answer, also one that ran into a bug
            return apology(error)

    async def _reply(self, click: Click, message: Message | None) -> None:
        if message is not None:
            await reply(self._edge.slack, click.reader, message)
            await pictures.follow(self._edge, click.reader, message)


async def _unknown(_edge: Edge, _click: Click) -> Message | None:
    """A click that another version kept; it must not keep the others of before the restart from being done."""
    raise ButtonIsStrange


async def reply(slack: Slack, reader: Reader, message: Message) -> None:
    """Shows an answer to one user, by the short-lived response URL or else in the channel or in a direct message.

    Each of them is tried again within bounds. Failing all of them, the log says so, under the reference that the answer
    names where it names one.

    What was decided stands in the database and on the card, so an answer that got lost loses nothing else.
    """
    problem: RollcallError | None = None
    if reader.response_url:
        try:
            await slack.respond(reader.response_url, message)
        except (SlackRefused, SlackIsUnreachable) as error:
            problem = error
        else:
            return
    if reader.channel:
        try:
            await slack.tell(reader.channel, reader.user, message, reader.thread)
        except (SlackRefused, SlackIsUnreachable) as error:
            problem = error
        else:
            return
    try:
        await slack.tell_directly(reader.user, message)
    except (SlackRefused, SlackIsUnreachable) as error:
        problem = problem or error
    else:
        return
    # What the answer says stays out of the log: it names people, and names live in one table only.
    reference = message.reference or secrets.token_hex(4)
    _log.error("An answer didn't reach its user", user=reader.user, reference=reference, error=str(problem))
