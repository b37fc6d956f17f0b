"""What happens by itself."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.clock import clock_of, owe_digests, take_nightly_turns, watch_credentials
from commands.changes import pending
from commands.imports import apply_import
from commands.notices import backlog
from commands.slots import take_nightly
from connectors.books.schedules import schedule
from connectors.books.values import Book, BookDigest
from connectors.directories.examined import Credential
from tests.support.office import HOUSE, NOON, SHELL, Office

ONE_DAY = 24 * 60


async def test_every_night_each_clients_directory_is_read(office: Office) -> None:
    office.hire("Ann")
    await take_nightly_turns(office.edge)
    assert pending(office.edge.database, SHELL) == ()
    office.pass_minutes(ONE_DAY)
    await take_nightly_turns(office.edge)
    assert [change.client for change in pending(office.edge.database, SHELL)] == ["acme"]


async def test_a_night_is_read_once(office: Office) -> None:
    await take_nightly_turns(office.edge)
    office.pass_minutes(ONE_DAY)
    await take_nightly_turns(office.edge)
    office.hire("Ann")
    await take_nightly_turns(office.edge)
    assert pending(office.edge.database, SHELL) == ()


async def test_a_client_that_runs_into_a_bug_is_tried_again_by_itself(office: Office) -> None:
    await take_nightly_turns(office.edge)
    office.pass_minutes(ONE_DAY)
    office.directory.failure = RuntimeError("a bug")
    with pytest.raises(ExceptionGroup, match="Not every client could be read"):
        await take_nightly_turns(office.edge)
    office.pass_minutes(61)
    again = take_nightly(office.edge.database, office.edge.clock, "nightly-sync")
    assert [turn.subject for turn in again] == ["acme"]


async def test_what_expires_soon_is_told_to_the_house_once(office: Office) -> None:
    office.directory.credential = Credential("client secret", NOON + timedelta(days=20), "Make a new one.")
    await watch_credentials(office.edge)
    for _ in range(2):
        office.pass_minutes(ONE_DAY)
        await watch_credentials(office.edge)
        await office.delivery.send_owed()
    told = [seen.said for seen in await office.slack.messages(HOUSE) if "client secret" in seen.said]
    assert len(told) == 1
    assert "expires on 1 May 2027" in told[0]
    assert "Make a new one." in told[0]


WEEKDAYS = BookDigest(HOUSE, schedule("weekdays 08:30"), "America/New_York")


def give_digest(office: Office, *wanted: BookDigest) -> None:
    """A book with digests; the house's own clients stay."""
    apply_import(office.edge.database, SHELL, Book(digests=wanted), office.edge.clock)


async def test_a_digest_is_posted_to_its_channel_when_its_turn_comes_and_once(office: Office) -> None:
    give_digest(office, WEEKDAYS)
    await owe_digests(office.edge)
    office.pass_minutes(ONE_DAY)
    for _ in range(3):
        await owe_digests(office.edge)
        await office.delivery.send_owed()
    (message,) = await office.slack.messages(HOUSE)
    assert message.said == "Nothing waits, and nothing has moved. Next run: 1 May 2027, 2 clients."


async def test_each_digest_is_a_message_of_its_own(office: Office) -> None:
    give_digest(office, WEEKDAYS)
    await owe_digests(office.edge)
    for _ in range(2):
        office.pass_minutes(ONE_DAY)
        await owe_digests(office.edge)
        await office.delivery.send_owed()
    assert len(await office.slack.messages(HOUSE)) == 2


async def test_the_clock_takes_both_kinds_of_turns_as_soon_as_it_starts(office: Office) -> None:
    give_digest(office, WEEKDAYS)
    await owe_digests(office.edge)
    await take_nightly_turns(office.edge)
    office.hire("Ann")
    office.pass_minutes(ONE_DAY)
    ticking = clock_of(office.edge)
    ticking.start()
    try:
        await _until(lambda: bool(pending(office.edge.database, SHELL)))
        await _until(lambda: backlog(office.edge.database).owed == 2)
    finally:
        ticking.shutdown(wait=False)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what is waited for is a row in the database, and no event tells of it
            await asyncio.sleep(0.01)


async def test_a_reading_that_is_under_way_when_the_process_ends_is_read_to_its_end(office: Office) -> None:
    await take_nightly_turns(office.edge)
    office.hire("Ann")
    office.pass_minutes(ONE_DAY)
    office.directory.open_again = asyncio.Event()
    clock = clock_of(office.edge)
    clock.start()
    await office.directory.reached.wait()
    clock.pause()
    office.directory.open_again.set()
    assert await office.edge.work.drain(10)
    clock.shutdown(wait=False)
    assert [change.client for change in pending(office.edge.database, SHELL)] == ["acme"]
