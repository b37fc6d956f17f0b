"""@rollcall in a channel or a thread, where slash commands don't work: the same as /rollcall with the same words."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.clicks import Click
from bot.desk import Desk
from bot.replies import Answer, Replies

MENTION = "app_mention"
ANSWERS: Mapping[type, Answer] = {}


def register(app: AsyncApp, _replies: Replies, desk: Desk) -> None:
    """Takes the event: what is asked is kept as a command that decides is, so that it is answered once."""
    app.event(MENTION, middleware=[desk.keeping(Click.of_mention)])(desk.carrying_out(Click.of_mention))
