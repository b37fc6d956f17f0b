"""Who is on which roster, why an account counts or doesn't, and names that are erased."""

import pytest

from commands import audit, changes, explain, invoices, users, why
from commands.reasons import ReasonIsMissing
from commands.why import NobodyFits, SeveralFit
from rosters.rules import Account, Roster, Rule
from storage import directories
from tests.billing.build import day, per_unit
from tests.support.books import client, excluding
from tests.support.msp import ADA, Msp, amounts, played_once, somebody


def erase(msp: Msp, who: str, reason: str = "asked by mail") -> str:
    return users.erase(msp.database, ADA, msp.clock, "acme", who, reason)


def names(msp: Msp, on: str | None = None) -> list[str]:
    view = users.rosters(msp.database, ADA, msp.clock, "acme", day(on) if on else None)
    return [seat.name for roster in view.rosters for seat in roster.seats]


def test_the_seats_of_a_day_are_those_open_on_it(counted: Msp) -> None:
    counted.on("2027-01-11").fire("bo")
    counted.sync()
    counted.approve()
    assert (names(counted, "2027-01-10"), names(counted, "2027-01-11")) == (["Ann", "Bo", "Cy"], ["Ann", "Cy"])


def test_a_roster_shows_how_many_count_beside_who_has_a_seat(counted: Msp) -> None:
    counted.on("2027-01-11").hire("dee")
    counted.sync()
    (roster,) = users.rosters(counted.database, ADA, counted.clock, "acme").rosters
    assert (roster.billable, len(roster.seats), roster.seats[0].accounts) == (4, 3, ("ann",))


@pytest.mark.parametrize("who", ["ann", "Ann", " ANN ", "ann@acme.example"])
def test_somebody_is_found_by_name_mail_or_id(counted: Msp, who: str) -> None:
    assert why.why(counted.database, ADA, "acme", who).account == "ann"


@pytest.mark.parametrize("who", ["Jos\u00e9", "jose\u0301 o'brien", "O\u2019Brien"])
def test_a_name_is_found_however_its_accents_and_apostrophes_are_written(msp: Msp, who: str) -> None:
    msp.imports(client())
    msp.hire(Account("jo", name="Jose\u0301 O\u2019Brien"), "ann")
    msp.sync()
    assert why.why(msp.database, ADA, "acme", who).account == "jo"


def test_why_says_the_verdict_its_day_and_the_seat(counted: Msp) -> None:
    answer = why.why(counted.database, ADA, "acme", "ann")
    assert (answer.counts, answer.roster, answer.reason, answer.since) == (True, "full", "ENABLED", day("2027-01-01"))
    assert answer.seated_since == day("2027-01-01")
    assert answer.sentence.startswith("Ann counts on full")


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (somebody("dee", enabled=False), "is disabled"),
        (somebody("dee", guest=True), "is a guest"),
        (somebody("dee", mailbox="shared"), "is a shared mailbox"),
        (somebody("dee", mailbox="room"), "is a room or equipment"),
        (somebody("dee", upn="svc-dee@acme.example"), "is excluded: service account"),
    ],
)
def test_why_says_what_stands_against_somebody(msp: Msp, account: Account, expected: str) -> None:
    msp.imports(client(per_unit("10"), rosters=(excluding("svc-*"),)))
    msp.hire("ann", account)
    msp.sync()
    answer = why.why(msp.database, ADA, "acme", "dee")
    assert (answer.counts, expected in answer.sentence) == (False, True)


def test_why_does_not_deny_a_licence_that_only_does_not_count(msp: Msp) -> None:
    desk = Roster("desk", Rule(counted_licences=("F1",)))
    msp.imports(client(per_unit("10"), rosters=(desk,)))
    msp.hire(Account("dee", name="Dee", licences=("SPB",)))
    msp.sync()
    assert "has no licence that counts" in why.why(msp.database, ADA, "acme", "dee").sentence


