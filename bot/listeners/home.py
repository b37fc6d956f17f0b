"""The home tab, which is made when somebody opens it."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.replies import Answer, Replies

ANSWERS: Mapping[type, Answer] = {}


def register(app: AsyncApp, _replies: Replies, desk: Desk) -> None:
    """Takes the event."""
    app.event("app_home_opened")(desk.showing_home())
