"""Events as a real Bolt app is told them: mentions, the home tab, threads, and repetitions until it acknowledges."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from billing.errors import WrongInput
from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.state import Workspace
from tests.support.workspace import BUTTONS, SECTION, all_told

Body = dict[str, Any]
BOT = "<@U0ROLLCALL>"


def listen(bolt: AsyncApp, event: str) -> list[Body]:
    """The bodies of the events that the bot takes."""
    taken: list[Body] = []

    @bolt.event(event)
    async def take(body: Body) -> None:
        taken.append(body)

    return taken


class Deaf:
    """Refuses every event, with the headers of each attempt."""

    def __init__(self, bolt: AsyncApp, *, for_good: bool = False, until: int = 100) -> None:
        self.attempts: list[tuple[str | None, str | None]] = []
        self.ids: set[str] = set()
        self.refusal = BoltResponse(status=500, headers={"x-slack-no-retry": "1"} if for_good else {})
        self.until = until

        @bolt.middleware
        async def refuse(request: Any, body: Body, next: Callable[[], Any]) -> Any:  # noqa: A002 - Bolt's name
            headers = request.headers
            first = [headers.get(name, [None])[0] for name in ("x-slack-retry-num", "x-slack-retry-reason")]
            self.attempts.append((first[0], first[1]))
            self.ids.add(body["event_id"])
            return self.refusal if len(self.attempts) < self.until else await next()


async def test_a_mention_is_told_with_its_words_and_its_thread(bolt: AsyncApp, people: WorkspaceClient) -> None:
    taken = listen(bolt, "app_mention")
    first = await people.say("viewer", "acme", "Who is this?")
    reply = await people.say("approver", "acme", f"{BOT} users acme", first.ts)
    (body,) = taken
    told = body["event"]
    assert (told["type"], told["user"], told["text"]) == ("app_mention", "U0APPROVER", f"{BOT} users acme")
    assert (told["channel"], told["ts"], told["thread_ts"]) == ("C0ACME", reply.ts, first.ts)
    assert body["event_id"].startswith("Ev")
    assert body["authorizations"][0]["user_id"] == "U0ROLLCALL"


async def test_an_answer_to_a_reply_stands_in_the_same_thread(people: WorkspaceClient) -> None:
    first = await people.say("viewer", "acme", "one")
    reply = await people.say("viewer", "acme", "two", first.ts)
    assert (await people.say("viewer", "acme", "three", reply.ts)).thread_ts == first.ts
    with pytest.raises(WrongInput, match="There is no message"):
        await people.say("viewer", "acme", "four", "1.000001")


async def test_what_another_bot_says_bears_its_name(bolt: AsyncApp, people: WorkspaceClient) -> None:
    taken = listen(bolt, "app_mention")
    await people.say("viewer", "acme", f"{BOT} users acme", is_bot=True)
    assert taken[0]["event"]["bot_id"] == "B0OTHER"


@pytest.mark.parametrize("missing", ["a mention", "the bot", "the subscription", "the scope"])
async def test_nothing_is_told_that_slack_would_not_tell(
    bolt: AsyncApp, people: WorkspaceClient, workspace: Workspace, missing: str
) -> None:
    taken = listen(bolt, "app_mention")
    if missing == "the bot":
        await people.kick_bot("acme")
    if missing == "the subscription":
        workspace.subscriptions -= {"app_mention"}
    if missing == "the scope":
        workspace.scopes -= {"app_mentions:read"}
    await people.say("viewer", "acme", "hello" if missing == "a mention" else f"{BOT} hello")
    assert (taken, await people.deliveries()) == ([], [])


async def test_messages_are_told_to_whom_subscribed_to_them(
    bolt: AsyncApp, people: WorkspaceClient, workspace: Workspace
) -> None:
    taken = listen(bolt, "message")
    workspace.subscriptions |= {"message.channels"}
    workspace.scopes |= {"channels:history"}
    await people.say("viewer", "acme", "hello")
    assert [(body["event"]["text"], body["event"]["channel_type"]) for body in taken] == [("hello", "channel")]


async def test_the_home_tab_tells_that_it_was_opened_and_what_it_shows(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    taken = listen(bolt, "app_home_opened")
    await people.open_home("viewer")
    shown = await slack.views_publish(user_id="U0VIEWER", view={"type": "home", "blocks": [SECTION]})
    await people.open_home("viewer")
    first, second = (body["event"] for body in taken)
    assert (first["user"], first["tab"], "view" in first) == ("U0VIEWER", "home", False)
    assert first["channel"].startswith("D")
    assert second["view"]["hash"] == shown["view"]["hash"]
    assert (await people.home("viewer")).said == "3 people *join*"


async def test_a_button_of_the_home_tab_has_neither_channel_nor_response_url(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    taken: list[Body] = []

    @bolt.action("approve")
    async def act(ack: Any, body: Body) -> None:
        taken.append(body)
        await ack()

    view = await slack.views_publish(user_id="U0APPROVER", view={"type": "home", "blocks": [SECTION, BUTTONS]})
    assert (await people.click_at_home("approver", "Approve")).error is None
    assert taken[0]["container"] == {"type": "view", "view_id": view["view"]["id"]}
    assert (taken[0]["view"]["type"], taken[0]["actions"][0]["value"]) == ("home", "7:1")
    assert not {"channel", "response_url", "message"} & set(taken[0])
    with pytest.raises(WrongInput, match="has not put anything on this user's home tab"):
        await people.click_at_home("viewer", "Approve")


async def test_an_event_that_is_not_acknowledged_is_told_three_times_more(
    bolt: AsyncApp, people: WorkspaceClient, workspace: Workspace
) -> None:
    workspace.told_again_after = (0, 0, 0)
    deaf = Deaf(bolt)
    await people.say("viewer", "acme", f"{BOT} help")
    await all_told(workspace)
    assert deaf.attempts == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len(deaf.ids) == 1
    assert [each.error for each in await people.deliveries()] == ["http_service_error"] * 4


async def test_an_event_is_told_no_more_once_it_is_acknowledged(
    bolt: AsyncApp, people: WorkspaceClient, workspace: Workspace
) -> None:
    workspace.told_again_after = (0, 0, 0)
    deaf, taken = Deaf(bolt, until=2), listen(bolt, "app_mention")
    await people.say("viewer", "acme", f"{BOT} help")
    await all_told(workspace)
    assert (len(deaf.attempts), len(taken)) == (2, 1)


async def test_a_bot_may_say_that_it_wants_nothing_repeated(
    bolt: AsyncApp, people: WorkspaceClient, workspace: Workspace
) -> None:
    workspace.told_again_after = (0, 0, 0)
    deaf = Deaf(bolt, for_good=True)
    await people.say("viewer", "acme", f"{BOT} help")
    await all_told(workspace)
    assert len(deaf.attempts) == 1


async def test_a_late_acknowledgement_is_none(bolt: AsyncApp, people: WorkspaceClient, workspace: Workspace) -> None:
    workspace.told_again_after = (0,)
    late: list[str | None] = []

    @bolt.middleware
    async def wait(request: Any, next: Callable[[], Any]) -> Any:  # noqa: A002 - Bolt's name
        late.append(request.headers.get("x-slack-retry-reason", [None])[0])
        await asyncio.sleep(0.7)
        return await next()

    await people.say("viewer", "acme", f"{BOT} help")
    await all_told(workspace)
    assert late == [None, "http_timeout"]


async def test_the_request_url_is_taken_once_it_answers_the_challenge(bolt: AsyncApp, people: WorkspaceClient) -> None:
    assert (await people.verify()).error is None
    Deaf(bolt)
    await people.set_bot("http://127.0.0.1:9/slack/events")
    assert (await people.verify()).error == "url_verification_failed"


async def test_an_ephemeral_answer_is_seen_only_in_a_thread_that_has_begun(
    slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    first = await people.say("viewer", "acme", "one")
    await slack.chat_postEphemeral(channel="C0ACME", user="U0VIEWER", thread_ts=first.ts, text="unseen")
    await people.say("approver", "acme", "two", first.ts)
    await slack.chat_postEphemeral(channel="C0ACME", user="U0VIEWER", thread_ts=first.ts, text="seen")
    assert [one.said for one in await people.messages("acme", "viewer")] == ["one", "two", "seen"]
    assert [one.said for one in await people.messages("acme", "approver")] == ["one", "two"]
