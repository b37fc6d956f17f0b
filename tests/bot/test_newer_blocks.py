"""A workspace that refuses tables is shown text, and after two different messages isn't asked again."""

import pytest
import structlog

from bot.message import Message
from bot.pace import Pace
from bot.slack import Slack, SlackRefused, web_client
from bot.views import tables
from bot.views.fitting import Body
from bot.views.surfaces import message, said
from sandbox.workspace.troubles import Kind
from tests.support.office import ACME, ADMIN, Office


@pytest.fixture
def slack(office: Office) -> Slack:
    """The way out of a process that has just started."""
    settings = office.rollcall.settings
    client = web_client(settings.required("slack_bot_token"), settings.slack_api_url)
    return Slack(client, office.calls.append, Pace())


def with_table(name: str = "Ann") -> Message:
    plainer = Body(said(f"{name}: as text").blocks)
    return message("A table", Body((tables.table([["name"], [name]]),)), plainer=plainer)


async def kinds(office: Office) -> list[str]:
    return [seen.blocks[0]["type"] for seen in await office.slack.messages(ACME, ADMIN)]


async def called(office: Office, method: str) -> list[str | None]:
    return [call.error for call in await office.slack.calls(method)]


async def test_a_table_is_shown_where_the_workspace_takes_it(office: Office, slack: Slack) -> None:
    await slack.post(ACME, with_table())
    assert await kinds(office) == ["table"]


async def test_where_it_is_refused_the_same_message_is_sent_once_more_as_text(office: Office, slack: Slack) -> None:
    await office.slack.refuse_blocks("table")
    posted = await slack.post(ACME, with_table())
    assert await kinds(office) == ["section"]
    await slack.update(posted, with_table("Bo"))
    (seen,) = await office.slack.messages(ACME)
    assert seen.said == "Bo: as text"


async def test_after_two_messages_it_is_not_tried_again_for_as_long_as_the_process_lives(
    office: Office, slack: Slack
) -> None:
    await office.slack.refuse_blocks("table")
    for name in ("Ann", "Bo", "Cy"):
        await slack.tell(ACME, ADMIN, with_table(name))
    assert await called(office, "chat.postEphemeral") == ["invalid_blocks", None, "invalid_blocks", None, None]
    await slack.post(ACME, with_table())
    assert await called(office, "chat.postMessage") == [None]
    await office.slack.refuse_blocks()
    await slack.tell(ACME, ADMIN, with_table())
    assert await kinds(office) == ["section"] * 5


async def test_one_message_that_is_refused_says_nothing_of_the_others(office: Office, slack: Slack) -> None:
    await office.slack.refuse_blocks("table")
    for _ in range(2):
        await slack.post(ACME, with_table())
    await office.slack.refuse_blocks()
    await slack.post(ACME, with_table("Bo"))
    assert await kinds(office) == ["section", "section", "table"]


async def test_a_table_that_is_taken_ends_the_doubt(office: Office, slack: Slack) -> None:
    for name in ("Ann", "Bo"):
        await office.slack.refuse_blocks("table")
        await slack.post(ACME, with_table(name))
        await office.slack.refuse_blocks()
        await slack.post(ACME, with_table("Cy"))
    assert await kinds(office) == ["section", "table"] * 2


async def test_the_log_has_slacks_word_for_the_refusal(office: Office, slack: Slack) -> None:
    await office.slack.add_trouble("chat.postMessage", Kind.ERROR, error="invalid_arguments")
    with structlog.testing.capture_logs() as logs:
        await slack.post(ACME, with_table())
    assert [entry.get("code") for entry in logs if "tables" in entry["event"]] == ["invalid_arguments"]


async def test_what_both_forms_are_refused_for_says_nothing_of_tables(office: Office, slack: Slack) -> None:
    await office.slack.add_trouble("chat.postMessage", Kind.ERROR, error="invalid_blocks", count=2)
    with pytest.raises(SlackRefused, match="invalid_blocks"):
        await slack.post(ACME, with_table())
    await slack.post(ACME, with_table())
    assert await kinds(office) == ["table"]


async def test_a_refusal_of_something_else_is_told_at_once(office: Office, slack: Slack) -> None:
    await office.slack.add_trouble("chat.postMessage", Kind.ERROR, error="is_archived")
    with pytest.raises(SlackRefused, match="is_archived"):
        await slack.post(ACME, with_table())
    assert await called(office, "chat.postMessage") == ["is_archived"]


async def test_a_message_without_a_table_is_sent_once(office: Office, slack: Slack) -> None:
    await office.slack.add_trouble("chat.postMessage", Kind.ERROR, error="invalid_blocks")
    with pytest.raises(SlackRefused, match="invalid_blocks"):
        await slack.post(ACME, said("Text"))
    assert await called(office, "chat.postMessage") == ["invalid_blocks"]
