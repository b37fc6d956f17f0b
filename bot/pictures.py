"""Pictures that follow an answer: drawn off the event loop, uploaded for the bot alone, and shown once Slack can.

Slack answers an upload before it has looked the file over, and refuses a block with it until then: "invalid slack file"
(slackapi/java-slack-sdk issue 1349, slackapi/python-slack-sdk issues 1521 and 1658). `files.info` would say when it is
done, but takes the scope files:read, which opens every file that the bot can reach; so it is simply tried again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from billing.errors import RollcallError
from bot.edge import Edge
from bot.message import Message, Picture
from bot.reader import Reader
from bot.slack import SlackRefused
from bot.views import charts
from documents.charts import as_png

Put = Callable[[Message], Awaitable[None]]

# Seconds before each attempt. A response URL may be used five times: for the answer, three attempts and an excuse.
IN_A_MODAL: Sequence[float] = (0, 0.5, 1, 2, 4)
IN_AN_ANSWER: Sequence[float] = (0.5, 2, 4)

_FILE_NAME = "head-count.png"
_MAYBE_NOT_READY = {"invalid_blocks", "invalid_arguments"}

_log = structlog.stdlib.get_logger(__name__)


async def show(edge: Edge, picture: Picture, put: Put, pauses: Sequence[float] = IN_A_MODAL) -> None:
    """Puts the picture where it belongs, or a sentence that says why there is none; it never fails.

    Whatever else was to be shown is shown already, so a chart that can't be is no more than a chart that is missing.
    """
    try:
        png = await edge.work.draw(as_png, picture.chart)
        file = await edge.slack.upload(_FILE_NAME, png)
        await _patiently(put, charts.shown(file.id, picture.alt), pauses)
    except Exception as error:  # noqa: BLE001 - see above
        _log.warning("A chart could not be shown", error=_briefly(error))
        await _excuse(put, error)


async def follow(edge: Edge, reader: Reader, message: Message) -> None:
    """Shows the picture that belongs to an answer, to the same user."""
    if message.picture is None:
        return

    async def put(shown: Message) -> None:
        if reader.response_url:
            await edge.slack.respond(reader.response_url, shown)
        elif reader.channel:
            await edge.slack.tell(reader.channel, reader.user, shown, reader.thread)

    await show(edge, message.picture, put, IN_AN_ANSWER)


async def _patiently(put: Put, shown: Message, pauses: Sequence[float]) -> None:
    for attempt, pause in enumerate(pauses, start=1):
        await asyncio.sleep(pause)
        try:
            await put(shown)
        except SlackRefused as refusal:
            if refusal.code not in _MAYBE_NOT_READY or attempt == len(pauses):
                raise
        else:
            return


async def _excuse(put: Put, error: Exception) -> None:
    try:
        await put(charts.not_shown(_reason(error)))
    except RollcallError as problem:
        _log.warning("Nor could it be said that a chart is missing", error=str(problem))


def _reason(error: Exception) -> str:
    if isinstance(error, SlackRefused) and error.code in _MAYBE_NOT_READY:
        return "Slack has not taken the picture in time. Ask again in a minute."
    return str(error) if isinstance(error, RollcallError) else "it could not be drawn. The log of the bot says more."


def _briefly(error: Exception) -> str:
    """Without the text of an unexpected error, which may quote what was drawn."""
    return str(error) if isinstance(error, RollcallError) else type(error).__name__
