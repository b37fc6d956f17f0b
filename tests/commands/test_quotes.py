"""What so many more or fewer would cost a client."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.counting import Commitment
from commands import quotes
from commands.quotes import ClientIsNotBilled, NothingOfThatName
from documents.quotes import QuotePaper, amounts, asked, present_quote
from storage import snapshots
from storage.clients import every
from tests.billing.build import agreement, day, flat, line, per_unit
from tests.support.books import client, stating
from tests.support.msp import ADA, Msp


def quoted(msp: Msp, units: str, of: str = "full", start: str | None = None, end: str | None = None) -> QuotePaper:
    days = [day(text) if text else None for text in (start, end)]
    return quotes.quote(msp.database, ADA, msp.clock, "acme", Decimal(units), of, *days)


def test_a_quote_says_the_next_invoice_a_month_and_the_whole_time(counted: Msp) -> None:
    counted.bill("2027-01-01")
    paper = quoted(counted.on("2027-01-11"), "+3", end="2027-03-01")
    assert asked(paper) == "3 users more (full), 11 Jan \N{EN DASH} 28 Feb 2027"
    assert amounts(paper) == (
        "On the invoice of 1 Feb 2027: +$50.32, no tax on it",
        "A month: +$30.00 before tax",
        "In all, 11 Jan \N{EN DASH} 28 Feb 2027: +$50.32 before tax, on 1 invoice",
    )


def test_a_quote_is_what_the_approved_change_then_costs(counted: Msp) -> None:
    counted.bill("2027-01-01")
    promised = quoted(counted.on("2027-01-11"), "1").quote.invoices[0].subtotal_minor
    before = counted.preview("2027-02-01")
    counted.hire("dee")
    counted.sync()
    counted.approve()
    after = counted.preview("2027-02-01")
    assert promised == int((Decimal(after["subtotal"]) - Decimal(before["subtotal"])) * 100)


def test_a_quote_stores_nothing(counted: Msp) -> None:
    def facts() -> object:
        with counted.database.read() as session:
            return [snapshots.load(session, row) for row in every(session)]

    before = facts()
    quoted(counted, "5")
    assert facts() == before


def test_what_is_not_counted_is_told_what_is(counted: Msp) -> None:
    with pytest.raises(NothingOfThatName, match=r"Nothing called 'fool' is billed by its number. There: full"):
        quoted(counted, "1", "fool")


def test_a_client_without_an_agreement_has_no_price(msp: Msp) -> None:
    msp.imports(replace(client(per_unit("10")), terms=replace(client(per_unit("10")).terms, agreements=())))
    with pytest.raises((ClientIsNotBilled, NothingOfThatName)):
        quoted(msp, "1")


def test_a_quote_says_until_when_it_commits(msp: Msp) -> None:
    term = Commitment(date(2027, 1, 1), date(2028, 1, 1))
    one = replace(line(per_unit("10")), commitment=term)
    msp.imports(client(agreement(one), directories=(), quantities=stating(("2027-01-01", "10"))))
    told = amounts(quoted(msp.on("2027-03-20"), "1", start="2027-05-01"))
    assert told[-1].startswith("Until the commitment ends, 1 May \N{EN DASH} 31 Dec 2027: +$80.00 before tax, on 8")


def test_the_paper_of_a_quote_has_nothing_that_is_only_for_the_house(counted: Msp) -> None:
    shown = present_quote(quoted(counted, "2"))
    assert (shown.heading, shown.names, shown.workings, shown.sources) == ("Quote", (), (), ())
    assert shown.headline.label == "2 users more (full), from 1 Jan 2027 on"


def test_a_flat_fee_can_not_be_quoted(msp: Msp) -> None:
    msp.imports(client(agreement(line(flat("100"))), directories=(), rosters=()))
    with pytest.raises(NothingOfThatName, match="There: nothing that is counted"):
        quoted(msp, "1")
