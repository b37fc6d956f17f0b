"""Worked examples to the cent, through the use cases and a database."""

import pytest

from billing.prices import PriceModel
from commands import credits, runs  # noqa: A004 - the builtin credits is for the interactive shell
from commands.changes import AlreadyDecided, approve
from tests.billing.build import GRADUATED, VOLUME, day, flat, line, per_unit
from tests.support.books import client, stating
from tests.support.msp import ADA, BOB, Msp, amounts, crowd, of, played_once


@pytest.fixture
@played_once
def graduated(msp: Msp) -> Msp:
    """42 users since January, 25 at 45 dollars and the others at 40; January to April are billed."""
    msp.imports(client(quantities=stating(("2027-01-01", "42"))))
    msp.count(*crowd(42), since="2027-01-01")
    for month in ("01", "02", "03", "04"):
        assert of(msp.bill(f"2027-{month}-01")).total_minor == 180_500
    return msp


def test_growth_in_mid_month_is_billed_by_days_beside_the_next_month(graduated: Msp) -> None:
    graduated.on("2027-04-11").hire("new1", "new2")
    graduated.sync()
    graduated.hire("new3")
    graduated.sync()
    change = graduated.pending()
    assert (change.revision, change.monthly_minor, change.next_invoice_minor) == (2, 12_000, 20_000)
    graduated.approve()
    with pytest.raises(AlreadyDecided):
        approve(graduated.database, BOB, graduated.clock, change.id)
    run = graduated.bill("2027-05-01")
    document = graduated.document(of(run).number or "")
    assert amounts(document) == [("recurring", "2027-05-01", "1925.00"), ("adjustment", "2027-04-01", "80.00")]
    assert document["total"] == "2005.00"
    assert of(graduated.bill("2027-06-01")).total_minor == 192_500


@pytest.mark.parametrize(
    ("price", "monthly_minor", "next_invoice_minor", "total_minor"),
    [(VOLUME, -40_00, -60_65, 1_019_35), (GRADUATED, 85_00, 128_87, 1_208_87)],
    ids=["volume", "graduated"],
)
def test_two_more_users_lower_the_bill_under_volume_tiers_and_raise_it_under_graduated(
    msp: Msp, price: PriceModel, monthly_minor: int, next_invoice_minor: int, total_minor: int
) -> None:
    msp.imports(client(price))
    msp.count(*crowd(24))
    for month in ("01", "02", "03"):
        assert of(msp.bill(f"2027-{month}-01")).total_minor == 1_080_00
    msp.on("2027-03-16").hire("new1", "new2")
    msp.sync()
    change = msp.approve()
    assert (change.monthly_minor, change.next_invoice_minor) == (monthly_minor, next_invoice_minor)
    assert of(msp.bill("2027-04-01")).total_minor == total_minor


@pytest.fixture
@played_once
def late(msp: Msp) -> Msp:
    """15 users at 80 dollars; two joined on 25 January and wait; February is billed without them."""
    msp.imports(client(per_unit("80")))
    msp.count(*crowd(15))
    msp.bill("2027-01-01")
    msp.on("2027-01-25").hire("new1", "new2")
    msp.sync()
    msp.on("2027-02-01").sync()
    runs.start(msp.database, ADA, msp.clock, day("2027-02-01"))
    runs.override(msp.database, ADA, msp.clock, "acme", "R05", "Dana is away", day("2027-02-01"))
    runs.approve(msp.database, ADA, msp.clock)
    assert of(runs.issue(msp.database, ADA, msp.clock)).total_minor == 120_000
    return msp.on("2027-02-03")


def test_a_late_approval_is_billed_a_line_a_period_over_an_invoice_that_stays(late: Msp) -> None:
    late.approve()
    run = late.bill("2027-03-01")
    document = late.document(of(run).number or "")
    assert amounts(document) == [
        ("recurring", "2027-03-01", "1360.00"),
        ("adjustment", "2027-01-01", "36.13"),
        ("adjustment", "2027-02-01", "160.00"),
    ]
    assert document["total"] == "1556.13"


def test_a_late_rejection_bills_as_before_and_is_told_with_its_money(late: Msp) -> None:
    late.reject()
    late.on("2027-03-01").sync()
    (found,) = late.mismatches()
    assert (found.code, found.amount_minor) == ("R06", 16_000)
    assert of(late.bill("2027-03-01")).total_minor == 120_000


@pytest.fixture
@played_once
def tenant(msp: Msp) -> Msp:
    """64 users at 70 dollars, and another client that pays 100 dollars flat."""
    globex = client(line(flat("100"), name="flat"), slug="globex", directories=(), rosters=())
    msp.imports(client(per_unit("70")), globex)
    msp.count(*crowd(64))
    msp.bill("2027-01-01")
    return msp


@pytest.mark.parametrize("trouble", ["403", "nobody"])
def test_a_broken_tenant_holds_its_client_alone_and_an_override_bills_the_last_good_count(
    tenant: Msp, trouble: str
) -> None:
    tenant.on("2027-02-01")
    if trouble == "403":
        tenant.break_down("Microsoft answered 403: consent is gone.")
    else:
        tenant.fire(*crowd(64))
    code = {"403": "R01", "nobody": "R02"}[trouble]
    tenant.sync("acme")
    assert not tenant.waits()
    runs.start(tenant.database, ADA, tenant.clock, tenant.today)
    runs.approve(tenant.database, ADA, tenant.clock)
    run = runs.issue(tenant.database, ADA, tenant.clock)
    assert (of(run).state, of(run).held, of(run, "globex").state) == ("held", (code,), "issued")
    runs.override(tenant.database, BOB, tenant.clock, "acme", code, "the count is right", tenant.today)
    runs.approve(tenant.database, ADA, tenant.clock)
    issued = of(runs.issue(tenant.database, ADA, tenant.clock))
    assert (issued.state, issued.total_minor, [o.code for o in issued.overrides]) == ("issued", 448_000, [code])


@pytest.mark.parametrize(("rebill", "amount", "expected"), [(False, "50.00", 100_000), (True, None, 200_000)])
def test_goodwill_is_not_billed_again_but_a_reversal_is(
    msp: Msp, amount: str | None, expected: int, *, rebill: bool
) -> None:
    msp.imports(client(flat("1000"), directories=(), rosters=()))
    msp.bill("2027-01-01")
    note = credits.credit(
        msp.database, ADA, msp.clock, credits.Wanted("NW-000001", amount=amount), rebill=rebill, reason="late answer"
    )
    assert note.draft.total_minor == (-100_000 if rebill else -5_000)
    assert of(msp.bill("2027-02-01")).total_minor == expected
