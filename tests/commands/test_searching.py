"""After a run: what was left out or billed twice is found in the database, as a bug would have left it there."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from commands import audit, credits, runs  # noqa: A004 - the builtin credits is for the interactive shell
from commands.run_cards import FindingView
from connectors.books.reader import read_book
from storage.tables import ChargeRow, InvoiceRow
from tests.billing.build import day, flat, line, per_unit
from tests.support.books import client, stating
from tests.support.msp import ADA, Msp, of, played_once

ROOT = Path(__file__).parents[2]
SAMPLES = ("sandbox/sample_book.yaml", "tests/connectors/books/example.yaml")


@pytest.fixture
@played_once
def billed(msp: Msp) -> Msp:
    """Acme pays 10 dollars for each of three users, and January and February are billed."""
    msp.imports(client(line(per_unit("10")), directories=(), rosters=(), quantities=stating(("2027-01-01", "3"))))
    for month in ("2027-01-01", "2027-02-01"):
        msp.bill(month)
    return msp


def execute(msp: Msp, *statements: str) -> None:
    with msp.database.write("bug") as session:
        for statement in statements:
            session.connection().execute(text(statement))


def doubled(msp: Msp, *, document: bool) -> None:
    """February's charge once more, on a document of its own or on none."""
    with msp.database.write("bug") as session:
        invoice = session.exec(select(InvoiceRow).where(InvoiceRow.number_text == "NW-000002")).one()
        charge = session.exec(select(ChargeRow).where(ChargeRow.invoice_id == invoice.id)).one()
        position = 7
        if document:
            other = {"bill_date": day("2027-02-02"), "number": 9, "number_text": "NW-000009"}
            invoice = InvoiceRow(**{**invoice.model_dump(exclude={"id"}), **other})
            session.add(invoice)
            session.flush()
            position = 1
        where = {"invoice_id": invoice.id, "position": position}
        session.add(ChargeRow(**{**charge.model_dump(exclude={"id"}), **where}))


def searched(msp: Msp, bill_date: str = "2027-02-01", slug: str = "acme") -> tuple[FindingView, ...] | None:
    """What another issue of the run finds."""
    return of(runs.issue(msp.database, ADA, msp.clock, day(bill_date)), slug).findings


def only(found: tuple[FindingView, ...] | None) -> FindingView:
    assert found is not None
    (one,) = found
    return one


def test_a_clean_run_finds_nothing(billed: Msp) -> None:
    assert of(billed.run()).findings == ()


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_year_of_clean_runs_of_the_sample_books_finds_nothing(msp: Msp, sample: str) -> None:
    book = read_book(ROOT / sample)
    msp.imports(replace(book, clients=tuple(replace(each, directories=()) for each in book.clients)))
    for month in range(1, 13):
        run = msp.bill(f"2027-{month:02}-01")
        assert {(client.state, client.findings) for client in run.clients} <= {("issued", ()), ("nothing", ())}


def test_nobody_has_looked_before_the_run_is_issued(billed: Msp) -> None:
    billed.on("2027-03-01")
    assert of(runs.start(billed.database, ADA, billed.clock, day("2027-03-01"))).findings is None


def test_a_month_without_a_document_is_told_with_the_command_that_bills_it(billed: Msp) -> None:
    billed.is_tampered_with = True
    execute(
        billed,
        "DELETE FROM charges WHERE starts = '2027-01-01'",
        "DELETE FROM facts WHERE invoice_id = (SELECT id FROM invoices WHERE bill_date = '2027-01-01')",
        "UPDATE run_clients SET invoice_id = NULL, state = 'nothing' WHERE bill_date = '2027-01-01'",
        "DELETE FROM invoices WHERE bill_date = '2027-01-01'",
    )
    found = only(searched(billed))
    assert (found.kind, found.line, found.start, found.end) == (
        "late",
        "managed-user",
        day("2027-01-01"),
        day("2027-02-01"),
    )
    assert found.text == (
        "Not billed yet: 1 period of managed-user since 1 Jan 2027, $30.00. "
        "The next run bills it: rollcall run start 2027-03-01"
    )


def test_a_second_document_for_a_month_is_an_overlap_that_names_both(billed: Msp) -> None:
    doubled(billed, document=True)
    found = only(searched(billed))
    assert (found.kind, found.start, found.end) == ("overlap", day("2027-02-01"), day("2027-03-01"))
    assert found.text.startswith(
        "NW-000002 and NW-000009 charge twice for managed-user, 1\N{EN DASH}28 Feb 2027: $30.00"
    )


