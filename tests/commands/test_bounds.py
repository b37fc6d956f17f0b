"""Safety bounds: a client that hits one is held with a sentence and a remedy, and the others go on."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from commands import changes, credits, invoices, runs  # noqa: A004 - the builtin credits is for the interactive shell
from commands.actors import Actor
from commands.backdating import GoesBackTooFar
from commands.roles import grant
from connectors.books.values import BookClient
from tests.billing.build import agreement, day, flat, line, one_off, per_unit
from tests.support.books import client, stating
from tests.support.msp import ADA, BOB, Msp, of, played_once

APPROVER = Actor("U0APPROVER", "slack")


LATE = (
    "managed-user would be charged for 7 earlier periods at once, from 1 Jan 2027 on; "
    "more than 6, or what is older than 12 months, waits for a look."
)


def acme(*terms: object, number: str = "3", **details: object) -> BookClient:
    given = terms or (line(per_unit("10")),)
    quantities = stating(("2027-01-01", number))
    return client(*given, directories=(), rosters=(), quantities=quantities, **details)  # type: ignore[arg-type] # the details say their types


def globex() -> BookClient:
    return client(
        agreement(line(flat("100"), name="flat"), start="2027-07-01"), slug="globex", directories=(), rosters=()
    )


def started(msp: Msp, bill_date: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    run = runs.start(msp.database, ADA, msp.clock, day(bill_date))
    return {each.client: (each.state, each.held) for each in run.clients}


def execute(msp: Msp, statement: str) -> None:
    with msp.database.write("bug") as session:
        session.connection().execute(text(statement))


def listed(msp: Msp, bill_date: str) -> list[tuple[str, str, str]]:
    return [(each.code, each.effect, each.text) for each in msp.listed("acme", bill_date=bill_date)]


# R19: catching up.


def test_r19_half_a_year_is_caught_up_and_one_month_more_holds_the_client_alone(msp: Msp) -> None:
    msp.imports(acme(), globex())
    msp.on("2027-07-01")
    assert started(msp, "2027-07-01")["acme"] == ("drafted", ())
    msp.on("2027-08-01")
    assert started(msp, "2027-08-01") == {"acme": ("held", ("R19",)), "globex": ("drafted", ())}


def test_r19_says_what_would_be_charged_and_what_to_do(msp: Msp) -> None:
    msp.imports(acme())
    msp.on("2027-08-01")
    (found,) = msp.mismatches("acme")
    assert found.text == LATE
    assert (found.amount_minor, "bills_from: DATE" in found.remedy) == (21_000, True)


def test_r19_an_override_lets_the_client_through(msp: Msp) -> None:
    msp.imports(acme())
    msp.on("2027-08-01")
    started(msp, "2027-08-01")
    run = runs.override(msp.database, BOB, msp.clock, "acme", "R19", "agreed with the client", day("2027-08-05"))
    assert (of(run).state, of(run).total_minor) == ("drafted", 24_000)


def test_r19_what_bills_from_leaves_to_another_system_is_not_caught_up(msp: Msp) -> None:
    ours = replace(agreement(line(per_unit("10"))), bills_from=day("2027-08-01"))
    msp.imports(acme(ours))
    msp.on("2027-08-01")
    assert started(msp, "2027-08-01")["acme"] == ("drafted", ())


def test_r19_a_year_that_is_billed_late_counts_as_more_than_one_period(msp: Msp) -> None:
    msp.imports(acme(agreement(line(flat("100")), months=12, start="2026-01-01", anchor="2026-01-01")))
    msp.on("2028-02-01")
    assert started(msp, "2028-02-01")["acme"] == ("held", ("R19",))


# R20: billing ahead.


def test_r20_a_mistyped_year_holds_everybody_it_would_bill(msp: Msp) -> None:
    msp.imports(acme(agreement(line(flat("100")), start="2027-11-01", anchor="2027-11-01")))
    assert started(msp, "2027-12-01")["acme"] == ("drafted", ())
    assert started(msp, "2028-01-01")["acme"] == ("held", ("R20",))
    sentence = "The bill date 1 Jan 2028 is more than 11 months away."
    assert ("R20", "hold", sentence) in listed(msp, "2028-01-01")


def test_r20_three_years_may_be_paid_in_advance_and_four_may_not(msp: Msp) -> None:
    msp.imports(acme(agreement(line(flat("100")), months=36)))
    assert started(msp, "2027-01-01")["acme"] == ("drafted", ())
    msp.imports(acme(agreement(line(flat("100")), months=48)))
    assert started(msp, "2027-01-01")["acme"] == ("held", ("R20",))


# R17: a total that nothing explains.


@pytest.fixture
@played_once
def two_months(msp: Msp) -> Msp:
    """Acme is billed 30 dollars for January and for February."""
    msp.imports(acme(agreement(line(per_unit("10")), one_offs=(one_off("2027-03-01", 90_000),))))
    for month in ("2027-01-01", "2027-02-01"):
        msp.bill(month)
    return msp.on("2027-03-01")


def test_r17_a_total_that_stays_is_not_asked_for_reasons(two_months: Msp) -> None:
    assert started(two_months, "2027-03-01")["acme"] == ("drafted", ())


def test_r17_a_number_that_nobody_changed_holds_with_its_money(two_months: Msp) -> None:
    execute(two_months, "UPDATE quantities SET quantity = '4'")
    assert started(two_months, "2027-03-01")["acme"] == ("held", ("R17",))
    (found,) = [each for each in two_months.listed("acme") if each.code == "R17"]
    assert found.text == (
        "managed-user: +$20.00 against the last time ($80.00 instead of $60.00), and no approved change, import, "
        "dated price, start, end or one-off explains it."
    )


def test_r17_a_tenth_is_not_asked_for_reasons(msp: Msp) -> None:
    msp.imports(acme(number="10"))
    msp.bill("2027-01-01")
    execute(msp, "UPDATE quantities SET quantity = '11', \"on\" = '2027-02-01'")
    msp.on("2027-02-01")
    assert started(msp, "2027-02-01")["acme"] == ("drafted", ())


def test_r17_an_import_explains_the_line_that_it_alters(two_months: Msp) -> None:
    two_months.imports(acme(number="4"), correct="There were four")
    assert started(two_months, "2027-03-01")["acme"] == ("drafted", ())


def test_r17_an_import_of_an_address_explains_nothing(two_months: Msp) -> None:
    book = acme(agreement(line(per_unit("10")), one_offs=(one_off("2027-03-01", 90_000),)))
    two_months.imports(replace(book, buyer=replace(book.buyer, address=("1 New St",))))
    execute(two_months, "UPDATE quantities SET quantity = '4'")
    assert started(two_months, "2027-03-01")["acme"] == ("held", ("R17",))


def test_r17_an_approved_change_explains_its_roster(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.on("2027-01-20").hire("dee", "eli")
    counted.sync()
    counted.approve()
    assert of(counted.bill("2027-02-01")).held == ()


def test_r17_a_line_that_vanishes_is_a_total_that_moved(two_months: Msp) -> None:
    execute(two_months, "UPDATE quantities SET quantity = '0', \"on\" = '2026-01-01'")
    assert started(two_months, "2027-03-01")["acme"] == ("held", ("R17",))


def test_r17_a_quarter_that_ends_beside_months_is_no_move(msp: Msp) -> None:
    quarterly = agreement(line(flat("900"), name="backup"), name="Backup", months=3)
    msp.imports(acme(agreement(line(per_unit("10"))), quarterly))
    held = [of(msp.bill(f"2027-0{month}-01")).held for month in range(1, 8)]
    assert held == [()] * 7


# R15: a period that a document charges already.


def test_r15_a_month_that_a_document_has_is_not_charged_again_whatever_counts_as_billed(two_months: Msp) -> None:
    execute(two_months, "DELETE FROM charges WHERE starts = '2027-02-01'")
    assert started(two_months, "2027-03-01")["acme"] == ("held", ("R15",))
    assert (
        "R15",
        "hold",
        "NW-000002 and this draft would charge twice for managed-user, 1\N{EN DASH}28 Feb 2027: $30.00 too much.",
    ) in listed(two_months, "2027-03-01")


# R16: what was due earlier.


def test_r15_a_month_that_was_billed_ahead_and_taken_back_before_its_bill_date_is_charged_again(msp: Msp) -> None:
    msp.imports(acme())
    msp.bill("2027-01-01")
    msp.on("2027-01-25")
    ahead = day("2027-02-01")
    runs.start(msp.database, ADA, msp.clock, ahead)
    runs.approve(msp.database, ADA, msp.clock, ahead)
    runs.issue(msp.database, ADA, msp.clock, ahead)
    credits.credit(msp.database, ADA, msp.clock, credits.Wanted("NW-000002"), rebill=True, reason="Wrong address")
    msp.on("2027-03-01")
    assert started(msp, "2027-03-01")["acme"] == ("drafted", ())
    assert of(msp.run("2027-03-01")).total_minor == 6_000


def test_r16_an_earlier_period_is_billed_and_listed(msp: Msp) -> None:
    msp.imports(acme())
    msp.on("2027-02-01")
    assert started(msp, "2027-02-01")["acme"] == ("drafted", ())
    assert listed(msp, "2027-02-01") == [
        (
            "R16",
            "info",
            "Not billed when it was due, and on this invoice: managed-user, 1\N{EN DASH}31 Jan 2027: $30.00.",
        )
    ]


def test_r16_a_period_that_is_billed_when_it_is_due_is_not_listed(msp: Msp) -> None:
    msp.imports(acme(agreement(line(per_unit("10")), start="2027-01-21")))
    assert listed(msp, "2027-02-01") == []


# Outside a run.


def test_a_preview_says_what_would_hold_it(msp: Msp) -> None:
    msp.imports(acme())
    found = invoices.preview(msp.on("2027-08-01").database, ADA, msp.clock, "acme", day("2027-08-01"))
    assert found.warnings == (f"R19 would hold this: {LATE}",)


# Going back.


@pytest.fixture
@played_once
def waiting(counted: Msp) -> Msp:
    """Dee was seen on 2 January, and nobody has decided about her; U0APPROVER may approve."""
    counted.on("2027-01-02").hire("dee")
    counted.sync()
    grant(counted.database, ADA, APPROVER.id, "approver")
    return counted


def test_an_approver_goes_back_three_months(waiting: Msp) -> None:
    assert waiting.on("2027-04-02").approve(actor=APPROVER).state == "approved"


def test_further_back_takes_a_biller_and_says_so(waiting: Msp) -> None:
    with pytest.raises(GoesBackTooFar) as refused:
        waiting.on("2027-04-03").approve(actor=APPROVER)
    assert str(refused.value) == (
        f"Change {waiting.pending().id} goes back to 2027-01-02, more than 3 months; nothing was decided. To approve "
        "that takes the role biller: ask somebody who has it, or an admin, to approve it as it is, or reject it with a "
        "reason. An admin can give you the role: rollcall role grant U0APPROVER biller"
    )


def test_a_biller_goes_back_as_far_as_it_takes(waiting: Msp) -> None:
    grant(waiting.database, ADA, APPROVER.id, "biller")
    assert waiting.on("2027-04-03").approve(actor=APPROVER).state == "approved"


def test_what_is_left_out_does_not_count_as_going_back(waiting: Msp) -> None:
    waiting.on("2027-04-03").hire("eli")
    waiting.sync()
    change = waiting.pending()
    old = next(item.number for item in change.items if item.effective == day("2027-01-02"))
    decided = changes.approve(
        waiting.database, APPROVER, waiting.clock, change.id, left_out={old: ""}, reason="A trainee"
    )
    assert decided.state == "approved"


def test_a_stated_day_that_is_too_long_ago_is_refused_too(waiting: Msp) -> None:
    waiting.on("2027-04-03").reject()
    waiting.hire("eli")
    waiting.sync()
    with pytest.raises(GoesBackTooFar):
        waiting.approve("2027-01-02", actor=APPROVER)
