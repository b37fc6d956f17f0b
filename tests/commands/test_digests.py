"""Digests: when they are owed, and what they say."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from commands import credits as crediting
from commands import digests, runs
from commands.actors import Actor, Clock
from commands.digest_cards import DigestView
from commands.notices import Owed
from commands.permissions import NotAllowed
from connectors.books.schedules import schedule
from connectors.books.values import BookClient, BookDigest
from storage.database import Database
from tests.billing.build import day, flat, per_unit
from tests.support.books import book, client, stating
from tests.support.cards import every_owed
from tests.support.msp import ADA, Msp, played_once

MONDAYS = BookDigest("C0BILLING", schedule("mon 09:00"), "America/New_York", ("acme",))
# Nine o'clock on Monday, 12 April 2027, in New York.
MONDAY_AT_NINE = datetime(2027, 4, 12, 13, 0, tzinfo=UTC)
ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)


def imported(msp: Msp, *given: BookDigest, clients: tuple[BookClient, ...] = ()) -> None:
    msp.imports(replace(book(*(clients or (client(per_unit("10")),))), digests=given))


def tick(msp: Msp, now: datetime) -> tuple[str, ...]:
    return digests.owe_due(msp.database, Clock(now=lambda: now))


def owed(database: Database) -> list[Owed]:
    return [notice for notice in every_owed(database) if notice.kind == "digest"]


@pytest.fixture
@played_once
def weekly(msp: Msp) -> Msp:
    """Acme has a digest on Mondays, and the clock has met it on the Friday before."""
    imported(msp, MONDAYS)
    tick(msp, MONDAY_AT_NINE - 3 * ONE_DAY)
    return msp


def test_a_digest_that_is_new_begins_with_its_next_turn(msp: Msp) -> None:
    imported(msp, MONDAYS)
    assert tick(msp, MONDAY_AT_NINE + ONE_MINUTE) == ()
    assert tick(msp, MONDAY_AT_NINE + 7 * ONE_DAY) == ("C0BILLING",)


def test_a_digest_is_owed_once_to_its_channel_as_of_that_day(weekly: Msp) -> None:
    assert tick(weekly, MONDAY_AT_NINE - ONE_MINUTE) == ()
    assert (tick(weekly, MONDAY_AT_NINE), tick(weekly, MONDAY_AT_NINE + ONE_MINUTE)) == (("C0BILLING",), ())
    (notice,) = owed(weekly.database)
    assert (notice.channel, notice.subject) == ("C0BILLING", "1/2027-04-12T09:00/2027-04-12")
    assert digests.show(weekly.database, notice.subject).on == date(2027, 4, 12)


def test_a_missed_digest_is_owed_late_once_and_as_of_the_day_on_which_it_comes(weekly: Msp) -> None:
    assert tick(weekly, MONDAY_AT_NINE + 15 * ONE_DAY) == ("C0BILLING",)
    assert [notice.subject for notice in owed(weekly.database)] == ["1/2027-04-26T09:00/2027-04-27"]


def test_a_digest_that_never_reached_its_channel_gives_way_to_the_next(weekly: Msp) -> None:
    tick(weekly, MONDAY_AT_NINE)
    tick(weekly, MONDAY_AT_NINE + 7 * ONE_DAY)
    assert [notice.subject for notice in owed(weekly.database)] == ["1/2027-04-19T09:00/2027-04-19"]


def test_a_process_that_dies_before_the_commit_owes_the_digest_at_its_next_start(weekly: Msp) -> None:
    def die(point: str) -> None:
        if point == "digests:before-commit":
            raise InterruptedError(point)

    url = weekly.database.engine.url.render_as_string(hide_password=False)
    dying = Database(url, die)
    with pytest.raises(InterruptedError):
        digests.owe_due(dying, Clock(now=lambda: MONDAY_AT_NINE))
    dying.close()
    assert owed(weekly.database) == []
    assert tick(weekly, MONDAY_AT_NINE + ONE_MINUTE) == ("C0BILLING",)


def test_several_processes_that_tick_at_once_owe_a_digest_once(weekly: Msp) -> None:
    url = weekly.database.engine.url.render_as_string(hide_password=False)

    def process(minutes: int) -> int:
        with closing(Database(url)) as own:
            return len(digests.owe_due(own, Clock(now=lambda: MONDAY_AT_NINE + minutes * ONE_MINUTE)))

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(process, range(6))) == 1
    assert len(owed(weekly.database)) == 1


def test_another_schedule_of_a_channel_begins_with_its_next_turn(weekly: Msp) -> None:
    imported(weekly, replace(MONDAYS, at=schedule("mon 08:00")))
    assert tick(weekly, MONDAY_AT_NINE) == ()


def test_a_digest_that_was_taken_away_and_comes_back_is_new(weekly: Msp) -> None:
    imported(weekly)
    imported(weekly, MONDAYS)
    assert tick(weekly, MONDAY_AT_NINE) == ()


def seen(msp: Msp, channel: str | None = None) -> DigestView:
    return digests.ask(msp.database, ADA, msp.clock, channel)


def test_a_change_is_told_with_its_days_since_it_was_first_proposed(counted: Msp) -> None:
    counted.on("2027-01-10").hire("di")
    counted.sync()
    counted.on("2027-01-12").hire("ed")
    counted.sync()
    (waiting,) = seen(counted.on("2027-01-15")).changes
    assert (waiting.days, waiting.change.revision, waiting.change.monthly_minor) == (5, 2, 2000)


def test_a_directory_that_cannot_be_read_is_told(counted: Msp) -> None:
    counted.on("2027-01-10").break_down()
    counted.sync()
    (alert,) = seen(counted).alerts
    assert alert.title == "Acme Corp: hr can't be read since 10 Jan 2027"


def test_a_run_that_is_not_through_is_told_with_what_is_left_to_do(msp: Msp) -> None:
    msp.imports(client(flat("100")), client(flat("50"), slug="birch", directories=()))
    runs.start(msp.database, ADA, msp.on("2027-02-01").clock, day("2027-02-01"))
    run = seen(msp).run
    assert run is not None
    assert (run.bill_date, run.started, run.clients, run.to_approve) == (date(2027, 2, 1), True, 2, 1)
    assert [(entry.client, entry.held) for entry in run.held] == [("acme", ("R01",))]


def test_the_next_run_is_that_of_the_first_bill_date(counted: Msp) -> None:
    counted.bill("2027-01-01")
    run = seen(counted.on("2027-01-10")).run
    assert run is not None
    assert (run.bill_date, run.started, run.due, run.clients) == (date(2027, 2, 1), False, False, 1)


def test_a_run_whose_day_has_come_is_due(counted: Msp) -> None:
    run = seen(counted).run
    assert run is not None
    assert (run.due, run.started) == (True, False)


def test_people_are_compared_with_the_same_day_a_month_before(msp: Msp) -> None:
    msp.imports(
        client(quantities=stating(("2027-01-01", "42"), ("2027-03-20", "45"))),
        client(slug="birch", quantities=stating(("2027-01-01", "9"), ("2027-04-01", "4"))),
        client(slug="cedar", quantities=stating(("2027-01-01", "7"))),
    )
    people = seen(msp.on("2027-04-12")).people
    assert (people.since, people.before, people.after) == (date(2027, 3, 12), Decimal(58), Decimal(56))
    moved = [(each.client, int(each.before), int(each.after)) for each in people.movements]
    assert moved == [("birch", 9, 4), ("acme", 42, 45)]


def sums(msp: Msp) -> list[tuple[str, int, int | None]]:
    return [(each.currency, each.amount_minor, each.before_minor) for each in seen(msp).revenue.sums]


def test_revenue_is_what_was_issued_this_month_against_last_month(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.on("2027-01-20").count("di", since="2027-02-01")
    counted.bill("2027-02-01")
    assert sums(counted.on("2027-02-10")) == [("USD", 4000, 3000)]
    assert not seen(counted).revenue.expected


def test_a_credit_is_taken_off_the_month_in_which_it_is_given(counted: Msp) -> None:
    counted.bill("2027-01-01")
    crediting.credit(
        counted.database, ADA, counted.clock, crediting.Wanted("NW-000001", amount="5.00"), reason="Sorry."
    )
    assert sums(counted) == [("USD", 2500, None)]


def test_revenue_of_a_month_that_is_not_billed_yet_is_what_would_be_drafted(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.on("2027-02-01")
    assert sums(counted) == [("USD", 3000, 3000)]
    assert seen(counted).revenue.expected


def test_where_nothing_is_billed_this_month_the_next_bill_date_is_told(msp: Msp) -> None:
    msp.imports(client(flat("100")))
    msp.on("2027-01-10")
    assert seen(msp).revenue.month == date(2027, 2, 1)
    assert sums(msp) == [("USD", 20_000, None)]


def test_currencies_are_never_added_up(msp: Msp) -> None:
    msp.imports(client(flat("100")), client(flat("50"), slug="birch", currency="EUR"), client(flat("7"), slug="cedar"))
    assert sums(msp) == [("EUR", 5000, None), ("USD", 10_700, None)]


def test_a_month_like_the_one_before_is_quiet(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.bill("2027-02-01")
    assert seen(counted.on("2027-02-10")).quiet


def test_what_waits_is_not_quiet(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.on("2027-01-10").hire("di")
    counted.sync()
    assert not seen(counted).quiet


def test_the_digest_of_a_channel_is_about_its_clients_alone(msp: Msp) -> None:
    both = (client(slug="acme"), client(slug="birch", directories=()))
    imported(msp, MONDAYS, replace(MONDAYS, at=schedule("1 09:00"), clients=("birch",)), clients=both)
    msp.hire("ann")
    msp.sync()
    assert [len(seen(msp, channel).changes) for channel in ("C0BILLING", "C0OTHER", None)] == [1, 1, 1]
    imported(msp, replace(MONDAYS, clients=("birch",)), clients=both)
    assert (seen(msp, "C0BILLING").clients, seen(msp, "C0BILLING").changes) == (1, ())
    assert seen(msp, "C0OTHER").clients == 2


def test_a_house_without_clients_has_an_empty_digest(msp: Msp) -> None:
    view = seen(msp)
    assert (view.clients, view.run, view.revenue.sums) == (0, None, ())


def test_a_digest_takes_the_role_of_a_viewer(msp: Msp) -> None:
    with pytest.raises(NotAllowed, match="takes the role viewer"):
        digests.ask(msp.database, Actor("U0STRANGER", "slack"), msp.clock)


def test_a_digest_of_a_day_says_the_ages_as_of_that_day(counted: Msp) -> None:
    counted.on("2027-01-10").hire("di")
    counted.sync()
    imported(counted, MONDAYS)
    view = digests.show(counted.database, f"1/2027-01-11T09:00/{day('2027-01-14')}")
    assert [waiting.days for waiting in view.changes] == [4]
