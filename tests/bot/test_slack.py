"""The way out to Slack, against the pretend one."""

from bot.views.surfaces import said
from tests.support.office import ACME, Office


async def test_a_message_is_posted_below_another_one_where_a_thread_is_named(office: Office) -> None:
    slack = office.edge.slack
    first = await slack.post(ACME, said("The card"))
    await slack.post(ACME, said("Its details"), first.ts)
    threads = [seen.thread_ts for seen in await office.slack.messages(ACME)]
    assert threads == [None, first.ts]
