"""The button under what Slack didn't take."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.actions import Act
from bot.clicks import Click
from bot.desk import Desk, Doer
from bot.edge import Edge
from bot.message import Message
from bot.replies import Answer, Replies
from bot.views.undelivered import tried_note
from commands import notices


async def try_again(edge: Edge, click: Click) -> Message:
    """Lets every card that could not be shown be tried at once."""
    actor = await edge.actor(click.user)
    return tried_note(await edge.run(notices.try_again, edge.database, actor))


ANSWERS: Mapping[type, Answer] = {}
DECISIONS: Mapping[str, Doer] = {Act.TRY_AGAIN: try_again}


def register(app: AsyncApp, _replies: Replies, desk: Desk) -> None:
    """Takes the button."""
    app.action(Act.TRY_AGAIN)(desk.deciding(Click.of_action))