def test_a_document_that_does_not_count_as_billed_is_found(billed: Msp) -> None:
    execute(billed, "DELETE FROM charges WHERE starts = '2027-02-01'")
    assert only(searched(billed)).kind == "uncounted"


def test_what_counts_as_billed_without_a_document_is_found_with_the_charge_that_it_doubles(billed: Msp) -> None:
    doubled(billed, document=False)
    assert [found.kind for found in searched(billed) or ()] == ["unprinted", "overlap"]


def test_a_client_that_the_run_silently_left_out_is_found(billed: Msp) -> None:
    other = client(line(flat("100"), name="flat"), slug="globex", directories=(), rosters=())
    billed.imports(other)
    execute(
        billed,
        "INSERT INTO run_clients (bill_date, client_id, state, held, overridden) "
        "SELECT '2027-02-01', id, 'nothing', '[]', '[]' FROM clients WHERE slug = 'globex'",
    )
    found = searched(billed, slug="globex")
    assert only(found).text == (
        "Not billed yet: 2 periods of flat since 1 Jan 2027, $200.00. "
        "The next run bills it: rollcall run start 2027-02-01"
    )


def test_a_client_that_was_imported_after_the_run_was_started_is_found_and_billed_by_the_command(billed: Msp) -> None:
    billed.imports(client(line(flat("100"), name="flat"), slug="globex", directories=(), rosters=()))
    assert only(searched(billed, slug="globex")).text.endswith("rollcall run start 2027-02-01")
    billed.bill("2027-02-01")
    assert searched(billed, slug="globex") == ()


def test_before_the_issue_a_run_says_what_a_draft_catches_up_with(billed: Msp) -> None:
    billed.on("2027-04-01")
    run = runs.start(billed.database, ADA, billed.clock, day("2027-04-01"))
    assert of(run).late == (
        "Not billed when it was due, and on this invoice: managed-user, 1\N{EN DASH}31 Mar 2027: $30.00."
    )
    assert of(billed.bill("2027-04-01")).late is None


def test_a_held_client_is_not_searched(billed: Msp) -> None:
    execute(billed, "UPDATE run_clients SET state = 'held', findings = NULL WHERE bill_date = '2027-02-01'")
    with pytest.raises(runs.NothingToIssue):
        searched(billed)
    assert of(billed.run()).findings is None


@pytest.mark.parametrize("amount", [None, "5.00"])
def test_a_credit_leaves_no_gap(billed: Msp, amount: str | None) -> None:
    credits.credit(billed.database, ADA, billed.clock, credits.Wanted("NW-000002", amount=amount), reason="Goodwill")
    assert searched(billed) == ()


@pytest.mark.parametrize("amount", [None, "5.00"])
def test_a_reversal_leaves_neither_a_gap_nor_an_overlap_before_and_after_it_is_billed_again(
    billed: Msp, amount: str | None
) -> None:
    credits.credit(
        billed.database,
        ADA,
        billed.clock,
        credits.Wanted("NW-000002", amount=amount),
        rebill=True,
        reason="Wrong address",
    )
    assert searched(billed) == ()
    billed.bill("2027-03-01")
    assert searched(billed, "2027-03-01") == ()


def test_a_line_that_was_renamed_since_is_still_the_same(billed: Msp) -> None:
    renamed = line(per_unit("10"), name="user")
    book = client(
        renamed,
        directories=(),
        rosters=(),
        quantities=stating(("2027-01-01", "3")),
        renamed=(("managed-user", "user"),),
    )
    billed.imports(book)
    assert searched(billed) == ()


def test_what_is_found_is_in_the_audit_log_once(billed: Msp) -> None:
    execute(billed, "DELETE FROM charges WHERE starts = '2027-02-01'")
    for _ in range(2):
        searched(billed)
    entries = [entry for entry in audit.entries(billed.database, ADA, "acme") if entry.action == "run.search"]
    assert [entry.subject for entry in entries] == ["2027-02-01"]


def test_what_was_found_is_gone_once_it_is_mended(billed: Msp) -> None:
    execute(billed, "UPDATE charges SET amount_minor = 1 WHERE starts = '2027-02-01'")
    assert searched(billed)
    execute(billed, "UPDATE charges SET amount_minor = 3000 WHERE starts = '2027-02-01'")
    assert searched(billed) == ()


def test_a_finding_is_told_on_the_card(billed: Msp) -> None:
    def owed() -> int:
        with billed.database.read() as session:
            wanted = text("SELECT wanted FROM notices WHERE kind = 'run' AND subject = '2027-02-01'")
            return int(session.connection().execute(wanted).scalar_one())

    before = owed()
    execute(billed, "DELETE FROM charges WHERE starts = '2027-02-01'")
    searched(billed)
    assert owed() == before + 1
