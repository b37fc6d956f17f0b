"""The examples of docs/explanation/amounts.md, reckoned again and looked up on the page."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from billing.agreement import Discount, Reduction
from billing.calendar import Dated, Entry, always
from billing.counting import Commitment
from billing.credits import credit
from billing.draft import Draft
from billing.invoice import draft_invoice
from billing.money import text_of
from billing.snapshot import Snapshot
from rosters.quote import month_by_month
from tests.billing.build import (
    GRADUATED,
    agreement,
    day,
    flat,
    line,
    per_unit,
    prices,
    snapshot,
    steps,
    tax,
)

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "amounts.md"
TAX = {"standard": tax("8.25")}
YEAR = Commitment(day("2027-02-01"), day("2028-02-01"))
OFF = Reduction(percent=Decimal(10))
TENTH = Discount("Loyalty", always(OFF))
FROM_MID_APRIL = Discount("Loyalty", Dated((Entry(None), Entry(OFF, day("2027-04-16")))))


def _example(heading: str) -> str:
    """The text below a heading, up to the next."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found is not None, f"The page has no section {heading}."
    return found[1]


def _figure(amount_minor: int) -> str:
    whole, _, coins = text_of(abs(amount_minor), "USD").partition(".")
    return f"{int(whole):,}.{coins}"


def _documents(facts: Snapshot, since: str, through: str) -> list[Draft]:
    return [document for document in month_by_month(facts, day(through)) if document.bill_date >= day(since)]


@pytest.mark.parametrize(
    ("heading", "facts", "since", "through", "totals"),
    [
        (
            "Three people join in the middle of a month",
            snapshot(line(GRADUATED), steps(("2027-01-01", "42"), ("2027-04-11", "45", "2027-04-11"))),
            "2027-04-01",
            "2027-05-01",
            [1805_00, 2005_00],
        ),
        (
            "An approval that comes late",
            snapshot(line(per_unit("80")), steps(("2027-01-01", "15"), ("2027-01-25", "17", "2027-02-03"))),
            "2027-01-01",
            "2027-03-01",
            [1200_00, 1200_00, 1556_13],
        ),
        (
            "A minimum",
            snapshot(
                line(per_unit("75"), minimum="20"), steps(("2027-01-01", "17"), ("2027-07-15", "22", "2027-07-15"))
            ),
            "2027-07-01",
            "2027-08-01",
            [1500_00, 1732_26],
        ),
        (
            "Included units",
            snapshot(line(per_unit("10"), included="5"), steps(("2027-01-01", "12"), ("2027-02-01", "4"))),
            "2027-01-01",
            "2027-02-01",
            [70_00],
        ),
        (
            "A price that changes on a date",
            snapshot(line(prices(flat("10000"), ("2027-06-11", flat("11000"), None)))),
            "2027-06-01",
            "2027-06-01",
            [10_666_67],
        ),
        (
            "A price that changes on a date",
            snapshot(line(prices(flat("10000"), ("2027-06-11", flat("11000"), "2027-06-20")))),
            "2027-06-01",
            "2027-07-01",
            [10_000_00, 11_666_67],
        ),
        (
            "A start in the middle of a month",
            snapshot(agreement(line(flat("11000")), start="2027-06-21")),
            "2027-06-01",
            "2027-07-01",
            [14_666_67],
        ),
        (
            "An end that is learnt late",
            snapshot(agreement(line(flat("310")), end="2027-05-11", end_known="2027-05-05")),
            "2027-05-01",
            "2027-08-01",
            [310_00, -210_00],
        ),
        (
            "In arrears",
            snapshot(
                agreement(line(per_unit("80")), timing="arrears", end="2027-03-11"),
                steps(("2027-01-01", "10"), ("2027-02-15", "12")),
            ),
            "2027-01-01",
            "2027-06-01",
            [800_00, 880_00, 309_68],
        ),
        (
            "A quarter",
            snapshot(
                agreement(line(per_unit("90")), months=3),
                steps(("2027-01-01", "10"), ("2027-01-16", "12", "2027-01-16")),
            ),
            "2027-01-01",
            "2027-04-01",
            [900_00, 150_00, 1080_00],
        ),
        (
            "A commitment",
            snapshot(
                agreement(replace(line(per_unit("26.40")), commitment=YEAR), start="2027-02-01"),
                steps(
                    ("2027-02-01", "10"),
                    ("2027-03-04", "13", "2027-03-04"),
                    ("2027-03-09", "12", "2027-03-09"),
                    ("2027-03-20", "10", "2027-03-20"),
                ),
            ),
            "2027-03-01",
            "2027-04-01",
            [264_00, 368_75],
        ),
        (
            "A tenth off",
            snapshot(replace(agreement(line(per_unit("33.33"))), discounts=(TENTH,)), steps(("2027-01-01", "12"))),
            "2027-01-01",
            "2027-01-01",
            [359_96],
        ),
        (
            "A tenth off",
            snapshot(
                replace(agreement(line(per_unit("33.33")), start="2027-04-01"), discounts=(FROM_MID_APRIL,)),
                steps(("2027-01-01", "12")),
            ),
            "2027-04-01",
            "2027-04-01",
            [379_96],
        ),
        (
            "A discount over two taxes",
            snapshot(
                replace(
                    agreement(line(flat("300")), line(flat("100"), name="other", tax="reduced")), discounts=(TENTH,)
                ),
                taxes={"standard": tax("20"), "reduced": tax("5")},
            ),
            "2027-01-01",
            "2027-01-01",
            [418_50],
        ),
        (
            "At least 500.00",
            snapshot(
                replace(
                    agreement(line(per_unit("10")), start="2027-06-21"),
                    discounts=(TENTH,),
                    minimum_minor=always(500_00),
                ),
                steps(("2027-01-01", "40")),
            ),
            "2027-07-01",
            "2027-08-01",
            [666_67, 500_00],
        ),
    ],
)
def test_an_example_comes_out_as_the_page_says(
    heading: str, facts: Snapshot, since: str, through: str, totals: list[int]
) -> None:
    documents = _documents(facts, since, through)
    assert [document.total_minor for document in documents] == totals
    missing = [_figure(total) for total in totals if _figure(total) not in _example(heading)]
    assert missing == []


def test_the_example_with_tax_comes_out_as_the_page_says() -> None:
    numbers = steps(("2027-01-01", "42"), ("2027-04-11", "45", "2027-04-11"))
    may = _documents(snapshot(line(GRADUATED), numbers, taxes=TAX), "2027-05-01", "2027-05-01")[0]
    assert [may.taxes[0].amount_minor, may.total_minor] == [165_41, 2170_41]
    section = _example("Three people join in the middle of a month")
    assert "165.41" in section
    assert "2,170.41" in section


def _credits(amount: str, *given_minor: int) -> list[int]:
    invoice = draft_invoice(snapshot(line(flat(amount)), taxes=TAX), day("2027-01-01"))
    assert invoice is not None
    notes: list[Draft] = []
    for amount_minor in given_minor:
        notes.append(credit(invoice, "NW-1", tuple(notes), day("2027-01-10"), "Because", None, amount_minor))
    return [invoice.total_minor, *(-note.total_minor for note in notes)]


def test_the_examples_of_credit_notes_come_out_as_the_page_says() -> None:
    section = _example("Credit notes")
    assert _credits("1000", 50_00)[1:] == [54_13]
    assert "**54.13**" in section
    assert _credits("3", 100, 100, 100) == [325, 108, 108, 109]
    assert "is 3.25;\nthree credits of 1.00 are 1.08, 1.08 and **1.09**" in section
