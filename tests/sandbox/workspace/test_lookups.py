"""What the bot can ask: who it is, channels, people, groups; and its home tab."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.workspace.client import WorkspaceClient
from sandbox.workspace.state import Workspace
from tests.support.workspace import SECTION, refusal


async def test_the_bot_learns_who_it_is(slack: AsyncWebClient) -> None:
    assert (await slack.auth_test())["user_id"] == "U0ROLLCALL"


async def test_direct_messages_reach_a_user(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    opened = await slack.conversations_open(users="U0ADMIN")
    await slack.chat_postMessage(channel=opened["channel"]["id"], text="psst")
    await slack.chat_postMessage(channel="U0ADMIN", text="psst again")
    assert [one.said for one in await people.messages(opened["channel"]["id"])] == ["psst", "psst again"]


async def test_direct_messages_to_nobody_are_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.conversations_open(users="U0NOBODY")) == "user_not_found"


async def test_a_channel_says_whether_the_bot_is_a_member(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    assert (await slack.conversations_info(channel="C0ACME"))["channel"]["is_member"] is True
    await people.kick_bot("acme")
    assert (await slack.conversations_info(channel="C0ACME"))["channel"]["is_member"] is False


async def test_a_user_has_a_name(slack: AsyncWebClient) -> None:
    assert (await slack.users_info(user="U0BILLER"))["user"]["real_name"] == "Bert Biller"


async def test_an_unknown_user_is_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.users_info(user="U0NOBODY")) == "user_not_found"


async def test_a_user_group_lists_its_people(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    await people.set_group("S0BILLING", ["biller", "admin"])
    assert (await slack.usergroups_users_list(usergroup="S0BILLING"))["users"] == ["U0BILLER", "U0ADMIN"]


async def test_an_unknown_user_group_is_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.usergroups_users_list(usergroup="S0NOBODY")) == "no_such_subteam"


async def test_a_home_tab_is_guarded_by_its_hash(slack: AsyncWebClient, workspace: Workspace) -> None:
    home = {"type": "home", "blocks": [SECTION]}
    first = await slack.views_publish(user_id="U0ADMIN", view=home)
    await slack.views_publish(user_id="U0ADMIN", view=home, hash=first["view"]["hash"])
    call = slack.views_publish(user_id="U0ADMIN", view=home, hash=first["view"]["hash"])
    assert await refusal(call) == "hash_conflict"
    assert list(workspace.screens.homes) == ["U0ADMIN"]


TITLE = {"type": "plain_text", "text": "No"}
LONG = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}


@pytest.mark.parametrize(
    ("user", "view", "code"),
    [
        ("U0NOBODY", {"type": "home", "blocks": []}, "user_not_found"),
        ("U0ADMIN", {"type": "modal", "title": TITLE, "blocks": []}, "invalid_arguments"),
        ("U0ADMIN", {"type": "home", "blocks": [{"type": "divider"}] * 101}, "invalid_arguments"),
        ("U0ADMIN", {"type": "home", "title": TITLE, "blocks": []}, "invalid_arguments"),
        ("U0ADMIN", {"type": "home", "blocks": [LONG] * 90}, "view_too_large"),
    ],
)
async def test_a_home_tab_that_slack_would_refuse_is_refused(
    slack: AsyncWebClient, user: str, view: dict[str, Any], code: str
) -> None:
    assert await refusal(slack.views_publish(user_id=user, view=view)) == code


async def test_an_app_without_a_home_tab_publishes_none(slack: AsyncWebClient, workspace: Workspace) -> None:
    workspace.has_home_tab = False
    home = {"type": "home", "blocks": []}
    assert await refusal(slack.views_publish(user_id="U0ADMIN", view=home)) == "not_enabled"
