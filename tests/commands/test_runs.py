"""Billing runs: a held client waits alone, an approval binds to what was shown, and no step counts twice."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from commands import audit, changes, credits, invoices, runs  # noqa: A004 - the builtin credits is for the interactive shell
from commands.reasons import ReasonIsMissing
from commands.run_cards import RunView
from commands.runs import (
    CodeIsUnknown,
    NoSuchRun,
    NothingToApprove,
    NothingToIssue,
    OverrideIsOver,
    RunHasChanged,
)
from connectors.books.values import BookClient
from tests.billing.build import agreement, day, flat, line, one_off, per_unit
from tests.support.books import book, client
from tests.support.msp import ADA, BOB, Msp, amounts, of, played_once

Step = Callable[..., RunView]


@pytest.fixture
@played_once
def two(msp: Msp) -> Msp:
    """Acme has three users at 10 dollars and a directory; Globex pays 100 dollars flat."""
    msp.imports(client(per_unit("10")), globex())
    msp.count("ann", "bo", "cy")
    return msp


def globex(amount: str = "100") -> BookClient:
    return client(line(flat(amount), name="flat"), slug="globex", directories=(), rosters=())


def start(msp: Msp, text: str = "2027-01-01") -> RunView:
    return runs.start(msp.database, ADA, msp.clock, day(text))


def approve(msp: Msp, text: str = "2027-01-01", shown: str | None = None) -> RunView:
    return runs.approve(msp.database, BOB, msp.clock, day(text), shown=shown)


def issue(msp: Msp, text: str = "2027-01-01") -> RunView:
    return runs.issue(msp.database, ADA, msp.clock, day(text))


def override(msp: Msp, code: str = "R01", until: str = "2027-01-05", client: str = "acme") -> RunView:
    return runs.override(msp.database, BOB, msp.clock, client, code, "the count is right", day(until))


def states(run: RunView) -> dict[str, tuple[str, int | None, str | None]]:
    return {entry.client: (entry.state, entry.total_minor, entry.number) for entry in run.clients}


def broken(msp: Msp) -> Msp:
    msp.break_down()
    msp.sync("acme")
    return msp


# The steps.


def test_starting_drafts_every_client(two: Msp) -> None:
    run = start(two)
    assert (run.state, run.started_by) == ("drafted", ADA.id)
    assert states(run) == {"acme": ("drafted", 3_000, None), "globex": ("drafted", 10_000, None)}


def test_a_draft_is_not_billed(two: Msp) -> None:
    start(two)
    assert two.preview("2027-01-01")["subtotal"] == "30.00"


def test_approving_numbers_nothing(two: Msp) -> None:
    start(two)
    run = approve(two)
    assert (run.state, run.approved_by) == ("approved", BOB.id)
    assert {entry.number for entry in run.clients} == {None}


def test_issuing_numbers_and_freezes(two: Msp) -> None:
    start(two)
    approve(two)
    run = issue(two)
    assert (run.state, run.issued_by) == ("issued", ADA.id)
    assert states(run) == {"acme": ("issued", 3_000, "NW-000001"), "globex": ("issued", 10_000, "NW-000002")}


@pytest.mark.parametrize("step", [start, approve, issue])
def test_every_step_may_be_repeated(two: Msp, step: Step) -> None:
    for each in (start, approve, issue):
        each(two)
        if each is step:
            break
    before = two.run(), len(audit.entries(two.database, ADA))
    step(two)
    assert (two.run(), len(audit.entries(two.database, ADA))) == before


def test_an_invoice_bears_the_address_of_the_day_it_is_issued_on(msp: Msp) -> None:
    msp.imports(globex())
    start(msp)
    approve(msp)
    moved = globex()
    msp.imports(replace(moved, buyer=replace(moved.buyer, address=("1 New St",), reference="PO 7")))
    issue(msp)
    buyer = invoices.issued(msp.database, ADA, "NW-000001").buyer
    assert (buyer.address, buyer.reference) == (("1 New St",), "PO 7")


def test_a_run_of_an_earlier_date_takes_nothing_back_that_a_later_one_has_billed(msp: Msp) -> None:
    msp.imports(client(agreement(line(flat("100")), one_offs=(one_off("2027-01-15", 700),)), directories=()))
    msp.bill("2027-02-01")
    assert of(start(msp)).state == "nothing"


def test_a_run_that_was_issued_waits_again_once_a_held_client_is_let_through(two: Msp) -> None:
    broken(two)
    for step in (start, approve, issue):
        step(two)
    assert override(two).state == "drafted"


def test_a_whole_second_run_writes_nothing(two: Msp) -> None:
    two.bill("2027-01-01")
    before = two.run(), len(audit.entries(two.database, ADA))
    two.bill("2027-01-01")
    assert (two.run(), len(audit.entries(two.database, ADA))) == before


def test_what_was_shown_is_what_is_approved(two: Msp) -> None:
    shown = start(two).seal
    assert approve(two, shown=shown).state == "approved"


def test_an_approval_of_another_total_than_shown_is_refused(two: Msp) -> None:
    shown = start(two).seal
    two.imports(globex("120"))
    start(two)
    with pytest.raises(RunHasChanged, match="nothing was approved"):
        approve(two, shown=shown)
    assert two.run().state == "drafted"


def test_an_approval_of_other_people_than_shown_is_refused_although_the_total_is_the_same(two: Msp) -> None:
    shown = start(two).seal
    two.fire("bo")
    two.hire("dee")
    two.sync("acme")
    two.approve()
    start(two)
    with pytest.raises(RunHasChanged):
        approve(two, shown=shown)


def test_a_change_between_approval_and_issue_asks_again(two: Msp) -> None:
    start(two)
    approve(two)
    two.hire("dee")
    two.sync("acme")
    two.approve()
    run = issue(two)
    assert states(run) == {"acme": ("drafted", 4_000, None), "globex": ("issued", 10_000, "NW-000001")}


def test_what_asked_again_can_be_approved_and_issued_as_it_is_now(two: Msp) -> None:
    start(two)
    approve(two)
    two.imports(globex("120"))
    issue(two)
    approve(two)
    assert states(issue(two))["globex"] == ("issued", 12_000, "NW-000002")


def test_a_client_that_is_held_since_the_approval_is_not_issued(two: Msp) -> None:
    start(two)
    approve(two)
    run = issue(broken(two))
    assert [(entry.client, entry.state, entry.held) for entry in run.clients] == [
        ("acme", "held", ("R01",)),
        ("globex", "issued", ()),
    ]


def test_starting_again_keeps_an_approval_of_the_same_document(two: Msp) -> None:
    start(two)
    approve(two)
    assert {entry.state for entry in start(two).clients} == {"approved"}


def test_of_two_who_issue_at_once_each_document_is_issued_once(two: Msp) -> None:
    start(two)
    approve(two)
    together = threading.Barrier(2, timeout=20)

    def one() -> None:
        together.wait()
        issue(two)

    issuers = [threading.Thread(target=one) for _ in range(2)]
    for issuer in issuers:
        issuer.start()
    for issuer in issuers:
        issuer.join(30)
    assert sorted(entry.number or "" for entry in two.run().clients) == ["NW-000001", "NW-000002"]
    assert audit.verify(two.database).problems == ()


def test_two_may_start_at_once(two: Msp) -> None:
    together = threading.Barrier(2, timeout=20)
    seen: list[str] = []

    def one() -> None:
        together.wait()
        seen.append(start(two).state)

    starters = [threading.Thread(target=one) for _ in range(2)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(30)
    assert seen == ["drafted", "drafted"]


# Holds.


def test_a_broken_directory_holds_its_client_alone(two: Msp) -> None:
    run = start(broken(two))
    assert states(run) == {"acme": ("held", None, None), "globex": ("drafted", 10_000, None)}
    assert (of(run).held, "The client secret expired." in of(run).causes[0]) == (("R01",), True)


def test_a_held_client_is_drafted_once_it_is_mended(two: Msp) -> None:
    start(broken(two))
    two.mend()
    two.sync("acme")
    assert states(start(two))["acme"] == ("drafted", 3_000, None)


def test_a_held_month_is_billed_with_the_next(two: Msp) -> None:
    broken(two)
    start(two)
    approve(two)
    issue(two)
    two.mend()
    run = two.bill("2027-02-01")
    assert amounts(two.document(of(run).number or "")) == [
        ("recurring", "2027-01-01", "30.00"),
        ("recurring", "2027-02-01", "30.00"),
    ]


def test_an_override_bills_the_last_good_count_and_says_so(two: Msp) -> None:
    start(broken(two))
    entry = of(override(two))
    assert (entry.state, entry.total_minor, entry.held) == ("drafted", 3_000, ())
    assert [(o.code, o.by) for o in entry.overrides] == [("R01", BOB.id)]


def test_an_override_is_in_the_audit_log_with_name_reason_and_expiry(two: Msp) -> None:
    start(broken(two))
    override(two)
    entry = audit.entries(two.database, ADA, "acme")[0]
    assert (entry.action, entry.actor) == ("run.override", BOB.id)
    assert '"reason":"the count is right"' in entry.data
    assert '"until":"2027-01-05"' in entry.data


def test_an_override_is_for_one_code(two: Msp) -> None:
    start(broken(two))
    assert of(override(two, "R02")).held == ("R01",)


def test_an_override_is_for_one_client(two: Msp) -> None:
    two.imports(client(per_unit("10"), slug="initech"))
    two.break_down(client="initech")
    two.sync("initech")
    start(broken(two))
    assert of(override(two), "initech").held == ("R01",)


def test_an_override_counts_through_its_last_day(two: Msp) -> None:
    start(broken(two))
    override(two, until="2027-01-05")
    two.on("2027-01-05")
    assert of(start(two)).state == "drafted"


def test_an_override_that_is_over_holds_again_even_what_was_approved(two: Msp) -> None:
    start(broken(two))
    override(two, until="2027-01-05")
    approve(two)
    two.on("2027-01-06")
    assert of(issue(two)).held == ("R01",)


def test_an_override_of_the_past_is_refused(two: Msp) -> None:
    start(broken(two))
    with pytest.raises(OverrideIsOver):
        override(two, until="2026-12-31")


def test_an_override_takes_a_reason(two: Msp) -> None:
    start(broken(two))
    with pytest.raises(ReasonIsMissing):
        runs.override(two.database, ADA, two.clock, "acme", "R01", " ", day("2027-01-05"))


def test_a_code_that_does_not_exist_is_refused_with_those_that_do(two: Msp) -> None:
    start(broken(two))
    with pytest.raises(CodeIsUnknown, match="R01, R02, R03, R05, R06, R07, R12, R15"):
        override(two, "R99")


def test_a_large_pending_change_holds(two: Msp) -> None:
    two.hire("dee")
    two.sync("acme")
    assert of(start(two)).held == ("R05",)


# Numbers.


def test_what_is_issued_before_its_bill_date_says_so(two: Msp) -> None:
    start(two, "2027-02-01")
    approve(two, "2027-02-01")
    assert of(issue(two.on("2027-01-03"), "2027-02-01"), "globex").issued_early_on == day("2027-01-03")


def test_what_is_issued_on_its_bill_date_is_not_early(two: Msp) -> None:
    assert of(two.bill("2027-01-01"), "globex").issued_early_on is None


def test_numbers_have_no_gap_where_a_client_was_held(two: Msp) -> None:
    two.imports(client(line(flat("5"), name="flat"), slug="initech", directories=(), rosters=()))
    broken(two)
    start(two)
    approve(two)
    issue(two)
    override(two)
    approve(two)
    numbers = {entry.client: entry.number for entry in issue(two).clients}
    assert numbers == {"globex": "NW-000001", "initech": "NW-000002", "acme": "NW-000003"}


def test_a_draft_that_is_dropped_leaves_no_gap(two: Msp) -> None:
    start(two)
    start(broken(two))
    two.mend()
    assert sorted(entry.number or "" for entry in two.bill("2027-01-01").clients) == ["NW-000001", "NW-000002"]


def test_a_document_with_a_negative_total_is_a_credit_note_of_its_own_series(msp: Msp) -> None:
    terms = agreement(line(flat("100"), name="flat"), one_offs=(one_off("2027-02-01", -25_000),))
    msp.imports(client(terms, directories=(), rosters=()))
    msp.bill("2027-01-01")
    run = msp.bill("2027-02-01")
    assert (of(run).number, of(run).total_minor) == ("NWC-000001", -15_000)
    assert msp.document("NWC-000001")["document"] == "credit_note"


def test_what_a_credit_note_of_a_run_gave_is_not_given_again(msp: Msp) -> None:
    terms = agreement(line(flat("100"), name="flat"), one_offs=(one_off("2027-02-01", -25_000),))
    msp.imports(client(terms, directories=(), rosters=()))
    msp.bill("2027-01-01")
    msp.bill("2027-02-01")
    assert of(msp.bill("2027-03-01")).total_minor == 10_000


# Several runs.


def test_a_later_run_takes_a_draft_over_with_what_it_held(two: Msp) -> None:
    start(two)
    two.on("2027-02-01").sync("acme")
    run = start(two, "2027-02-01")
    assert states(run) == {"acme": ("drafted", 6_000, None), "globex": ("drafted", 20_000, None)}
    assert states(two.run("2027-01-01")) == {"acme": ("nothing", None, None), "globex": ("nothing", None, None)}


def test_what_a_later_run_issued_is_not_issued_by_the_earlier_one(two: Msp) -> None:
    start(two)
    approve(two)
    two.bill("2027-02-01")
    start(two)
    with pytest.raises(NothingToIssue):
        issue(two)
    assert [state for state, *_ in states(two.run("2027-01-01")).values()] == ["nothing", "nothing"]


def test_an_earlier_run_survives_that_a_later_one_dropped_its_draft(two: Msp) -> None:
    start(two)
    two.on("2027-02-01").sync("acme")
    start(two, "2027-02-01")
    start(broken(two), "2027-02-01")
    with pytest.raises(NothingToApprove):
        approve(two)


def test_starting_an_earlier_run_again_leaves_a_later_run_its_drafts(two: Msp) -> None:
    start(two)
    two.on("2027-02-01").sync("acme")
    start(two, "2027-02-01")
    approve(two, "2027-02-01")
    again = start(two)
    assert (states(again)["globex"], of(again, "globex").later_draft) == (("nothing", None, None), day("2027-02-01"))
    assert states(two.run("2027-02-01"))["globex"] == ("approved", 20_000, None)


def test_a_run_that_was_started_ahead_of_its_date_gives_the_drafts_back(two: Msp) -> None:
    start(two, "2027-02-01")
    run = start(two)
    assert (states(run)["globex"], of(run, "globex").later_draft) == (("drafted", 10_000, None), None)
    assert states(two.run("2027-02-01"))["globex"] == ("nothing", None, None)


def test_a_pending_card_stays_with_an_open_run_after_its_date(two: Msp) -> None:
    two.bill("2027-01-01")
    two.on("2027-01-25").hire("dee")
    two.sync()
    start(two.on("2027-02-01"), "2027-02-01")
    two.on("2027-02-02").sync()
    assert (two.pending().revision, two.pending().next_bill_date) == (1, day("2027-02-01"))


def test_a_preview_is_that_of_an_open_run_until_it_is_issued(two: Msp) -> None:
    start(two)
    two.on("2027-01-02")
    assert two.preview()["bill_date"] == "2027-01-01"
    approve(two)
    issue(two)
    assert two.preview()["bill_date"] == "2027-02-01"


def test_a_run_that_was_started_ahead_of_its_date_is_not_the_next_invoice(two: Msp) -> None:
    start(two, "2027-03-01")
    two.on("2027-01-15")
    assert two.preview()["bill_date"] == "2027-02-01"


def test_a_client_that_is_not_billed_on_that_day_is_left_in_peace(two: Msp) -> None:
    two.on("2027-01-10")
    assert states(start(broken(two), "2027-01-15")) == {
        "acme": ("nothing", None, None),
        "globex": ("nothing", None, None),
    }


def test_a_new_client_joins_a_run_that_was_started(two: Msp) -> None:
    start(two)
    two.imports(client(line(flat("5"), name="flat"), slug="initech", directories=(), rosters=()))
    assert states(start(two))["initech"] == ("drafted", 500, None)


def test_more_clients_than_a_chunk(msp: Msp) -> None:
    slugs = [f"client{number:02d}" for number in range(45)]
    msp.imports(book(*(client(line(flat("5"), name="flat"), slug=slug, directories=(), rosters=()) for slug in slugs)))
    run = msp.bill("2027-01-01")
    assert [entry.number for entry in run.clients] == [f"NW-{number:06d}" for number in range(1, 46)]


def test_the_newest_run_is_the_one_that_is_meant(two: Msp) -> None:
    two.bill("2027-01-01")
    start(two, "2027-02-01")
    assert two.run().bill_date == day("2027-02-01")


def test_without_a_run_the_command_that_starts_one_is_named(two: Msp) -> None:
    with pytest.raises(NoSuchRun, match="rollcall run start 2027-01-01"):
        approve(two)


def test_without_a_draft_there_is_nothing_to_approve(two: Msp) -> None:
    start(two, "2027-01-15")
    with pytest.raises(NothingToApprove):
        approve(two, "2027-01-15")


def test_after_a_mistyped_year_a_step_without_a_date_is_one_of_the_run_that_was_started_last(two: Msp) -> None:
    start(two, "2207-02-01")
    two.on("2027-01-02")
    start(two, "2027-02-01")
    assert runs.status(two.database, ADA).bill_date == day("2027-02-01")


def test_without_an_approval_there_is_nothing_to_issue(two: Msp) -> None:
    start(two)
    with pytest.raises(NothingToIssue, match="approve it first"):
        issue(two)


def test_a_credit_between_approval_and_issue_asks_again(two: Msp) -> None:
    two.bill("2027-01-01")
    two.on("2027-02-01").sync("acme")
    start(two, "2027-02-01")
    approve(two, "2027-02-01")
    credits.credit(two.database, ADA, two.clock, credits.Wanted("NW-000002"), rebill=True, reason="wrong address")
    assert states(issue(two, "2027-02-01"))["globex"] == ("drafted", 20_000, None)


def test_a_decision_after_the_issue_waits_for_the_next_bill(two: Msp) -> None:
    two.bill("2027-01-01")
    two.on("2027-01-01").hire("dee")
    two.sync("acme")
    changes.approve(two.database, ADA, two.clock, two.pending().id)
    start(two)
    assert of(two.run()).total_minor == 3_000
    assert of(two.bill("2027-02-01")).total_minor == 5_000


def test_a_pending_card_goes_over_to_the_next_invoice_once_one_is_issued(two: Msp) -> None:
    two.bill("2027-01-01")
    two.on("2027-01-25").hire("dee")
    two.sync()
    assert two.pending().next_bill_date == day("2027-02-01")
    start(two.on("2027-02-01"), "2027-02-01")
    runs.override(two.database, BOB, two.clock, "acme", "R05", "they wait", day("2027-02-05"))
    approve(two, "2027-02-01")
    issue(two, "2027-02-01")
    waiting = two.pending()
    assert (waiting.revision, waiting.next_bill_date) == (2, day("2027-03-01"))


def test_a_client_whose_draft_cannot_be_made_is_held_alone(two: Msp) -> None:
    with two.database.write("test") as session:
        acme = session.connection().execute(text("SELECT id FROM clients WHERE slug = 'acme'")).scalar_one()
        spoilt = text("UPDATE agreements SET terms = '{}' WHERE client_id = :acme")
        session.connection().execute(spoilt, {"acme": acme})
    run = start(two)
    assert (states(run)["acme"][0], of(run).held) == ("held", ("R15",))
    assert states(run)["globex"] == ("drafted", 10_000, None)
    assert "could not be made" in of(run).causes[0]
