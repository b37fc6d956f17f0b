"""Proofs: whatever is altered behind Rollcall's back is found, and named."""

import pytest
from sqlalchemy import text

from commands import audit, credits, users  # noqa: A004 - the builtin credits is for the interactive shell
from storage import audit as rows
from tests.billing.build import line, per_unit
from tests.support.books import client
from tests.support.msp import ADA, Msp, played_once


@pytest.fixture
@played_once
def issued(counted: Msp) -> Msp:
    """Two months were billed, one was credited, and one name was erased."""
    for month in ("01", "02"):
        counted.bill(f"2027-{month}-01")
    credits.credit(counted.database, ADA, counted.clock, credits.Wanted("NW-000001", amount="5.00"), reason="goodwill")
    users.erase(counted.database, ADA, counted.clock, "acme", "cy", "asked")
    return counted


def tamper(msp: Msp, statement: str) -> None:
    msp.is_tampered_with = True
    with msp.database.write("test") as session:
        assert session.connection().execute(text(statement)).rowcount == 1


def problems(msp: Msp) -> tuple[str, ...]:
    return audit.verify(msp.database).problems


def test_what_nobody_touched_has_no_problem(issued: Msp) -> None:
    report = audit.verify(issued.database)
    assert (report.chains, report.invoices, report.problems) == (2, 3, ())
    assert report.entries == len(audit.entries(issued.database, ADA, limit=1000))


def test_an_empty_database_has_no_problem(msp: Msp) -> None:
    assert audit.verify(msp.database) == audit.AuditReport(0, 0, 0, ())


@pytest.mark.parametrize(
    "assignment",
    [
        "content = replace(content, '3000', '2000')",
        "seller = replace(seller, 'Northwind', 'Southwind')",
        "buyer = replace(buyer, 'Acme', 'Apex')",
        "locale = 'de_DE'",
        "digests = '{}'",
        "issued_on = '2027-02-02'",
        "total_minor = 2900",
        "bill_date = '2027-02-02'",
        "document = 'credit_note'",
        "hash = 'other'",
    ],
)
def test_an_altered_invoice_is_found(issued: Msp, assignment: str) -> None:
    tamper(issued, f"UPDATE invoices SET {assignment} WHERE number_text = 'NW-000002'")  # noqa: S608 - our own text
    assert problems(issued)
    assert all("NW-000002" in problem for problem in problems(issued))


def test_an_altered_number_is_found(issued: Msp) -> None:
    tamper(issued, "UPDATE invoices SET number = 9, number_text = 'NW-000009' WHERE number_text = 'NW-000002'")
    assert problems(issued) == (
        "NW-000009 was issued without an audit entry.",
        "Series NW has gaps: 2, 3, 4, 5, 6, 7, 8.",
        "NW-000002 is in the audit log but not issued.",
    )


def test_a_missing_invoice_is_found(issued: Msp) -> None:
    issued.is_tampered_with = True
    with issued.database.write("test") as session:
        for table in ("run_clients", "charges", "facts", "invoices"):
            column = "id" if table == "invoices" else "invoice_id"
            chosen = "(SELECT id FROM invoices WHERE number_text = 'NW-000002')"
            session.connection().execute(text(f"DELETE FROM {table} WHERE {column} = {chosen}"))  # noqa: S608 - our own text
    assert problems(issued) == ("NW-000002 is in the audit log but not issued.",)


def test_an_invoice_made_a_draft_again_is_found(issued: Msp) -> None:
    tamper(issued, "UPDATE invoices SET state = 'draft' WHERE number_text = 'NW-000002'")
    assert "NW-000002 is in the audit log but not issued." in problems(issued)


def test_an_altered_charge_that_would_change_the_next_bill_is_found(issued: Msp) -> None:
    tamper(issued, "UPDATE charges SET amount_minor = 2000 WHERE amount_minor = 3000 AND starts = '2027-02-01'")
    assert problems(issued) == ("NW-000002: what counts as billed isn't what it charged.",)


def test_a_missing_charge_is_found(issued: Msp) -> None:
    tamper(issued, "DELETE FROM charges WHERE starts = '2027-02-01'")
    assert problems(issued) == ("NW-000002: what counts as billed isn't what it charged.",)


def test_a_line_that_was_renamed_by_an_import_is_no_alteration(issued: Msp) -> None:
    issued.imports(client(line(per_unit("10"), name="support"), renamed=(("managed-user", "support"),)))
    assert problems(issued) == ()


@pytest.mark.parametrize(
    "assignment",
    ["actor = 'cli:root for Eve'", "data = '{}'", "action = 'run.start'", "at = '2027-01-01'", "hash = 'x'"],
)
def test_an_altered_entry_is_found(issued: Msp, assignment: str) -> None:
    tamper(issued, f"UPDATE audit SET {assignment} WHERE chain = 'acme' AND seq = 3")  # noqa: S608 - our own text
    assert any("Chain acme: entry 3" in problem and "was altered" in problem for problem in problems(issued))


def test_a_missing_entry_is_found(issued: Msp) -> None:
    tamper(issued, "DELETE FROM audit WHERE chain = 'acme' AND seq = 3")
    assert "Chain acme: entry 3 is missing." in problems(issued)


def test_a_missing_newest_entry_is_found(issued: Msp) -> None:
    tamper(issued, "DELETE FROM audit WHERE chain = 'acme' AND seq = (SELECT max(seq) FROM audit WHERE chain = 'acme')")
    assert "Chain acme: the newest entries are missing." in problems(issued)


def test_an_entry_that_was_sealed_anew_breaks_the_one_after(issued: Msp) -> None:
    with issued.database.write("test") as session:
        entry = list(rows.entries(session, "acme"))[2]
        entry.actor = "cli:root for Eve"
        entry.hash = rows.seal(entry)
        session.add(entry)
    assert any("Chain acme: entry 4" in problem for problem in problems(issued))


def test_a_chain_whose_head_was_removed_is_found(issued: Msp) -> None:
    tamper(issued, "DELETE FROM audit_heads WHERE chain = '#house'")
    assert problems(issued)


def test_an_altered_name_is_found(issued: Msp) -> None:
    tamper(issued, "UPDATE identities SET name = 'Anna' WHERE name = 'Ann'")
    assert [problem for problem in problems(issued) if "name with digest" in problem]


def test_a_name_written_over_an_erased_one_is_found(issued: Msp) -> None:
    tamper(issued, "UPDATE identities SET name = 'Cyrus' WHERE name = ''")
    assert [problem for problem in problems(issued) if "name with digest" in problem]


def test_the_log_can_be_read_for_one_client(issued: Msp) -> None:
    assert {entry.chain for entry in audit.entries(issued.database, ADA, "acme")} == {"acme"}
    assert {entry.chain for entry in audit.entries(issued.database, ADA, limit=1000)} == {"acme", "#house"}
