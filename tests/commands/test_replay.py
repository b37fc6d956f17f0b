"""Every issued document is drafted again from what it rested on."""

import zlib
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from billing.calendar import always
from billing.counting import Commitment, Counting
from billing.prices import Usage
from billing.quantities import Measure, Reading
from commands import audit, credits, users  # noqa: A004 - the builtin credits is for the interactive shell
from commands.replay import Replayed, replay
from connectors.books.values import BookBilled, BookClient, BookReading
from storage import invoices
from storage.tables import FactsRow
from tests.billing.build import agreement, day, flat, line, one_off, per_unit, tax
from tests.support.books import client
from tests.support.msp import ADA, Msp, played_once


def credit(msp: Msp, number: str, *, line: int | None = None, amount: str | None = None, rebill: bool = False) -> None:
    wanted = credits.Wanted(number, line, amount)
    credits.credit(msp.database, ADA, msp.clock, wanted, rebill=rebill, reason="goodwill")


def terms(price: str = "10", name: str = "users") -> BookClient:
    """Users, a line that keeps freed seats, a committed one, a meter, a fee billed elsewhere, and a one-off."""
    lines = (
        line(per_unit(price), name=name),
        replace(line(per_unit("3"), name="kept"), counting=Counting(removals="keep")),
        replace(line(per_unit("1"), name="bound"), commitment=Commitment(day("2027-01-01"), day("2028-01-01"))),
        replace(line(flat("1"), name="gb"), price=always(Usage(Decimal("0.015"))), count=Measure("usage", "gb")),
        line(flat("5"), name="fee"),
    )
    elsewhere = (BookBilled("fee", day("2027-01-01"), day("2027-02-01"), 500),)
    of = agreement(*lines, one_offs=(one_off("2027-02-01", -700),))
    renamed = () if name == "users" else (("users", name),)
    made = client(of, taxes={"standard": tax("8.25")}, billed=elsewhere, renamed=renamed)
    return replace(made, usage=(BookReading("gb", Reading(day("2027-01-12"), Decimal(310), "a")),))


@pytest.fixture
@played_once
def issued(counted: Msp) -> Msp:
    """Three months of many terms were billed, with credits of each kind, and the terms are others by now."""
    counted.imports(terms())
    counted.bill("2027-01-01")
    counted.hire("dora")
    counted.on("2027-01-11").sync()
    counted.approve()
    counted.bill("2027-02-01")
    credit(counted, "NW-000001", line=1, amount="5.00")
    credit(counted, "NW-000001", amount="1.00")
    credit(counted, "NW-000002", line=2, rebill=True)
    credit(counted, "NW-000001")
    counted.bill("2027-03-01")
    counted.imports(terms("12", "people"), correct="dearer from the beginning")
    users.erase(counted.database, ADA, counted.clock, "acme", "cy", "asked")
    counted.bill("2027-04-01")
    return counted


def test_each_document_comes_out_the_same(issued: Msp) -> None:
    assert replay(issued.database) == Replayed(8, 0, ())
    assert audit.verify(issued.database).problems == ()


def altered(msp: Msp, number: str, old: str, new: str) -> None:
    """What a document rests on, in other words."""
    msp.is_tampered_with = True
    with msp.database.write("test") as session:
        invoice = invoices.by_number(session, number)
        row = session.get(FactsRow, invoice.id if invoice else None)
        assert row is not None
        told = zlib.decompress(row.content).decode()
        assert old in told
        row.content = zlib.compress(told.replace(old, new).encode())
        session.add(row)


def test_what_comes_to_something_else_is_told_with_its_lines(issued: Msp) -> None:
    altered(issued, "NW-000002", '"unit":"10"', '"unit":"11"')
    report = replay(issued.database)
    assert report.same == 7
    (problem,) = report.problems
    assert problem.startswith("NW-000002: drafted again, it comes to ")
    assert "users from 2027-02-01: 44.00, not 40.00" in problem
    assert audit.verify(issued.database).problems == ("NW-000002: what it rests on was altered.",)


def test_what_says_something_else_with_the_same_total_is_told_too(issued: Msp) -> None:
    altered(issued, "NW-000001", '"text":"Managed user"', '"text":"Managed person"')
    assert replay(issued.database).problems == (
        "NW-000001: drafted again, it says something else with the same total.",
    )


@pytest.mark.parametrize(
    ("number", "told"), [("NWC-000001", "NWC-000001: drafted again, it"), ("NWC-000004", "NWC-000004")]
)
def test_a_credit_note_is_given_again_too(issued: Msp, number: str, told: str) -> None:
    issued.is_tampered_with = True
    with issued.database.write("test") as session:
        row = invoices.by_number(session, number)
        assert row is not None
        row.content = row.content.replace('"total_minor":-', '"total_minor":-1')
        session.add(row)
    # Later credits of the same invoice rest on it.
    assert replay(issued.database).problems[0].startswith(told)


def test_what_was_issued_before_anything_was_kept_is_only_counted(issued: Msp) -> None:
    with issued.database.write("test") as session:
        session.connection().execute(text("DELETE FROM facts WHERE invoice_id = 1"))
    report = replay(issued.database)
    assert (report.same, report.without_facts, report.problems) == (7, 1, ())


def test_a_document_that_another_rests_on_and_that_is_gone_is_named(issued: Msp) -> None:
    altered(issued, "NW-000002", '"number":"NW-000001"', '"number":"NW-000099"')
    (problem,) = replay(issued.database).problems
    assert problem == "NW-000002 can't be drafted again: NW-000099 isn't there any more."


def test_what_it_rests_on_and_can_not_be_read_any_more_is_said(issued: Msp) -> None:
    issued.is_tampered_with = True
    with issued.database.write("test") as session:
        invoice = invoices.by_number(session, "NW-000002")
        row = session.get(FactsRow, invoice.id if invoice else None)
        assert row is not None
        row.content = b"nothing that was ever compressed"
        session.add(row)
    assert replay(issued.database).problems == ("NW-000002 can't be drafted again: what it rests on can't be read.",)


def test_an_empty_database_has_nothing_to_draft(msp: Msp) -> None:
    assert replay(msp.database) == Replayed(0, 0, ())
