"""Reminders of what waits, over real HTTP: once a day, in the thread of the card, until somebody decides."""

import pytest

from bot.clock import owe_reminders
from commands.imports import apply_import
from connectors.books.reader import read_book
from tests.support.office import ACME, APPROVER, BOOK, SHELL, Office

ONE_DAY = 24 * 60


async def tick(office: Office) -> None:
    """What the clock and the sender do within some seconds."""
    await owe_reminders(office.edge)
    for _ in range(3):
        await office.delivery.send_owed()


@pytest.fixture
async def waiting(office: Office) -> Office:
    """Ann and Bo are billed; Dee has waited since 11 April at noon, and the clock has been there on that day."""
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    await tick(office)
    return office


async def thread(office: Office) -> list[str]:
    """What was said below the newest card."""
    card = await office.card()
    return [message.said for message in (await office.slack.messages(ACME, thread_ts=card.ts))[1:]]


async def test_what_waits_is_reminded_of_below_its_card_on_the_next_morning(waiting: Office) -> None:
    assert await thread(waiting) == []
    waiting.pass_minutes(20 * 60)
    await tick(waiting)
    assert await thread(waiting) == []
    waiting.pass_minutes(60)
    await tick(waiting)
    (said,) = await thread(waiting)
    assert said.startswith("Acme Corp: +1 user (2 → 3) has waited since today.")
    assert "$40.00 a month stays off the bill" in said
    assert "the invoice of 1 May 2027 asks" in said


async def test_it_is_reminded_of_once_a_day_and_never_forgotten(waiting: Office) -> None:
    for days in range(1, 4):
        waiting.pass_minutes(ONE_DAY)
        for _ in range(2):
            await tick(waiting)
        assert len(await thread(waiting)) == days


async def test_what_was_decided_is_not_reminded_of(waiting: Office) -> None:
    waiting.pass_minutes(ONE_DAY)
    await owe_reminders(waiting.edge)
    await waiting.press(APPROVER, "Approve")
    for _ in range(3):
        await waiting.delivery.send_owed()
    (said,) = await thread(waiting)
    assert said.startswith("Change 2 in detail")


async def test_a_card_that_somebody_deleted_is_posted_anew_and_not_reminded_of_on_that_day(waiting: Office) -> None:
    card = await waiting.card()
    await waiting.slack.delete(ACME, card.ts)
    waiting.pass_minutes(ONE_DAY)
    await tick(waiting)
    again = await waiting.card()
    assert again.ts != card.ts
    assert "Acme Corp: +1 user (2 → 3)" in again.said
    assert await thread(waiting) == []
    waiting.pass_minutes(ONE_DAY)
    await tick(waiting)
    assert len(await thread(waiting)) == 1


async def test_several_that_wait_in_a_channel_are_one_message(
    waiting: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("book") / "book.yaml"
    other = BOOK.replace("slug: acme", "slug: initech").replace("Acme Corp", "Initech")
    start, end = other.index("  - slug: initech"), other.index("  - slug: globex")
    file.write_text(f"{BOOK.rstrip()}\n{other[start:end]}", encoding="utf-8")
    apply_import(waiting.edge.database, SHELL, read_book(file), waiting.edge.clock)
    await waiting.read("initech")
    await tick(waiting)
    before = await waiting.slack.messages(ACME)
    waiting.pass_minutes(ONE_DAY)
    await tick(waiting)
    (said,) = [message.said for message in (await waiting.slack.messages(ACME))[len(before) :]]
    assert said.startswith("2 changes still wait for approval")
    assert "Acme Corp: +1 user (2 → 3) has waited" in said
    assert "Initech: first count" in said
