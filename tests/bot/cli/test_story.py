"""The main job through the command line alone, on an SQLite file: from a book and a directory to a frozen invoice."""

import json
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from bot.cli.main import main
from tests.support.command_line import CommandLine, Ran, without_settings

BOOK = """
version: 1
seller: {name: Northwind IT, address: [1 Main St], country: US, invoice_series: NW, credit_series: NW}
clients:
  - slug: acme
    name: Acme Corp
    currency: USD
    timezone: America/New_York
    locale: en_US
    directories: [{name: staff, kind: csv, path: acme.csv}]
    rosters: [{name: full, rule: {basis: enabled}}]
    agreements:
      - name: Managed services
        start: 2027-01-01
        bills_from: 2027-04-01
        cycle: {months: 1, anchor: 2027-01-01}
        timing: advance
        lines:
          - name: managed-user
            text: Managed user
            tax: none
            count: {roster: full}
            price: {model: graduated, tiers: [{up_to: 25, unit: "45.00"}, {up_to: 50, unit: "40.00"}, {unit: "35.00"}]}
    taxes: {none: []}
"""


@pytest.fixture
def folder(tmp_path: Path, rollcall: CommandLine) -> Path:
    (tmp_path / "book.yaml").write_text(BOOK)
    staff(tmp_path, 42)
    return tmp_path


def staff(folder: Path, number: int) -> None:
    people = [f"{person},Person {person},p{person}@acme.test,true" for person in range(1, number + 1)]
    (folder / "acme.csv").write_text("\n".join(["id,name,mail,enabled", *people]))


def done(ran: Ran) -> str:
    assert (ran.code, ran.err) == (0, "")
    return ran.out


@pytest.fixture(scope="module")
def april_at_rest(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """42 people counted since January and April's invoice issued: the folder, and a copy of it as it was then."""
    folder = tmp_path_factory.mktemp("april")
    (folder / "book.yaml").write_text(BOOK)
    staff(folder, 42)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()):
        without_settings(patch)
        patch.chdir(folder)
        day = ("--on", "2027-03-20")
        assert main(["import", "book.yaml", "--apply", *day]) == 0
        assert main(["sync", "acme", *day]) == 0
        assert main(["approve", "1", "--by", "Dana", "--effective", "2027-01-01", *day]) == 0
        for step in billing("2027-04-01"):
            assert main(step) == 0
    return folder, Path(shutil.copytree(folder, tmp_path_factory.mktemp("at-rest") / "april"))


