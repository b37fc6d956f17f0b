"""Slack's framework with every listener in its place."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions import TYPED, Act
from bot.apology import apology
from bot.clicks import Click
from bot.desk import Desk, Doer, reply
from bot.edge import Edge
from bot.listeners import (
    alerts,
    approving,
    changes,
    clients,
    crediting,
    home,
    invoices,
    mentions,
    mismatches,
    notices,
    pricing,
    quotes,
    rollcall,
    runs,
    users,
)
from bot.listeners.mentions import MENTION
from bot.message import Json
from bot.reader import Reader
from bot.replies import Answer, Replies

_REPETITION = "x-slack-retry-num"
# The last one also takes every button that nobody took before it.
_LISTENERS = (
    invoices,
    crediting,
    quotes,
    users,
    clients,
    pricing,
    changes,
    approving,
    mismatches,
    alerts,
    notices,
    runs,
    mentions,
    home,
    rollcall,
)
_DECIDING = (clients, pricing, changes, crediting, approving, runs, mismatches, alerts, notices)


def build_app(edge: Edge, signing_secret: str | None) -> tuple[AsyncApp, Desk]:
    """The app that answers Slack, and the desk that takes its clicks. Without a secret it answers no HTTP request."""
    answers: dict[type, Answer] = {}
    for listeners in _LISTENERS:
        answers |= listeners.ANSWERS
    replies = Replies(edge, answers)
    desk = Desk(edge, {**decisions(), TYPED: replies.carry_out, Act.SHARE: replies.share})
    # Bolt's own client is never used: everything goes out through the edge, where the calls are heard.
    # Without a name, Bolt would read the sources of all who called us, to name itself by a file of theirs.
    app = AsyncApp(name="rollcall", signing_secret=signing_secret, client=AsyncWebClient(), authorize=_authorize)
    register(app, replies, desk)
    _answer_errors(app, edge)
    return app, desk


def decisions() -> dict[str, Doer]:
    """What each button and each window does that decides something."""
    return {kind: doer for listeners in _DECIDING for kind, doer in listeners.DECISIONS.items()}


def register(app: AsyncApp, replies: Replies, desk: Desk) -> None:
    """Registers every listener."""
    for listeners in _LISTENERS:
        listeners.register(app, replies, desk)


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Takes a request that Slack signed for what it is.

    Bolt would otherwise ask Slack who we are before it lets the first request in, and no decision could be taken while
    Slack's API is down. One installation serves one workspace, so there is nothing to find out.
    """
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def _answer_errors(app: AsyncApp, edge: Edge) -> None:
    """Answers what went wrong before a click or command was taken at all, such as a database that doesn't answer."""

    async def answer(error: Exception, body: Json, request: AsyncBoltRequest) -> None:
        message, reader = apology(error), _reader_of(body)
        # An event is told again until it is taken, and one word about it is enough.
        if reader is not None and _REPETITION not in request.headers:
            await reply(edge.slack, reader, message)

    app.error(answer)


def _reader_of(body: Json) -> Reader | None:
    """Whoever waits for an answer; who opened the home tab sees what stood there before."""
    if "event" in body:
        mention = Click.of_mention(body) if body["event"]["type"] == MENTION else None
        return mention.reader if mention else None
    user = body.get("user_id") or body["user"]["id"]
    channel = body.get("channel_id") or (body.get("channel") or {}).get("id")
    thread = (body.get("container") or {}).get("thread_ts")
    return Reader(user, channel, body.get("response_url"), thread)
