"""The tables of docs/explanation/counting.md are the test: every row of them is reckoned again."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, product
from pathlib import Path
from typing import Literal, cast

import pytest

from billing.calendar import Period
from billing.counting import Commitment, Counting, CountingMakesNoSense, Proration, Removals, committed, counted
from billing.money import text_of
from billing.quantities import Measure, Seat, Step, Timeline, seated, stays_of
from billing.snapshot import Snapshot
from rosters.quote import month_by_month
from tests.billing.build import FULL, agreement, day, days, line, per_unit, snapshot, steps

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "counting.md"
APRIL = days("2027-04-01", "2027-05-01")
PRORATIONS, REMOVALS = ("daily", "next_period", "full_period"), ("credit", "keep")


def _rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found is not None, f"The page has no section {heading}."
    rows = [row.strip("|").split("|") for row in found[1].splitlines() if row.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def _counting(basis: str, proration: str, removals: str) -> Counting:
    plain: Literal["daily", "peak"] = "peak" if basis == "peak" else "daily"
    number = int(basis.removeprefix("on_day ")) if basis.startswith("on_day") else None
    return Counting(number or plain, cast("Proration", proration), cast("Removals", removals))


def _april() -> Snapshot:
    """The page's month, as seats: ten on the 1st, and who moves has a seat on another roster from that day on."""
    ends = {0: "2027-04-06", 1: "2027-04-26", 2: "2027-04-26", 3: "2027-04-26", 4: "2027-04-26"}
    old = [Seat("full", n, day("2027-04-01"), day(ends[n]) if n in ends else None) for n in range(10)]
    new = [Seat("full", n, day("2027-04-16")) for n in (10, 11, 12)]
    moved = Seat("frontline", 4, day("2027-04-26"))
    return snapshot(line(per_unit("75")), seats=[*old, *new, moved], counted="2027-04-01")


ALLOWED = _rows("Every combination that is allowed")
REFUSED = _rows("What is refused")


def test_the_month_on_the_page_is_the_one_that_is_reckoned() -> None:
    timeline = seated("full", stays_of(_april().seats))
    stated = [(f"{step.on.day} April", str(step.quantity)) for step in timeline.steps]
    assert stated == [(since, users) for since, users, _ in _rows("The month")]


@pytest.mark.parametrize("row", ALLOWED, ids=lambda row: " ".join(row[:3]))
def test_a_combination_owes_what_the_page_says(row: list[str]) -> None:
    basis, proration, removals, _, owed = row
    counting = _counting(basis, proration, removals)
    priced = replace(line(per_unit("75")), counting=counting)
    facts = _april()
    terms = snapshot(agreement(priced, start="2027-04-01", end="2027-05-01", timing="arrears")).terms
    (document,) = month_by_month(replace(facts, terms=terms), day("2027-06-01"))
    assert text_of(document.total_minor, "USD") == owed


@pytest.mark.parametrize("row", ALLOWED, ids=lambda row: " ".join(row[:3]))
def test_a_combination_counts_on_each_day_what_the_page_says(row: list[str]) -> None:
    timeline = counted(seated("full", stays_of(_april().seats)), APRIL, _counting(*row[:3]))
    each = [timeline.at(APRIL.start + timedelta(days=number)) for number in range(APRIL.days)]
    runs = ", ".join(f"{len(list(same))} \N{MULTIPLICATION SIGN} {quantity}" for quantity, same in groupby(each))
    assert runs == row[3]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: " ".join(row[:3]))
def test_a_combination_is_refused_with_the_sentence_on_the_page(row: list[str]) -> None:
    with pytest.raises(CountingMakesNoSense) as refused:
        _counting(*row[:3])
    assert str(refused.value) == row[3]


def test_every_combination_there_is_stands_on_the_page() -> None:
    told = {(row[0].split()[0], row[1], row[2]) for row in (*ALLOWED, *REFUSED)}
    assert told == set(product(("daily", "peak", "on_day"), PRORATIONS, REMOVALS))


def _wanted() -> Iterator[Step]:
    yield from steps(("2027-02-01", "10"))
    for since, wanted, _, _ in _rows("A commitment comes first"):
        yield Step(_date(since), Decimal(wanted))


def _date(words: str) -> date:
    months = {"February": 2, "March": 3}
    number, month, year = words.split()
    return date(int(year), months[month], int(number))


def test_a_commitment_holds_on_each_day_what_the_page_says() -> None:
    term = Commitment(day("2027-02-01"), day("2028-02-01"))
    timeline, _ = committed(Timeline(tuple(_wanted())), term, day("2028-03-01"))
    for since, _, in_force, _ in _rows("A commitment comes first"):
        assert timeline.at(_date(since)) == Decimal(in_force)


def test_the_march_of_the_commitment_owes_what_the_page_says() -> None:
    licences = Measure("licence", "O365")
    term = Commitment(day("2027-02-01"), day("2028-02-01"))
    priced = replace(line(per_unit("26.40"), count=licences), commitment=term)
    march = agreement(priced, start="2027-03-01", end="2027-04-01", timing="arrears")
    facts = Snapshot(snapshot(march).terms, stated={licences: tuple(_wanted()), FULL: ()})
    (document,) = month_by_month(facts, day("2027-04-01"))
    assert document.total_minor == 315_95
    assert "**315.95**" in PAGE.read_text()


def test_the_period_of_a_basis_on_a_day_is_its_covered_days() -> None:
    timeline = Timeline(steps(("2027-04-11", "4"), ("2027-04-25", "7")))
    stub = Period(day("2027-04-11"), day("2027-05-01"))
    assert counted(timeline, stub, Counting(basis=14)).at(day("2027-04-11")) == 4
    assert counted(timeline, stub, Counting(basis=15)).at(day("2027-04-11")) == 7


@pytest.mark.parametrize("basis", [0, 32])
def test_a_day_that_no_month_has_is_no_basis(basis: int) -> None:
    with pytest.raises(CountingMakesNoSense, match=f"A basis on day {basis} is none: expected a day from 1 to 31"):
        Counting(basis)