def test_why_knows_who_is_gone(counted: Msp) -> None:
    counted.on("2027-01-11").fire("bo")
    counted.sync()
    assert "is no longer in the directory" in why.why(counted.database, ADA, "acme", "bo").sentence


def test_a_part_that_several_have_is_refused_with_their_names(counted: Msp) -> None:
    with pytest.raises(SeveralFit, match=r"fits 3 accounts: Ann \(hr/ann\), Bo \(hr/bo\), Cy \(hr/cy\)"):
        why.why(counted.database, ADA, "acme", "acme.example")


@pytest.mark.parametrize("who", ["zoe", "", "%"])
def test_whom_nobody_is_called_is_refused(counted: Msp, who: str) -> None:
    with pytest.raises(NobodyFits):
        why.why(counted.database, ADA, "acme", who)


# Erasure.


@pytest.fixture
@played_once
def erased(counted: Msp) -> Msp:
    """January was billed for Ann, Bo and Cy; then Bo's name was erased."""
    counted.bill("2027-01-01")
    counted.on("2027-01-11")
    erase(counted, "bo")
    return counted


def test_an_erased_name_is_replaced_everywhere(erased: Msp) -> None:
    assert names(erased) == ["(name erased)", "Ann", "Cy"]
    assert [entry["name"] for entry in erased.document("NW-000001")["people"]["full"]] == ["(name erased)", "Ann", "Cy"]
    assert "(name erased)" in [item.name for item in changes.show(erased.database, 1).items]
    assert why.why(erased.database, ADA, "acme", "bo").who == "(name erased)"
    told = " ".join(explain.explain(erased.database, ADA, "NW-000001", "1")[0].sentences)
    assert ("(name erased)" in told, "Bo" in told) == (True, False)


def test_no_table_holds_an_erased_name(erased: Msp) -> None:
    with erased.database.read() as session:
        connection = session.connection()
        tables = [
            f"{row}"
            for name in ("identities", "audit", "invoices", "charges", "changes", "change_items", "run_clients", "runs")
            for row in connection.exec_driver_sql(f"SELECT * FROM {name}")  # noqa: S608 - our own tables
        ]
    assert not any("Bo" in row or "bo@acme" in row for row in tables)
    assert any("Ann" in row for row in tables)


def test_an_erasure_leaves_the_audit_log_and_the_invoices_proof_intact(erased: Msp) -> None:
    assert audit.verify(erased.database).problems == ()


def test_an_erasure_leaves_the_amounts_and_the_hash_of_an_invoice(counted: Msp) -> None:
    counted.bill("2027-01-01")
    before = counted.document("NW-000001")
    erase(counted, "bo")
    after = counted.document("NW-000001")
    assert (after["hash"], amounts(after), after["total"]) == (before["hash"], amounts(before), before["total"])


def test_an_erased_person_is_billed_like_before(erased: Msp) -> None:
    erased.bill("2027-02-01")
    assert erased.document("NW-000002")["total"] == "30.00"
    assert audit.verify(erased.database).problems == ()


def test_the_next_reading_does_not_bring_an_erased_name_back(erased: Msp) -> None:
    erased.hire(somebody("bo", name="Bo Brown"))
    erased.sync_one(full=True)
    assert (names(erased), erased.waits()) == (["(name erased)", "Ann", "Cy"], False)


def test_an_erasure_is_in_the_audit_log_without_the_name(erased: Msp) -> None:
    entry = audit.entries(erased.database, ADA, "acme")[0]
    assert (entry.action, "asked by mail" in entry.data, "Bo" in entry.data) == ("person.erase", True, False)


def test_an_erasure_takes_a_reason(counted: Msp) -> None:
    with pytest.raises(ReasonIsMissing):
        erase(counted, "bo", " ")
    assert names(counted) == ["Ann", "Bo", "Cy"]


def test_a_person_may_be_erased_again_by_his_id(erased: Msp) -> None:
    erase(erased, "bo")
    assert audit.verify(erased.database).problems == ()


