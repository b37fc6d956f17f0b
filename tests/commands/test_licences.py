"""Licences bought: what is proposed of them, what is held, refused and approved, and what an import leaves alone."""

from decimal import Decimal

import pytest

from billing.quantities import Measure
from commands.exports import export_book
from commands.first_counts import FirstDayIsMissing
from connectors.books.values import BookQuantity
from tests.billing.build import agreement, day, line, per_unit
from tests.support.books import client
from tests.support.msp import ADA, Msp, amounts, played_once

PREMIUM = Measure("licence", "SPB")
STATED = (BookQuantity(PREMIUM, day("2027-01-01"), Decimal(10)),)
TERMS = agreement(line(per_unit("20"), name="premium", count=PREMIUM))
BOTH = agreement(line(per_unit("20"), name="premium", count=PREMIUM), line(per_unit("10")))
ACME = client(TERMS, rosters=(), quantities=STATED)


@pytest.fixture
@played_once
def acme(msp: Msp) -> Msp:
    """Acme, whose book says 10 licences at 20 dollars, as its directory does."""
    msp.imports(ACME)
    msp.directory().bought = {"SPB": 10, "SPE_E3": 4}
    msp.hire("ann")
    msp.sync()
    return msp


def buy(msp: Msp, units: int, on: str, name: str = "hr") -> None:
    msp.on(on).directory(name=name).bought = {"SPB": units}
    msp.sync()


def numbers(msp: Msp) -> list[tuple[str, str | None, str, str]]:
    found = []
    for item in msp.pending().items:
        assert item.measure is not None
        before = None if item.before is None else str(item.before)
        found.append((item.measure.name, before, str(item.after), str(item.effective)))
    return found


def test_the_number_that_is_in_force_is_no_change(acme: Msp) -> None:
    assert not acme.waits()


def test_another_number_is_proposed_from_the_day_on_which_it_was_first_seen(acme: Msp) -> None:
    buy(acme, 12, "2027-01-11")
    acme.on("2027-01-12").sync()
    assert numbers(acme) == [("SPB", "10", "12", "2027-01-11")]
    assert acme.pending().monthly_minor == 4_000


def test_a_number_that_moves_again_has_its_own_day(acme: Msp) -> None:
    buy(acme, 12, "2027-01-11")
    buy(acme, 13, "2027-01-15")
    assert numbers(acme) == [("SPB", "10", "13", "2027-01-15")]


def test_a_number_that_goes_back_withdraws_the_change(acme: Msp) -> None:
    buy(acme, 12, "2027-01-11")
    buy(acme, 10, "2027-01-12")
    assert not acme.waits()


def test_an_approved_number_is_billed_from_its_day(acme: Msp) -> None:
    acme.bill("2027-01-01")
    buy(acme, 12, "2027-01-11")
    acme.approve()
    assert amounts(acme.preview("2027-02-01")) == [
        ("recurring", "2027-02-01", "240.00"),
        ("adjustment", "2027-01-01", "27.10"),
    ]
    assert not acme.waits()


def test_a_number_approved_from_a_day_to_come_is_not_asked_again(acme: Msp) -> None:
    buy(acme, 12, "2027-01-11")
    acme.approve("2027-02-01")
    acme.on("2027-01-12").sync()
    assert not acme.waits()


def test_a_refused_number_is_not_asked_again_until_it_changes(acme: Msp) -> None:
    buy(acme, 12, "2027-01-11")
    acme.reject("They are trials.")
    acme.on("2027-01-12").sync()
    assert not acme.waits()
    buy(acme, 13, "2027-01-13")
    assert numbers(acme) == [("SPB", "10", "13", "2027-01-13")]


def test_a_refused_number_is_asked_again_when_it_comes_back(acme: Msp) -> None:
    buy(acme, 12, "2027-01-11")
    acme.reject()
    buy(acme, 10, "2027-01-12")
    buy(acme, 12, "2027-01-13")
    assert numbers(acme) == [("SPB", "10", "12", "2027-01-13")]


