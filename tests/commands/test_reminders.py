"""Reminders: whose turn it is, and what they are about."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest

from commands import notices, reminders
from commands.actors import Clock
from commands.notices import Owed
from tests.support.cards import every_owed
from tests.support.msp import Msp, played_once

ONE_DAY = timedelta(days=1)


def at(msp: Msp, day: date, hour: int) -> Clock:
    """A moment in UTC; the tests' client lives there."""
    return Clock(fixed=day, now=lambda: datetime.combine(day, time(hour), UTC))


def post(msp: Msp, clock: Clock) -> list[Owed]:
    """Every card whose turn it is, as the sender shows it."""
    owed = list(every_owed(msp.database))
    for notice in owed:
        notices.shown(msp.database, notice, "C0ACME", notice.ts or f"{notice.id}.0", None if notice.ts else clock.now())
    return owed


def tick(msp: Msp, clock: Clock) -> list[str]:
    """What is asked for when the clock looks: the kinds of what is owed then."""
    reminders.owe_due(msp.database, clock)
    return sorted(notice.kind for notice in every_owed(msp.database))


@pytest.fixture
@played_once
def waiting(counted: Msp) -> Msp:
    """Dee joined on 11 January; her change's card was posted at eight in the morning, and the clock has been there."""
    counted.on("2027-01-11").hire("dee")
    counted.sync()
    eight = at(counted, counted.today, 8)
    post(counted, eight)
    post(counted, eight)
    tick(counted, eight)
    return counted


def test_a_change_is_not_reminded_of_on_the_day_on_which_its_card_was_posted(waiting: Msp) -> None:
    assert "reminder" not in tick(waiting, at(waiting, waiting.today, 23))


def test_it_waits_for_its_days_in_whatever_revision(waiting: Msp) -> None:
    waiting.on("2027-01-13").hire("eve")
    waiting.sync()
    clock = at(waiting, waiting.today, 23)
    tick(waiting, clock)
    post(waiting, clock)
    (reminder,) = [notice for notice in every_owed(waiting.database) if notice.kind == "reminder"]
    (told,) = reminders.show(waiting.database, reminder.subject)
    assert (told.change.id, told.change.revision, told.days) == (2, 2, 2)
    assert reminder.thread_ts is not None


def test_two_processes_owe_one_reminder(waiting: Msp) -> None:
    clock = at(waiting, waiting.today + ONE_DAY, 23)
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda _: reminders.owe_due(waiting.database, clock), range(2)))
    assert sorted(told) == [(), (told[0] or told[1])]


def test_a_turn_that_was_missed_is_taken_late_and_once(waiting: Msp) -> None:
    for hour in (5, 6):
        tick(waiting, at(waiting, waiting.today + 3 * ONE_DAY, hour))
    clock = at(waiting, waiting.today + 3 * ONE_DAY, 7)
    post(waiting, clock)
    assert [notice.kind for notice in post(waiting, clock)] == ["reminder"]
    assert tick(waiting, clock) == []


def test_a_reminder_that_never_came_gives_way_to_the_next(waiting: Msp) -> None:
    for days in (1, 2):
        tick(waiting, at(waiting, waiting.today + days * ONE_DAY, 23))
    clock = at(waiting, waiting.today + 2 * ONE_DAY, 23)
    post(waiting, clock)
    assert [notice.kind for notice in post(waiting, clock)] == ["reminder"]


def test_what_was_decided_meanwhile_is_not_in_it(waiting: Msp) -> None:
    clock = at(waiting, waiting.today + ONE_DAY, 23)
    tick(waiting, clock)
    waiting.approve()
    post(waiting, clock)
    (reminder,) = [notice for notice in every_owed(waiting.database) if notice.kind == "reminder"]
    assert reminders.show(waiting.database, reminder.subject) == ()