def test_an_issued_invoice_keeps_the_name_of_its_day(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.hire(somebody("bo", name="Beau"))
    counted.bill("2027-02-01")
    found = [invoices.issued(counted.database, ADA, number) for number in ("NW-000001", "NW-000002")]
    assert [sorted(document.names.values()) for document in found] == [["Ann", "Bo", "Cy"], ["Ann", "Beau", "Cy"]]


def test_why_says_who_left_somebody_out_and_for_what_reason(counted: Msp) -> None:
    counted.hire("dee")
    counted.sync()
    counted.reject("An intern.")
    sentence = why.why(counted.database, ADA, "acme", "dee").sentence
    assert sentence.endswith(" ops for Ada (command line) left that out of change 2 on 1 Jan 2027: An intern.")


def test_why_says_by_which_version_of_the_rules_an_account_was_judged(counted: Msp) -> None:
    counted.on("2027-01-05").imports(client(per_unit("10"), rosters=(excluding("cy@*"),)))
    answer = why.why(counted.database, ADA, "acme", "cy")
    assert (answer.rule_version, answer.rule) == (2, "rule version 2 of 5 Jan 2027, by ops for Ada (command line)")
    assert "Judged by rule version 2 of 5 Jan 2027, by ops for Ada (command line)." in answer.sentence


def test_a_change_that_another_rule_made_says_which_version(counted: Msp) -> None:
    counted.on("2027-01-05").imports(client(per_unit("10"), rosters=(excluding("cy@*"),)))
    counted.on("2027-01-06").hire("dee")
    counted.sync()
    said = {item.name: item.because for item in counted.pending().items}
    assert said["Cy"] == (
        "is excluded: service account, since rule version 2 of 5 Jan 2027, by ops for Ada (command line)"
    )
    assert said["Dee"] == "is enabled"


def test_why_names_the_group_that_decided(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), rosters=(Roster("full", Rule(basis="group", groups=("Staff", "Board"))),)))
    msp.hire(Account("ann", "Ann", groups=("Board",)), Account("bo", "Bo", groups=()))
    msp.sync()
    assert "is in a group that counts (Board)" in why.why(msp.database, ADA, "acme", "ann").sentence
    assert "is in no group that counts (Staff, Board)" in why.why(msp.database, ADA, "acme", "bo").sentence


def test_why_names_the_product_and_keeps_the_part_number(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), rosters=(Roster("full"),)))
    msp.hire(Account("ann", "Ann", licences=("O365_BUSINESS_PREMIUM",)), Account("bo", "Bo", licences=("NEW_SKU_7",)))
    msp.sync()
    ann, bo = (why.why(msp.database, ADA, "acme", who) for who in ("ann", "bo"))
    assert (ann.detail, "(Microsoft 365 Business Standard)" in ann.sentence) == ("O365_BUSINESS_PREMIUM", True)
    assert "(NEW_SKU_7)" in bo.sentence


def test_why_says_that_an_account_was_not_read_with_what_the_rule_asks_for(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), rosters=(Roster("full", Rule(basis="group", groups=("Staff",))),)))
    msp.hire("ann")
    msp.sync()
    assert "it wasn't read yet with what the rule asks for" in why.why(msp.database, ADA, "acme", "ann").sentence


def test_why_shows_every_account_of_a_person(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), directories=("hr", "m365")))
    msp.hire("ann")
    msp.hire(somebody("ann-2", enabled=False), name="m365")
    msp.sync()
    with msp.database.write("test") as session:
        found = {row.object_id: row for row, _, _ in directories.accounts_of_client(session, 1)}
        found["ann-2"].person_id = found["ann"].person_id
        session.add(found["ann-2"])
    answer = why.why(msp.database, ADA, "acme", "ann-2")
    assert (answer.account, [other.account for other in answer.others]) == ("ann-2", ["ann"])
    assert why.why(msp.database, ADA, "acme", "acme.example").others != ()