def test_a_refused_number_is_listed_with_its_money(acme: Msp) -> None:
    buy(acme, 12, "2027-01-11")
    acme.reject()
    (found,) = [each for each in acme.mismatches() if each.code == "R06"]
    assert (found.effect, found.amount_minor) == ("warn", 4_000)
    assert found.text == "On SPB, 1 rejected item is accepted as it is: $40.00 a month."


@pytest.mark.parametrize(("bought", "outcome"), [(7, "accepted"), (6, "held"), (0, "held")])
def test_a_fall_of_too_many_is_held(acme: Msp, bought: int, outcome: str) -> None:
    acme.on("2027-01-11").directory().bought = {"SPB": bought}
    assert acme.sync_one().outcome == outcome


def test_a_fall_that_is_held_says_how_many_would_go(acme: Msp) -> None:
    acme.on("2027-01-11").directory().bought = {"SPB": 2}
    assert "held by the safety catch: 8 of 10 units of SPB would go" in acme.sync_one().message
    assert ("R02", "hold") in acme.codes()


def test_a_fall_that_is_let_through_keeps_the_day_on_which_it_was_first_seen(acme: Msp) -> None:
    buy(acme, 2, "2027-01-11")
    acme.on("2027-01-13").sync_one(let_through="They were moved to the parent company.")
    assert numbers(acme) == [("SPB", "10", "2", "2027-01-11")]
    assert acme.sync_one().outcome == "accepted"


def test_a_licence_that_is_no_longer_listed_is_held_as_a_fall_to_nothing(acme: Msp) -> None:
    acme.on("2027-01-11").directory().bought = {}
    assert acme.sync_one().outcome == "held"


def test_a_source_that_no_longer_knows_leaves_the_last_number_in_force(acme: Msp) -> None:
    acme.on("2027-01-11").directory().bought = None
    acme.sync()
    assert not acme.waits()


def test_a_name_is_compared_without_regard_to_case(acme: Msp) -> None:
    acme.on("2027-01-11").directory().bought = {"spb": 11}
    acme.sync()
    assert numbers(acme) == [("SPB", "10", "11", "2027-01-11")]


def test_a_number_that_nobody_stated_is_a_first_count(msp: Msp) -> None:
    msp.imports(client(TERMS, rosters=()))
    msp.hire("ann")
    buy(msp, 4, "2027-01-11")
    assert msp.pending().first_count
    assert numbers(msp) == [("SPB", None, "4", "2027-01-11")]


def test_a_first_number_takes_a_day_where_the_days_before_would_be_free(msp: Msp) -> None:
    msp.imports(client(TERMS, rosters=()))
    msp.hire("ann")
    buy(msp, 4, "2027-01-11")
    with pytest.raises(FirstDayIsMissing, match="From which day does the first count hold"):
        msp.approve()
    msp.approve("2027-01-01")
    assert amounts(msp.preview("2027-02-01")) == [
        ("recurring", "2027-01-01", "80.00"),
        ("recurring", "2027-02-01", "80.00"),
    ]


def test_people_and_licences_wait_in_one_change(msp: Msp) -> None:
    msp.imports(client(BOTH, quantities=STATED))
    msp.directory().bought = {"SPB": 10}
    msp.count("ann", "bo")
    msp.hire("cy")
    buy(msp, 11, "2027-01-11")
    assert [item.kind for item in msp.pending().items] == ["join", "quantity"]
    assert msp.approve().state == "approved"
    assert not msp.waits()


def test_a_refused_person_stays_refused_when_a_number_moves(msp: Msp) -> None:
    msp.imports(client(BOTH, quantities=STATED))
    msp.directory().bought = {"SPB": 10}
    msp.count("ann", "bo")
    msp.hire("cy")
    buy(msp, 11, "2027-01-11")
    msp.reject()
    buy(msp, 12, "2027-01-12")
    assert numbers(msp) == [("SPB", "10", "12", "2027-01-12")]


# Several directories.


