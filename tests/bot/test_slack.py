"""The way out to Slack, against the pretend one: what is tried again, and what isn't."""

import pytest
import structlog

from bot.apology import apology
from bot.desk import reply
from bot.pace import Pace
from bot.reader import Reader
from bot.slack import Slack, SlackIsUnreachable, SlackRefused, web_client
from bot.views.modals import Origin, rejection_modal
from bot.views.surfaces import said
from sandbox.workspace.troubles import Kind
from tests.support.office import ACME, ADMIN, Office


def slack_of(office: Office) -> Slack:
    """The way out by the clock on the wall: whoever waits for Slack really waits."""
    settings = office.rollcall.settings
    client = web_client(settings.required("slack_bot_token"), settings.slack_api_url)
    return Slack(client, office.calls.append, Pace())


async def called(office: Office, method: str) -> list[str | None]:
    return [call.error for call in await office.slack.calls(method)]


async def test_a_message_is_posted_below_another_one_where_a_thread_is_named(office: Office) -> None:
    slack = office.edge.slack
    first = await slack.post(ACME, said("The card"))
    await slack.post(ACME, said("Its details"), first.ts)
    threads = [seen.thread_ts for seen in await office.slack.messages(ACME)]
    assert threads == [None, first.ts]


async def test_an_answer_waits_as_long_as_slack_asks_for(office: Office) -> None:
    await office.slack.add_trouble("chat.postEphemeral", Kind.RATE_LIMITED, seconds=1)
    await slack_of(office).tell(ACME, ADMIN, said("Here"))
    assert await called(office, "chat.postEphemeral") == ["rate_limited", None]


async def test_an_answer_that_would_wait_too_long_goes_another_way_at_once(office: Office) -> None:
    await office.slack.add_trouble("chat.postEphemeral", Kind.RATE_LIMITED, seconds=120)
    await reply(slack_of(office), Reader(ADMIN, ACME), said("Here"))
    assert await called(office, "chat.postEphemeral") == ["rate_limited"]
    assert [seen.said for seen in await office.slack.messages("direct-admin")] == ["Here"]


async def test_what_may_be_done_twice_is_tried_again_when_the_line_was_lost(office: Office) -> None:
    await office.slack.add_trouble("conversations.open", Kind.UNREACHABLE, count=2)
    await slack_of(office).tell_directly(ADMIN, said("Here"))
    assert [seen.said for seen in await office.slack.messages("direct-admin")] == ["Here"]


async def test_an_answer_that_slack_may_have_shown_is_not_shown_twice(office: Office) -> None:
    await office.slack.add_trouble("chat.postEphemeral", Kind.LOST_ANSWER)
    with pytest.raises(SlackIsUnreachable):
        await slack_of(office).tell(ACME, ADMIN, said("Here"))
    assert len(await office.slack.messages(ACME, ADMIN)) == 1


async def test_a_modal_is_opened_at_once_or_not_at_all(office: Office) -> None:
    await office.slack.add_trouble("views.open", Kind.RATE_LIMITED, seconds=1)
    with pytest.raises(SlackRefused, match="ratelimited"):
        await slack_of(office).open("1.2.3", rejection_modal(Origin("7:2", None, None), "Acme"))
    assert await called(office, "views.open") == ["rate_limited"]


async def test_nobody_there_is_found_out_without_a_doubt(office: Office) -> None:
    slack = Slack(web_client("xoxb-sandbox", "http://127.0.0.1:9/api/"), office.calls.append)
    with pytest.raises(SlackIsUnreachable) as unreachable:
        await slack.post(ACME, said("hi"))
    assert not unreachable.value.was_sent


async def test_an_answer_that_no_way_took_is_in_the_log_under_the_reference_that_it_names(office: Office) -> None:
    lost = apology(ValueError("Ann Ames"))
    for method in ("chat.postEphemeral", "conversations.open"):
        await office.slack.add_trouble(method, Kind.ERROR, error="not_in_channel", count=9)
    with structlog.testing.capture_logs() as logs:
        await reply(slack_of(office), Reader(ADMIN, ACME), lost)
    (entry,) = [each for each in logs if each["event"] == "An answer didn't reach its user"]
    assert (entry["log_level"], entry["reference"] in lost.text) == ("error", True)
    assert "Ann" not in str(entry)
