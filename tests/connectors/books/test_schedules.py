"""Schedules: how they are written, on which days they fall, and which turn was the last to come."""

import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.books.schedules import Schedule, ScheduleIsUnclear, schedule

NEW_YORK = "America/New_York"
ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)

WRITTEN = {
    "09:00": Schedule(time(9)),
    "mon 09:00": Schedule(time(9), frozenset({0})),
    "mon,thu 09:00": Schedule(time(9), frozenset({0, 3})),
    "weekdays 08:30": Schedule(time(8, 30), frozenset(range(5))),
    "1 09:00": Schedule(time(9), month_day=1),
    "31 23:59": Schedule(time(23, 59), month_day=31),
}


@pytest.mark.parametrize(("text", "meant"), WRITTEN.items())
def test_a_schedule_is_read_as_it_is_written_and_the_other_way_round(text: str, meant: Schedule) -> None:
    assert (schedule(text), str(meant)) == (meant, text)


@pytest.mark.parametrize("text", ["Mon,  Thu 09:00", " mon , thu 09:00", "thu,mon,thu 09:00"])
def test_capitals_spaces_and_order_say_nothing(text: str) -> None:
    assert str(schedule(text)) == "mon,thu 09:00"


@pytest.mark.parametrize(
    "text",
    ["", "mon", "9:00", "24:00", "09:60", "monday 09:00", "mon, 09:00", "0 09:00", "32 09:00", "1,15 09:00", "mon 9"],
)
def test_what_is_no_schedule_is_refused_with_those_that_there_are(text: str) -> None:
    with pytest.raises(ScheduleIsUnclear, match=r'is no schedule: expected "09:00", "mon 09:00"'):
        schedule(text)


def test_a_day_that_the_month_lacks_is_its_last_one() -> None:
    days = [day for at in range(365) if schedule("31 09:00").falls_on(day := date(2027, 1, 1) + at * ONE_DAY)]
    assert [day.day for day in days] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def latest(text: str, now: datetime, timezone: str = NEW_YORK) -> str:
    return schedule(text).latest(now, timezone).isoformat(timespec="minutes")


def test_a_turn_comes_at_its_minute_and_not_before() -> None:
    nine = datetime(2027, 4, 12, 13, 0, tzinfo=UTC)
    assert latest("mon 09:00", nine - timedelta(seconds=1)) == "2027-04-05T09:00"
    assert latest("mon 09:00", nine) == "2027-04-12T09:00"


@pytest.mark.parametrize("at", ["02:00", "02:10", "02:30", "02:59"])
@pytest.mark.parametrize(
    ("timezone", "leap"),
    [
        (NEW_YORK, datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
    ],
)
def test_a_turn_that_the_clocks_leap_over_comes_at_the_leap(timezone: str, leap: datetime, at: str) -> None:
    assert latest(at, leap - timedelta(seconds=1), timezone) == f"{leap.date() - ONE_DAY}T{at}"
    assert latest(at, leap, timezone) == f"{leap.date()}T{at}"


def test_a_turn_that_the_clocks_show_twice_comes_the_first_time() -> None:
    first = datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert latest("01:30", first) == "2027-11-07T01:30"
    # At one o'clock for the second time, the turn of half past one has come already.
    assert latest("01:30", first + timedelta(minutes=30)) == "2027-11-07T01:30"


def test_clocks_that_are_put_back_across_midnight_take_no_turn_away() -> None:
    # A minute into 7 November 2010 the clocks of St. John's went back to 23:01 of the day before.
    midnight = datetime(2010, 11, 7, 2, 30, tzinfo=UTC)
    assert latest("00:00", midnight - ONE_MINUTE, "America/St_Johns") == "2010-11-06T00:00"
    assert latest("00:00", midnight, "America/St_Johns") == "2010-11-07T00:00"
    assert latest("00:00", midnight + 30 * ONE_MINUTE, "America/St_Johns") == "2010-11-07T00:00"


def test_a_day_that_a_zone_left_out_has_its_turn_when_the_next_one_begins() -> None:
    # Samoa had no 30 December 2011.
    leap = datetime(2011, 12, 30, 10, 0, tzinfo=UTC)
    assert latest("09:00", leap - timedelta(seconds=1), "Pacific/Apia") == "2011-12-29T09:00"
    assert latest("09:00", leap, "Pacific/Apia") == "2011-12-30T09:00"


def test_where_the_machine_stands_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """At eleven in UTC it is yesterday in the far west, and already tomorrow on the Line Islands."""
    monkeypatch.setenv("TZ", "FAR+12")
    try:
        clock.tzset()
        now = datetime(2027, 4, 12, 11, 0, tzinfo=UTC)
        assert latest("00:30", now, "Pacific/Kiritimati") == "2027-04-13T00:30"
    finally:
        monkeypatch.undo()
        clock.tzset()


def changes_of(timezone: str, start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    """The days (from midnight in UTC) in whose course the zone's clocks are put forward or back."""
    zone, at = ZoneInfo(timezone), start
    while at < end:
        if at.astimezone(zone).utcoffset() != (at + step).astimezone(zone).utcoffset():
            yield from [at] if step == ONE_DAY else changes_of(timezone, at, at + step, ONE_DAY)
        at += step


CHANGES = [
    (zone, day)
    for zone in sorted(available_timezones())
    for day in changes_of(zone, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), 14 * ONE_DAY)
]


def come_by_the_minute(wanted: Schedule, timezone: str, start: datetime, minutes: int) -> list[tuple[datetime, str]]:
    """Each turn with the first minute at which the zone's clocks have reached it, by watching the clocks."""
    zone, found = ZoneInfo(timezone), []
    reached = start.astimezone(zone).replace(tzinfo=None)
    for at in range(1, minutes + 1):
        now = start + at * ONE_MINUTE
        shown = now.astimezone(zone).replace(tzinfo=None)
        while shown > reached:
            reached += ONE_MINUTE
            if reached.time() == wanted.at and wanted.falls_on(reached.date()):
                found.append((now, reached.isoformat(timespec="minutes")))
    return found


def test_there_are_zones_enough_to_try() -> None:
    assert len({zone for zone, _ in CHANGES}) > 100


@pytest.mark.property
@given(
    change=st.sampled_from(CHANGES),
    at=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)) | st.sampled_from([time(2, 30), time(0)]),
    steps=st.lists(st.integers(1, 50), min_size=120, max_size=160),
)
def test_around_every_change_of_the_clocks_each_turn_comes_once_and_in_time(
    change: tuple[str, datetime], at: time, steps: list[int]
) -> None:
    timezone, day = change
    start, wanted = day - ONE_DAY, Schedule(at)
    before = wanted.latest(start, timezone).isoformat(timespec="minutes")
    seen, ticks, now = list[str](), list[datetime](), start
    for step in steps:
        now += step * ONE_MINUTE
        slot = wanted.latest(now, timezone).isoformat(timespec="minutes")
        if slot != (seen[-1] if seen else before):
            seen.append(slot)
            ticks.append(now)
    expected = come_by_the_minute(wanted, timezone, start, sum(steps))
    assert seen == [slot for _, slot in expected]
    assert all(due <= tick < due + 50 * ONE_MINUTE for tick, (due, _) in zip(ticks, expected, strict=True))