@pytest.fixture
@played_once
def two(msp: Msp) -> Msp:
    """Acme with two directories, in which 4 and 6 of its 10 licences were bought."""
    msp.imports(client(TERMS, directories=("hr", "shop"), rosters=(), quantities=STATED))
    for name, units in (("hr", 4), ("shop", 6)):
        msp.hire(f"ann-{name}", name=name)
        msp.directory(name=name).bought = {"SPB": units}
    return msp


def test_units_of_several_directories_add_up(two: Msp) -> None:
    two.sync()
    assert not two.waits()
    buy(two, 7, "2027-01-11", name="shop")
    assert numbers(two) == [("SPB", "10", "11", "2027-01-11")]


def test_nothing_is_said_until_every_directory_was_asked(two: Msp) -> None:
    two.break_down(name="shop")
    two.sync()
    assert not two.waits()


def test_a_directory_that_does_not_count_licences_stands_in_nobodys_way(two: Msp) -> None:
    two.directory(name="hr").bought = None
    buy(two, 11, "2027-01-02", name="shop")
    assert numbers(two) == [("SPB", "10", "11", "2027-01-02")]


def test_one_directory_that_has_none_any_more_is_held_however_few_there_were(two: Msp) -> None:
    two.imports(client(TERMS, directories=("hr", "shop"), rosters=(), quantities=(
        BookQuantity(PREMIUM, day("2027-01-01"), Decimal(102)),)))  # fmt: skip
    two.directory(name="hr").bought = {"SPB": 2}
    two.directory(name="shop").bought = {"SPB": 100}
    two.sync()
    two.on("2027-01-11").directory(name="hr").bought = {"SPB": 0}
    assert [outcome.outcome for outcome in two.sync()] == ["held", "accepted"]


# Imports and exports.


def test_an_import_leaves_an_approved_number_in_force(acme: Msp) -> None:
    buy(acme, 12, "2027-01-11")
    acme.approve()
    assert acme.on("2027-01-12").imports(ACME).changes == ()
    assert not acme.waits()


def test_an_exported_book_says_the_approved_number_once(acme: Msp) -> None:
    buy(acme, 12, "2027-01-11")
    acme.approve()
    for _ in range(2):
        book = export_book(acme.database, ADA, acme.clock)
        acme.imports(book)
    (exported,) = export_book(acme.database, ADA, acme.clock).clients
    assert [(str(each.on), str(each.quantity), str(each.known)) for each in exported.quantities] == [
        ("2027-01-01", "10", "None"),
        ("2027-01-11", "12", "2027-01-11"),
    ]


def test_a_number_that_a_book_states_later_is_taken_over_from_its_day(acme: Msp) -> None:
    more = BookQuantity(PREMIUM, day("2027-01-20"), Decimal(14))
    acme.on("2027-01-21").imports(client(TERMS, rosters=(), quantities=(*STATED, more)))
    assert numbers(acme) == [("SPB", "14", "10", "2027-01-20")]


# A licence that no source has.


def test_a_licence_that_no_directory_has_is_told_and_not_changed(acme: Msp) -> None:
    typo = Measure("licence", "SPBX")
    wrong = agreement(line(per_unit("20"), name="premium", count=typo))
    acme.imports(client(wrong, rosters=(), quantities=(BookQuantity(typo, day("2027-01-01"), Decimal(10)),)))
    acme.sync()
    assert not acme.waits()
    (found,) = [each for each in acme.mismatches() if each.code == "R03"]
    assert (found.effect, found.text) == (
        "warn",
        "A line counts the licence SPBX, which no directory has: the stated number 10 stays in force.",
    )


def test_a_licence_that_nobody_counts_at_all_holds_the_invoice(msp: Msp) -> None:
    msp.imports(client(TERMS, rosters=()))
    msp.hire("ann")
    msp.directory().bought = {"SPE_E3": 3}
    msp.sync()
    assert ("R03", "hold") in msp.codes()


def test_where_no_source_counts_licences_the_book_alone_does(msp: Msp) -> None:
    msp.imports(ACME)
    msp.hire("ann")
    msp.sync()
    assert msp.codes() == []
