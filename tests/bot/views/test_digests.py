"""How a digest looks."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.views.digests import digest_answer, digest_card
from commands.alerts import AlertView
from commands.digest_cards import DigestView, Movement, NextRun, PeopleView, WaitingChange
from commands.digest_revenue import CurrencyRevenue, RevenueView
from tests.bot.views.samples import BILL_DATE, HOSTILE, JOINS, run_client
from tests.support.snapshots import assert_message_looks, assert_slack_takes

MONDAY = date(2027, 4, 12)
MARCH, APRIL = date(2027, 3, 1), date(2027, 4, 1)
STILL = PeopleView(date(2027, 3, 12), Decimal(214), Decimal(214), ())
SAME = RevenueView(
    APRIL, MARCH, expected=False, sums=(CurrencyRevenue("USD", "en_US", 825_000, 825_000),), unpriced=(), moved=False
)
AHEAD = NextRun(BILL_DATE, started=False, due=False, clients=12)
QUIET = DigestView(MONDAY, 12, (), (), AHEAD, STILL, SAME, quiet=True)


def alert(name: str = "Cedar Ltd") -> AlertView:
    return AlertView(
        client="cedar",
        client_name=name,
        locale="en_US",
        channel=None,
        title=f"{name}: m365 can't be read since 9 Apr 2027",
        sentences=("The client secret expired on 8 Apr 2027; make a new one.", "The last good state stays in force."),
        remedy="",
        cleared=False,
    )


HELD = replace(run_client("birch", "held", held=("R05",)), causes=("A change of $400.00 a month still waits.",))
FULL = DigestView(
    on=MONDAY,
    clients=12,
    changes=(WaitingChange(JOINS, 5), WaitingChange(replace(JOINS, client_name="Dune & Sons", monthly_minor=-4000), 0)),
    alerts=(alert(),),
    run=NextRun(APRIL, started=True, due=True, clients=12, held=(HELD,), to_approve=9, to_issue=1, issued=1),
    people=PeopleView(
        date(2027, 3, 12),
        Decimal(211),
        Decimal(214),
        (Movement("acme", "Acme Corp", Decimal(42), Decimal(46)), Movement("dune", "Dune", Decimal(9), Decimal(8))),
    ),
    revenue=RevenueView(
        APRIL,
        MARCH,
        expected=True,
        sums=(CurrencyRevenue("EUR", "de_DE", 91_000, 95_000), CurrencyRevenue("USD", "en_US", 859_500, 825_000)),
        unpriced=("Elm Street",),
        moved=True,
    ),
    quiet=False,
)


def test_a_digest_with_everything_in_it() -> None:
    assert_message_looks("digest-full", digest_card(FULL))


def test_a_digest_with_nothing_to_do_and_something_moved() -> None:
    moved = replace(QUIET, people=FULL.people, quiet=False)
    assert_message_looks("digest-moved", digest_card(moved))


def test_nothing_to_say_is_one_line() -> None:
    message = digest_card(QUIET)
    assert_slack_takes(message)
    assert message.text == "Nothing waits, and nothing has moved. Next run: 1 May 2027, 12 clients."
    assert len(message.blocks) == 1


def test_the_headline_says_what_needs_doing_first() -> None:
    headline = digest_card(FULL).blocks[0]["text"]["text"]
    expected = "1 directory needs somebody; 2 changes to decide; 1 client held; 9 drafts to approve; 1 invoice to issue"
    assert headline == expected


def test_a_run_whose_day_has_come_is_to_be_started() -> None:
    message = digest_card(replace(QUIET, run=replace(AHEAD, due=True), quiet=False))
    assert message.text == "run of 1 May 2027 to start. Next run: 1 May 2027, 12 clients."
    assert "Its day has come: /run 2027-05-01 start" in str(message.blocks)


def test_a_digest_is_a_message_of_its_own_and_an_answer_is_none() -> None:
    assert (digest_card(QUIET).closes, digest_answer(QUIET).closes) == (True, False)


def test_a_house_without_clients_is_told_how_they_come() -> None:
    assert "rollcall import BOOK --apply" in digest_answer(replace(QUIET, clients=0)).text


def test_three_hundred_clients_with_long_names_fit_and_the_rest_is_counted() -> None:
    name = "N" * 200
    numbers = range(300)
    everybody = replace(
        FULL,
        clients=300,
        changes=tuple(WaitingChange(replace(JOINS, client_name=name), 300 - at) for at in numbers),
        alerts=tuple(alert(name) for _ in numbers),
        run=replace(AHEAD, started=True, held=tuple(replace(HELD, client_name=name) for _ in numbers)),
        people=replace(
            FULL.people, movements=tuple(Movement(f"c{at}", name, Decimal(1), Decimal(99)) for at in numbers)
        ),
        revenue=replace(FULL.revenue, unpriced=(name,) * 300),
    )
    message = digest_card(everybody)
    assert_slack_takes(message)
    shown = str(message.blocks)
    for where in ("/reconcile xlsx", "/changes xlsx", "/run xlsx", "/users <client>"):
        assert f"and 292 more: {where}" in shown


def test_cards_that_were_given_up_are_counted_with_where_to_see_them() -> None:
    told = digest_answer(replace(QUIET, quiet=False, given_up=2))
    assert told.text.startswith("2 cards given up (/rollcall status)")


def test_names_from_outside_are_never_markup() -> None:
    moves = tuple(Movement(str(at), name, Decimal(1), Decimal(2)) for at, name in enumerate(HOSTILE))
    changes = tuple(WaitingChange(replace(JOINS, client_name=name), 1) for name in HOSTILE)
    hostile = replace(
        FULL,
        changes=changes,
        alerts=tuple(alert(name) for name in HOSTILE),
        run=replace(AHEAD, started=True, held=tuple(replace(HELD, client_name=name) for name in HOSTILE)),
        people=replace(FULL.people, movements=moves),
    )
    message = digest_card(hostile)
    assert_slack_takes(message)
    assert "mrkdwn" not in str(message.blocks)