@pytest.fixture
def april(april_at_rest: tuple[Path, Path], rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder, put back; the book's path to the directory is absolute, so it can't be another one."""
    folder, at_rest = april_at_rest
    shutil.rmtree(folder)
    shutil.copytree(at_rest, folder)
    monkeypatch.chdir(folder)
    return folder


def billing(bill_date: str) -> Iterator[list[str]]:
    day = ("--on", bill_date)
    yield ["sync", *day]
    yield ["run", "start", bill_date, *day]
    yield ["run", "approve", "--by", "Boss", *day]
    yield ["run", "issue", *day]


def bill(rollcall: CommandLine, bill_date: str) -> None:
    for step in billing(bill_date):
        done(rollcall(*step))


def test_growth_in_mid_month_comes_out_to_the_cent(april: Path, rollcall: CommandLine) -> None:
    staff(april, 45)
    assert "change 2 waits for approval" in done(rollcall("sync", "acme", "--on", "2027-04-11"))
    assert "+$120.00 a month, +$200.00 on the next invoice of 1 May 2027" in done(rollcall("changes", "acme"))
    done(rollcall("approve", "2", "--by", "Dana", "--on", "2027-04-11"))
    bill(rollcall, "2027-05-01")
    document = json.loads(done(rollcall("invoice", "NW-000002", "--format", "json")))
    assert [(line["kind"], line["amount"]) for line in document["lines"]] == [
        ("recurring", "1925.00"),
        ("adjustment", "80.00"),
    ]
    assert document["total"] == "2005.00"
    assert len(document["people"]["full"]) == 45


def test_the_preview_is_what_is_issued(april: Path, rollcall: CommandLine) -> None:
    previewed = json.loads(done(rollcall("preview", "acme", "--on", "2027-05-01", "--json")))
    bill(rollcall, "2027-05-01")
    issued = json.loads(done(rollcall("invoice", "NW-000002", "--format", "json")))
    assert issued["hash"] == previewed["hash"]
    assert issued["number"] == "NW-000002"


def test_a_second_approval_says_who_was_first(april: Path, rollcall: CommandLine) -> None:
    ran = rollcall("approve", "1", "--by", "Eve")
    assert (ran.code, ran.out) == (1, "")
    assert "already approved by" in ran.err
    assert "for Dana" in ran.err


def test_a_rejection_needs_a_reason(april: Path, rollcall: CommandLine) -> None:
    staff(april, 43)
    done(rollcall("sync", "acme", "--on", "2027-04-11"))
    assert rollcall("reject", "2", "--by", "Dana").code == 2
    assert "rejected by" in done(rollcall("reject", "2", "--by", "Dana", "--reason", "A trainee, not billed"))


def test_an_item_is_left_out_with_a_reason_and_not_without(april: Path, rollcall: CommandLine) -> None:
    staff(april, 44)
    done(rollcall("sync", "acme", "--on", "2027-04-11"))
    assert rollcall("approve", "2", "--by", "Dana", "--except", "1").code == 2
    approved = rollcall("approve", "2", "--by", "Dana", "--except", "1", "--reason", "A trainee", "--on", "2027-04-11")
    assert "(left out: A trainee)" in done(approved)
    rosters = json.loads(done(rollcall("users", "acme", "--on", "2027-04-11", "--json")))["rosters"]
    assert len(rosters["full"]["seats"]) == 43


def test_several_items_are_left_out_one_after_the_other(april: Path, rollcall: CommandLine) -> None:
    staff(april, 45)
    done(rollcall("sync", "acme", "--on", "2027-04-11"))
    approved = rollcall("approve", "2", "--by", "Dana", "--except", "1", "3", "--reason", "Trainees")
    assert done(approved).count("(left out: Trainees)") == 2


def test_only_one_change_is_approved_at_a_time(april: Path, rollcall: CommandLine) -> None:
    ran = rollcall("approve", "1", "2", "--by", "Dana")
    assert (ran.code, ran.out) == (2, "")
    assert "one change at a time, not also 2." in ran.err


def test_a_stale_revision_is_refused(april: Path, rollcall: CommandLine) -> None:
    staff(april, 43)
    done(rollcall("sync", "acme", "--on", "2027-04-11"))
    staff(april, 44)
    done(rollcall("sync", "acme", "--on", "2027-04-11"))
    ran = rollcall("approve", "2", "--by", "Dana", "--revision", "1")
    assert ran.code == 1
    assert "revision 2" in ran.err


def test_a_directory_that_cannot_be_read_ends_with_3_and_changes_nothing(april: Path, rollcall: CommandLine) -> None:
    (april / "acme.csv").unlink()
    ran = rollcall("sync", "--on", "2027-04-11")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("rollcall: acme/staff: ")
    assert done(rollcall("changes")) == "No change waits for a decision.\n"


def test_a_tenant_without_the_settings_to_read_it_ends_with_2_and_names_the_variable(
    folder: Path, rollcall: CommandLine
) -> None:
    entra = "{name: m365, kind: entra, tenant: acme.example}"
    (folder / "book.yaml").write_text(BOOK.replace("{name: staff, kind: csv, path: acme.csv}", entra))
    done(rollcall("import", "book.yaml", "--apply"))
    ran = rollcall("sync", "acme")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("rollcall: acme/m365: ROLLCALL_ENTRA_CLIENT_ID is not set: expected ")


def test_a_directory_that_is_suddenly_empty_is_held_with_1(april: Path, rollcall: CommandLine) -> None:
    staff(april, 0)
    ran = rollcall("sync", "acme", "--on", "2027-04-11")
    assert (ran.code, ran.out) == (1, "")
    assert "safety catch" in ran.err


def test_a_held_reading_is_let_through_once_with_a_reason(april: Path, rollcall: CommandLine) -> None:
    staff(april, 20)
    assert rollcall("sync", "acme", "--on", "2027-04-11").code == 1
    let = rollcall("sync", "--on", "2027-04-11", "--let-through", "The branch was sold", "--by", "Ada")
    assert "change 2 waits for approval" in done(let)
    (entry,) = (row for row in done(rollcall("audit", "show", "acme")).splitlines() if "sync.let_through" in row)
    assert entry.endswith("for Ada")


def test_a_held_client_is_billed_on_a_named_override(april: Path, rollcall: CommandLine) -> None:
    (april / "acme.csv").unlink()
    rollcall("sync", "--on", "2027-05-01")
    held = json.loads(done(rollcall("run", "start", "2027-05-01", "--on", "2027-05-01")) and run_json(rollcall))
    assert (held["clients"][0]["state"], held["clients"][0]["held"]) == ("held", ["R01"])
    given = ("--by", "Boss", "--reason", "Counted by hand", "--until", "2027-05-31", "--on", "2027-05-01")
    done(rollcall("run", "override", "acme", "r01", *given))
    freed = json.loads(run_json(rollcall))
    assert (freed["clients"][0]["state"], freed["clients"][0]["total"]) == ("drafted", "1805.00")


def run_json(rollcall: CommandLine) -> str:
    return done(rollcall("run", "status", "--json"))


def test_every_step_of_a_run_can_be_repeated(april: Path, rollcall: CommandLine) -> None:
    before = done(rollcall("invoices", "--json"))
    for step in (("start", "2027-04-01"), ("issue",)):
        rollcall("run", *step, "--on", "2027-04-02")
    assert done(rollcall("invoices", "--json")) == before


def test_an_import_shows_first_and_changes_only_when_told(folder: Path, rollcall: CommandLine) -> None:
    assert "add --apply to change it" in done(rollcall("import", "book.yaml", "--on", "2027-03-20"))
    assert rollcall("preview", "acme").code == 2
    assert "Imported." in done(rollcall("import", "book.yaml", "--apply", "--on", "2027-03-20"))
    assert "nothing to change" in done(rollcall("import", "book.yaml", "--on", "2027-03-20"))


def test_a_plan_shows_what_the_columns_of_a_file_were_taken_for_and_an_import_does_not(
    folder: Path, rollcall: CommandLine
) -> None:
    said = done(rollcall("import", "book.yaml", "--on", "2027-03-20"))
    assert said.startswith("acme/staff: 42 accounts, 42 would count\n  file     SHA-256 ")
    assert "  columns  42 rows, plain: id from id, name from name, mail from mail, enabled" in said
    assert "SHA-256" not in done(rollcall("import", "book.yaml", "--apply", "--on", "2027-03-20"))


def test_whoever_imported_a_rule_is_known_by_name_and_cannot_approve_what_follows(
    april: Path, rollcall: CommandLine
) -> None:
    rule = "rule: {basis: enabled, exclude: [{mail: 'p42@acme.test', reason: trainees}]}"
    book = BOOK.replace("rule: {basis: enabled}", rule).replace(
        "clients:\n", "approvals: {own_proposals: false}\nclients:\n"
    )
    (april / "book.yaml").write_text(book)
    done(rollcall("import", "book.yaml", "--apply", "--by", "Dana", "--on", "2027-04-11"))
    refused = rollcall("approve", "2", "--by", "dana", "--on", "2027-04-11")
    assert (refused.code, refused.out) == (1, "")
    assert "You proposed change 2 of acme or a part of it, so somebody else has to approve it." in refused.err
    assert "approved by" in done(rollcall("approve", "2", "--by", "Eve", "--on", "2027-04-11"))


def test_an_import_over_a_billed_period_needs_a_reason(april: Path, rollcall: CommandLine) -> None:
    (april / "book.yaml").write_text(BOOK.replace('"45.00"', '"46.00"'))
    assert "add --apply --correct REASON to change it" in done(rollcall("import", "book.yaml", "--on", "2027-04-11"))
    ran = rollcall("import", "book.yaml", "--apply", "--on", "2027-04-11")
    assert (ran.code, ran.out) == (1, "")
    assert "1805.00 -> 1830.00" in ran.err
    corrected = rollcall("import", "book.yaml", "--apply", "--correct", "A typing error", "--on", "2027-04-11")
    assert "$1,805.00  $1,830.00" in done(corrected)


def test_an_import_of_another_rule_shows_who_goes_and_what_that_costs(april: Path, rollcall: CommandLine) -> None:
    rule = "rule: {basis: enabled, exclude: [{mail: 'p4?@acme.test', reason: trainees}]}"
    (april / "book.yaml").write_text(BOOK.replace("rule: {basis: enabled}", rule))
    shown = done(rollcall("import", "book.yaml", "--on", "2027-04-11"))
    assert "  acme full: 3 off (Person 40, Person 41, Person 42)\n  acme: -$120.00 a month, before tax" in shown


def test_why_is_told_as_json_with_what_decided(april: Path, rollcall: CommandLine) -> None:
    told = json.loads(done(rollcall("users", "acme", "why", "p7@acme.test", "--json")))
    (account,) = told["accounts"]
    assert (account["account"], account["roster"], account["reason"], account["rule_version"]) == (
        "7", "full", "ENABLED", 1
    )  # fmt: skip
    assert "Judged by rule version 1 of 20 Mar 2027" in " ".join(
        done(rollcall("users", "acme", "why", "p7@acme.test")).split()
    )


def test_what_is_exported_imports_as_no_change(april: Path, rollcall: CommandLine) -> None:
    (april / "exported.yaml").write_text(done(rollcall("export")))
    assert "nothing to change" in done(rollcall("import", "exported.yaml", "--on", "2027-04-11"))


def test_a_path_below_the_folder_is_exported_relative_to_it(april: Path, rollcall: CommandLine) -> None:
    assert "path: acme.csv" in done(rollcall("export"))


def test_an_import_names_the_clients_that_the_book_leaves_out(april: Path, rollcall: CommandLine) -> None:
    (april / "other.yaml").write_text(BOOK.replace("slug: acme", "slug: birch").replace("Acme", "Birch"))
    said = done(rollcall("import", "other.yaml", "--on", "2027-04-11"))
    assert "1 client is not in this book: acme; it stays as it is." in said


def test_a_book_with_an_error_is_refused_with_file_and_line(folder: Path, rollcall: CommandLine) -> None:
    (folder / "book.yaml").write_text(BOOK.replace("currency: USD", "currency: US"))
    ran = rollcall("import", "book.yaml", "--apply")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("rollcall: book.yaml:7: ")


def test_a_concession_is_credited_and_not_billed_again(april: Path, rollcall: CommandLine) -> None:
    given = ("--amount", "50.00", "--by", "Dana", "--reason", "The outage", "--on", "2027-04-11")
    assert "Total credit" in done(rollcall("credit", "NW-000001", *given))
    bill(rollcall, "2027-05-01")
    listed = json.loads(done(rollcall("invoices", "--json")))
    assert [(entry["document"], entry["total"]) for entry in listed] == [
        ("invoice", "1805.00"),
        ("credit_note", "-50.00"),
        ("invoice", "1805.00"),
    ]


def test_every_cent_is_explained_back_to_its_approver(april: Path, rollcall: CommandLine) -> None:
    told = " ".join(done(rollcall("explain", "NW-000001")).split())
    assert "25 \N{MULTIPLICATION SIGN} $45.00 + 17 \N{MULTIPLICATION SIGN} $40.00" in told
    assert "+42 on 1 Jan 2027, by change 1, approved by " in told
    assert "seen in staff on 20 Mar 2027" in told
    assert "Person 7: account 7 in staff, first seen 20 Mar 2027; paid for from 1 Jan 2027." in told


def test_the_explanation_is_printed_behind_the_document_on_request(april: Path, rollcall: CommandLine) -> None:
    page = done(rollcall("invoice", "NW-000001", "--format", "html", "--explain"))
    assert "Where every amount comes from" in page
    assert "+42 on 1 Jan 2027, by change 1" in page
    assert "Where every amount" not in done(rollcall("invoice", "NW-000001", "--format", "html"))


def test_the_explanation_goes_with_paper_only(april: Path, rollcall: CommandLine) -> None:
    ran = rollcall("invoice", "NW-000001", "--format", "json", "--explain")
    assert ran.code == 2
    assert "rollcall explain NW-000001 prints it" in " ".join(ran.err.split())


def test_a_verdict_is_explained(april: Path, rollcall: CommandLine) -> None:
    assert "Person 7" in done(rollcall("users", "acme", "why", "p7@acme.test"))


def test_the_record_is_proven_and_erasing_a_name_leaves_it_so(april: Path, rollcall: CommandLine) -> None:
    assert "nothing was altered" in done(rollcall("audit", "verify"))
    assert "each came out the same, to the cent" in done(rollcall("audit", "replay"))
    done(rollcall("erase", "acme", "p7@acme.test", "--by", "Dana", "--reason", "She asked"))
    assert "nothing was altered" in done(rollcall("audit", "verify"))
    printed = done(rollcall("invoice", "NW-000001"))
    assert "Person 7\n" not in printed
    assert "(name erased)" in printed


def test_the_audit_log_names_the_person_behind_the_shell(april: Path, rollcall: CommandLine) -> None:
    assert "for Dana" in done(rollcall("audit", "show", "acme"))


def test_roles_are_given_listed_and_taken(rollcall: CommandLine) -> None:
    assert done(rollcall("role", "grant", "U1", "Admin")) == "U1 is admin now.\n"
    assert done(rollcall("role", "list")) == "role   who\nadmin  U1\n"
    assert done(rollcall("role", "revoke", "U1")) == "U1 has no role now.\n"
    assert rollcall("role", "revoke", "U1").code == 1


def test_a_role_that_does_not_exist_is_answered_with_those_that_do(rollcall: CommandLine) -> None:
    ran = rollcall("role", "grant", "U1", "king")
    assert ran.code == 2
    assert "viewer, approver, biller, admin" in ran.err


def test_an_unknown_client_is_answered_with_those_there_are(april: Path, rollcall: CommandLine) -> None:
    ran = rollcall("preview", "globex")
    assert (ran.code, ran.out) == (2, "")
    assert "acme" in ran.err


def test_a_document_is_written_to_a_file_in_each_form(april: Path, rollcall: CommandLine) -> None:
    begins = {
        "pdf": b"%PDF-",
        "xlsx": b"PK\x03\x04",
        "html": b"<!doctype html>",
        "json": b"{",
        "csv": b'"document"',
        "text": b"Invoice NW",
    }
    for form, first in begins.items():
        done(rollcall("invoice", "NW-000001", "--format", form, "-o", f"invoice.{form}"))
        assert (april / f"invoice.{form}").read_bytes().startswith(first)


def test_a_file_that_cannot_be_written_is_named(april: Path, rollcall: CommandLine) -> None:
    ran = rollcall("invoice", "NW-000001", "-o", "nowhere/invoice.txt")
    assert ran.code == 2
    assert "nowhere/invoice.txt can't be written" in ran.err


def test_an_unknown_number_is_answered_with_the_newest(april: Path, rollcall: CommandLine) -> None:
    ran = rollcall("invoice", "NW-9")
    assert ran.code == 2
    assert "NW-000001" in ran.err


def test_a_quote_needs_no_database(folder: Path, rollcall: CommandLine) -> None:
    printed = done(rollcall("quote", "book.yaml", "--through", "2027-04-01", "--json"))
    assert isinstance(json.loads(printed), list)
    assert not (folder / "rollcall.db").exists()


def test_nothing_that_json_prints_stands_beside_it(april: Path, rollcall: CommandLine) -> None:
    for command in (
        ("changes", "--all"),
        ("users", "acme"),
        ("preview", "acme", "--on", "2027-05-01"),
        ("reconcile",),
        ("run", "status"),
        ("invoices",),
    ):
        json.loads(done(rollcall(*command, "--json")))
