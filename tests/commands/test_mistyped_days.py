"""A reading on a mistyped day, decades ahead: the next one on a right day puts straight what it left behind."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal

import pytest

from billing.quantities import Measure
from commands import alerts, sync
from commands.actors import Clock
from connectors.books.values import BookQuantity
from connectors.directories.port import Directory
from tests.billing.build import agreement, day, line, per_unit
from tests.support.books import client
from tests.support.msp import ADA, NOON, Msp, crowd


def mistyped(msp: Msp, *, full: bool = False) -> None:
    """Reads everything as `rollcall sync --on 2099-01-01` does on New Year's Day of 2027."""

    def source(kind: str, settings: Mapping[str, object], slug: str, name: str) -> Directory:
        return msp.directory(slug, name)

    clock = Clock(fixed=day("2099-01-01"), now=lambda: NOON)
    asyncio.run(sync.sync_clients(msp.database, ADA, source, clock, full=full))


def days(msp: Msp) -> set[str]:
    return {str(item.effective) for item in msp.pending().items}


def test_everybody_is_read_once_a_week_also_after_it(counted: Msp) -> None:
    mistyped(counted, full=True)
    del counted.directory().accounts["ann"]
    counted.on("2027-01-09").sync()
    assert [item.name for item in counted.pending().items] == ["Ann"]
    del counted.directory().accounts["bo"]
    counted.on("2027-01-15").sync()
    assert [item.name for item in counted.pending().items] == ["Ann"]
    counted.on("2027-01-16").sync()
    assert [item.name for item in counted.pending().items] == ["Ann", "Bo"]


def test_what_it_saw_first_counts_from_the_day_of_the_next_reading(counted: Msp) -> None:
    counted.hire("dee")
    counted.fire("cy")
    mistyped(counted)
    assert days(counted) == {"2099-01-01"}
    counted.on("2027-01-05").sync()
    assert days(counted) == {"2027-01-05"}
    counted.on("2027-01-06").sync()
    assert (days(counted), counted.pending().revision) == ({"2027-01-05"}, 2)


def test_what_was_seen_first_before_it_keeps_its_day(counted: Msp) -> None:
    counted.on("2027-01-03").hire("dee")
    counted.sync()
    mistyped(counted)
    counted.on("2027-01-05").sync()
    assert days(counted) == {"2027-01-03"}


def test_a_number_of_licences_counts_from_the_day_of_the_next_reading(msp: Msp) -> None:
    premium = Measure("licence", "SPB")
    terms = agreement(line(per_unit("20"), count=premium))
    msp.imports(client(terms, rosters=(), quantities=(BookQuantity(premium, day("2027-01-01"), Decimal(10)),)))
    msp.directory().bought = {"SPB": 12}
    msp.hire("ann")
    mistyped(msp)
    msp.on("2027-01-05").sync()
    assert days(msp) == {"2027-01-05"}


def test_what_the_safety_catch_held_then_is_let_through_from_the_day_of_the_next_reading(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.count(*crowd(20))
    msp.fire(*crowd(5))
    mistyped(msp)
    msp.on("2027-01-05").sync_one(let_through="They were laid off.")
    assert days(msp) == {"2027-01-05"}


def test_how_old_it_is_goes_by_its_moment(counted: Msp) -> None:
    mistyped(counted)
    assert "R01" not in dict(counted.on("2027-01-02").codes())
    (found,) = [found for found in counted.on("2027-03-01").mismatches() if found.code == "R01"]
    assert (found.effect, found.text) == ("hold", "hr was last read on 1 Jan 2027.")


@pytest.mark.parametrize("failing", ["2027-01-05", "2027-02-05"])
def test_a_failure_afterwards_names_the_invoice_of_its_own_day(counted: Msp, failing: str) -> None:
    mistyped(counted)
    counted.break_down()
    counted.on(failing).sync()
    waits = alerts.alert(counted.database, 1).sentences[1]
    assert f"the invoice of 1 {'Feb' if failing < '2027-02' else 'Mar'} 2027 waits" in waits
