"""An answer is for whoever asked, until they share it."""

import pytest

from commands.roles import revoke
from sandbox.workspace.records import MessageSeen
from tests.support.office import ACME, APPROVER, SHELL, VIEWER, Office


async def test_an_answer_is_private_until_it_is_shared_and_then_says_by_whom(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    before = await office.slack.messages(ACME)
    asked = await office.ask(VIEWER, "/invoice", "acme preview")
    assert await office.slack.messages(ACME) == before
    await office.press(VIEWER, "Share", message=asked)
    shared = await office.card()
    assert "Acme Corp: invoice of 1 May 2027, $129.90" in shared.said
    assert f"Shared by {VIEWER}" in shared.said
    assert "Share" not in shared.buttons
    assert (await office.answer(VIEWER)).said == "Done: everybody in the channel sees it now."


async def test_who_may_not_see_it_any_more_does_not_share_it(office: Office) -> None:
    asked = await office.ask(VIEWER, "/users", "acme")
    revoke(office.rollcall.database, SHELL, VIEWER)
    before = await office.slack.messages(ACME)
    await office.press(VIEWER, "Share", message=asked)
    assert await office.slack.messages(ACME) == before
    assert "takes the role viewer" in (await office.answer(VIEWER)).said


async def test_an_answer_that_a_menu_led_to_is_shared_too(office: Office) -> None:
    asked = await office.ask(VIEWER, "/invoice", "corp preview")
    await office.slack.choose(VIEWER, ACME, asked.ts, "client.pick", "invoice globex preview")
    await office.edge.work.drain(5)
    await office.press(VIEWER, "Share", message=await office.answer(VIEWER))
    assert "Globex Corp: invoice of" in (await office.card()).said


async def test_a_head_count_is_shared_with_its_chart(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    await office.slack.command(VIEWER, ACME, "/users", "acme history")
    await office.edge.work.drain(5)
    asked = next(one for one in await office.slack.messages(ACME, VIEWER) if "Share" in one.buttons)
    await office.press(VIEWER, "Share", message=asked)
    told, chart = [await office.slack.wait_for(ACME, wanted) for wanted in (_is_count, _is_chart)]
    assert f"Shared by {VIEWER}" in told.said
    assert chart.ts > told.ts


def _is_count(message: MessageSeen) -> bool:
    return "users billed" in message.said and "Shared by" in message.said


def _is_chart(message: MessageSeen) -> bool:
    return [block["type"] for block in message.blocks] == ["image"]


@pytest.mark.parametrize("words", ["acme", ""])
async def test_what_asks_for_a_decision_is_not_shared(office: Office, words: str) -> None:
    office.hire("Ann")
    await office.sync()
    assert "Share" not in (await office.ask(APPROVER, "/changes", words)).buttons


async def test_a_file_that_was_sent_to_one_person_is_not_shared(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    assert "Share" not in (await office.ask(VIEWER, "/quote", "acme +3 full from may 1 pdf")).buttons


async def test_a_refusal_is_not_shared(office: Office) -> None:
    assert "Share" not in (await office.ask(VIEWER, "/users", "nobody-like-that")).buttons
