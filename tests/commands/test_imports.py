"""Importing a book: the plan writes nothing, the import is all or nothing, and what was billed stays as it was."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import OneOff
from billing.calendar import Dated
from billing.errors import Refused
from billing.prices import PriceModel
from commands import audit, clients, imports
from commands.catalogue import SellerIsMissing
from commands.import_client import CurrencyCannotChange, DirectoryHasPeople, RosterHasSeats
from commands.import_effects import AmountEffect
from commands.imports import plan_import
from connectors.books.values import BookBilled, BookClient
from connectors.errors import Cause, DirectoryNotRead
from documents.format import LocaleIsUnknown
from rosters.effects import BilledLineIsMissing, BilledPeriodsWouldChange
from tests.billing.build import agreement, day, flat, line, one_off, per_unit, prices, tax
from tests.support.books import EVERYBODY, book, client, counting, excluding, stating
from tests.support.msp import ADA, Msp, amounts, crowd, played_once


def items(msp: Msp) -> list[tuple[str, str, str]]:
    """The items of the change that waits."""
    return [(item.kind, item.name, str(item.effective)) for item in msp.pending().items]


@pytest.fixture
@played_once
def billed(counted: Msp) -> Msp:
    """January was billed: three users at 10 dollars."""
    counted.bill("2027-01-01")
    return counted


def flat_lines(*lines: tuple[str, str], renamed: tuple[tuple[str, str], ...] = ()) -> BookClient:
    """A client with flat lines from (name, amount), and nobody to count."""
    terms = agreement(*(line(flat(amount), name=name) for name, amount in lines))
    return client(terms, directories=(), rosters=(), renamed=renamed)


def slugs(msp: Msp) -> list[str]:
    return [entry.slug for entry in clients.all_clients(msp.database)]


def actions(msp: Msp) -> list[str]:
    return [entry.action for entry in audit.entries(msp.database, ADA)]


def facts(effects: tuple[AmountEffect, ...]) -> list[tuple[str, str, int, int, bool]]:
    return [(e.item, str(e.period.start), e.before_minor, e.after_minor, e.billed) for e in effects]


def test_a_plan_says_what_would_change_and_writes_nothing(msp: Msp) -> None:
    plan = imports.plan_import(msp.database, ADA, book(client(), client(slug="globex")), msp.clock)
    assert (plan.applied, slugs(msp), actions(msp)) == (False, [], [])
    assert plan.changes == (
        "seller: Northwind IT",
        "acme: new client, 1 line, 1 roster",
        "globex: new client, 1 line, 1 roster",
    )


def test_an_import_does_what_its_plan_said(msp: Msp) -> None:
    plan = imports.plan_import(msp.database, ADA, book(client(flat("100"))), msp.clock)
    done = msp.imports(client(flat("100")))
    assert (done.changes, done.effects, done.applied) == (plan.changes, plan.effects, True)


def test_the_effect_on_the_next_invoice_is_told(msp: Msp) -> None:
    msp.imports(client(flat("100")))
    plan = msp.imports(client(flat("150")))
    assert facts(plan.effects) == [("next invoice", "2027-01-01", 10_000, 15_000, False)]


def test_the_same_book_again_changes_nothing_and_is_not_in_the_audit_log(msp: Msp) -> None:
    msp.imports(client())
    before = actions(msp)
    plan = msp.imports(client())
    assert (plan.changes, plan.effects, actions(msp)) == ((), (), before)


def test_each_part_that_changed_is_named(msp: Msp) -> None:
    msp.imports(client(agreement(line(per_unit("10"))), quantities=stating(("2027-01-01", "3"))))
    terms = agreement(line(per_unit("12")), line(flat("5"), name="backup"))
    plan = msp.imports(client(terms, name="Acme Inc", quantities=stating(("2027-01-01", "4"))))
    assert plan.changes == (
        "acme: its own data changed",
        "acme: line managed-user changed",
        "acme: stated numbers of full changed",
        "acme: line backup is new",
    )


def test_one_refusal_leaves_every_client_as_it_was(billed: Msp) -> None:
    with pytest.raises(Refused):
        billed.imports(client(slug="globex"), client(per_unit("10"), currency="EUR"))
    assert slugs(billed) == ["acme"]


def test_a_locale_that_nothing_can_be_written_in_is_refused_before_anything_is_stored(msp: Msp) -> None:
    with pytest.raises(LocaleIsUnknown, match="acme: 'xx_YY' is not a locale"):
        msp.imports(replace(client(per_unit("10")), locale="xx_YY"))
    assert slugs(msp) == []


def test_a_currency_in_which_was_billed_cannot_change(billed: Msp) -> None:
    with pytest.raises(CurrencyCannotChange, match="acme was billed in USD; it can't become EUR"):
        billed.imports(client(per_unit("10"), currency="EUR"))


def test_a_currency_in_which_nothing_was_billed_may_change(counted: Msp) -> None:
    counted.imports(client(per_unit("10"), currency="EUR"))
    assert counted.preview()["currency"] == "EUR"


def test_a_billed_line_cannot_disappear(billed: Msp) -> None:
    with pytest.raises(BilledLineIsMissing, match="acme: managed-user was billed and can't be removed; end it with"):
        billed.imports(client(line(per_unit("10"), name="support")), correct="a new name")


def test_a_line_that_was_never_billed_may_disappear(counted: Msp) -> None:
    counted.imports(client(line(per_unit("10"), name="support")))
    assert [entry["line"] for entry in counted.preview()["lines"]] == ["support"]


def test_a_renamed_line_is_not_billed_again(billed: Msp) -> None:
    billed.imports(client(line(per_unit("10"), name="support"), renamed=(("managed-user", "support"),)))
    billed.bill("2027-02-01")
    assert amounts(billed.document("NW-000002")) == [("recurring", "2027-02-01", "30.00")]


def test_a_rename_that_stays_in_the_book_is_followed_once(msp: Msp) -> None:
    msp.imports(flat_lines(("a", "10")))
    msp.bill("2027-01-01")
    for _ in range(2):
        msp.imports(flat_lines(("b", "10"), renamed=(("a", "b"),)))
    assert amounts(msp.preview("2027-02-01")) == [("recurring", "2027-02-01", "10.00")]


def test_a_line_cannot_take_over_what_was_billed_under_another_that_stays(msp: Msp) -> None:
    msp.imports(flat_lines(("a", "10"), ("b", "20")))
    msp.bill("2027-01-01")
    with pytest.raises(BilledLineIsMissing):
        msp.imports(flat_lines(("b", "20"), renamed=(("a", "b"),)))


def test_a_rename_leaves_the_issued_invoice_as_it_was(billed: Msp) -> None:
    before = billed.document("NW-000001")
    billed.imports(client(line(per_unit("10"), name="support"), renamed=(("managed-user", "support"),)))
    assert billed.document("NW-000001") == before
    assert audit.verify(billed.database).problems == ()


def test_another_price_for_a_billed_period_is_refused_with_the_amounts(billed: Msp) -> None:
    with pytest.raises(
        BilledPeriodsWouldChange, match=r"managed-user, 2027-01-01 to 2027-02-01: 30\.00 -> 33\.00 USD.*--correct"
    ):
        billed.imports(client(per_unit("11")))
    assert amounts(billed.preview("2027-02-01")) == [("recurring", "2027-02-01", "30.00")]


def test_an_import_that_is_refused_is_not_in_the_audit_log(billed: Msp) -> None:
    before = actions(billed)
    with pytest.raises(BilledPeriodsWouldChange):
        billed.imports(client(per_unit("11")))
    assert actions(billed) == before


def test_a_correction_with_a_reason_adjusts_the_billed_period(billed: Msp) -> None:
    billed.imports(client(per_unit("11")), correct="the price was misread")
    assert amounts(billed.preview("2027-02-01")) == [
        ("recurring", "2027-02-01", "33.00"),
        ("adjustment", "2027-01-01", "3.00"),
    ]


def test_a_correction_is_in_the_audit_log_with_reason_and_amounts(billed: Msp) -> None:
    billed.imports(client(per_unit("11")), correct="the price was misread")
    entry = audit.entries(billed.database, ADA, "acme")[0]
    assert (entry.action, entry.actor) == ("book.import", ADA.id)
    assert '"reason":"the price was misread"' in entry.data
    assert "30.00 -> 33.00 USD" in entry.data


def test_a_correction_without_words_is_no_reason(billed: Msp) -> None:
    with pytest.raises(BilledPeriodsWouldChange):
        billed.imports(client(per_unit("11")), correct="  ")


def test_a_plan_of_a_correction_shows_what_is_billed(billed: Msp) -> None:
    plan = imports.plan_import(billed.database, ADA, book(client(per_unit("11"))), billed.clock)
    assert ("managed-user", "2027-01-01", 3_000, 3_300, True) in facts(plan.effects)


def test_a_price_rise_that_is_far_ahead_shows_what_a_month_will_cost(counted: Msp) -> None:
    later = prices(per_unit("10"), ("2027-07-01", per_unit("12"), None), ("2027-09-01", per_unit("13"), None))
    plan = imports.plan_import(counted.database, ADA, book(client(line(later))), counted.clock)
    assert facts(plan.effects) == [
        ("a month from", "2027-07-01", 3_000, 3_600, False),
        ("a month from", "2027-09-01", 3_000, 3_900, False),
    ]


def test_what_the_next_invoice_shows_of_a_price_rise_is_not_told_twice(counted: Msp) -> None:
    counted.bill("2027-01-01")
    later = prices(per_unit("10"), ("2027-02-01", per_unit("12"), None))
    plan = imports.plan_import(counted.on("2027-01-15").database, ADA, book(client(line(later))), counted.clock)
    assert facts(plan.effects) == [("next invoice", "2027-02-01", 3_000, 3_600, False)]


def fee(price: PriceModel | Dated[PriceModel], *one_offs: OneOff) -> BookClient:
    """A client without people, and a flat line."""
    return client(agreement(line(price, name="fee"), one_offs=one_offs), directories=(), rosters=())


def test_a_price_rise_is_told_although_a_one_off_moves_the_next_invoice_as_much(msp: Msp) -> None:
    msp.imports(fee(flat("100")))
    msp.bill("2027-01-01")
    later = fee(prices(flat("100"), ("2027-06-01", flat("150"), None)), one_off("2027-01-15", 5_000))
    plan = imports.plan_import(msp.on("2027-01-10").database, ADA, book(later), msp.clock)
    assert facts(plan.effects) == [
        ("next invoice", "2027-02-01", 10_000, 15_000, False),
        ("a month from", "2027-06-01", 10_000, 15_000, False),
    ]


def test_a_one_off_says_nothing_of_what_a_month_costs_from_a_later_day_on(msp: Msp) -> None:
    dated = prices(flat("100"), ("2027-06-01", flat("150"), None))
    msp.imports(fee(dated))
    with_one_off = book(fee(dated, one_off("2027-01-01", 5_000)))
    plan = imports.plan_import(msp.database, ADA, with_one_off, msp.clock)
    assert facts(plan.effects) == [("next invoice", "2027-01-01", 10_000, 15_000, False)]


def test_a_price_of_a_quarter_in_arrears_is_told_although_the_next_bill_date_bills_nothing_of_it(msp: Msp) -> None:
    def quarterly(amount: str) -> BookClient:
        made = agreement(line(flat(amount), name="fee"), months=3, timing="arrears")
        return client(made, directories=(), rosters=())

    msp.imports(quarterly("300"))
    plan = imports.plan_import(msp.on("2027-01-10").database, ADA, book(quarterly("600")), msp.clock)
    assert facts(plan.effects) == [("a month from", "2027-01-10", 10_000, 20_000, False)]


def taxed(category: str) -> BookClient:
    """The client of `billed` with a tax category of its own."""
    made = client(line(per_unit("10"), tax=category))
    taxes = (("standard", tax("20")), ("reduced", tax("5", name="Reduced")))
    return replace(made, terms=replace(made.terms, taxes=taxes))


def test_another_tax_category_for_a_billed_period_is_refused_and_names_both(counted: Msp) -> None:
    counted.imports(taxed("standard"))
    counted.bill("2027-01-01")
    both = r"managed-user, 2027-01-01 to 2027-02-01: 30\.00 \(tax: standard\) -> 30\.00 USD \(tax: reduced\)"
    with pytest.raises(BilledPeriodsWouldChange, match=both):
        counted.imports(taxed("reduced"))


def test_a_corrected_tax_category_gives_the_tax_back_and_charges_the_right_one(counted: Msp) -> None:
    counted.imports(taxed("standard"))
    counted.bill("2027-01-01")
    counted.imports(taxed("reduced"), correct="support is taxed at the reduced rate")
    preview = counted.preview("2027-02-01")
    assert amounts(preview) == [("recurring", "2027-02-01", "30.00"), ("adjustment", "2027-01-01", "0.00")]
    assert preview["lines"][1]["text"].endswith("Taxed as reduced instead of standard")
    assert {(one["category"], one["base"], one["amount"]) for one in preview["taxes"]} == {
        ("standard", "-30.00", "-6.00"),
        ("reduced", "60.00", "3.00"),
    }


def test_another_rate_shows_its_effect_on_the_next_invoice_with_tax(counted: Msp) -> None:
    counted.imports(taxed("standard"))
    plan = imports.plan_import(counted.database, ADA, book(taxed("reduced")), counted.clock)
    assert facts(plan.effects) == [("next invoice with tax", "2027-01-01", 3_600, 3_150, False)]


def test_a_price_for_the_future_is_no_correction(billed: Msp) -> None:
    dated = line(per_unit("10"), end="2027-02-01"), line(per_unit("11"), name="later", start="2027-02-01")
    billed.imports(client(agreement(*dated)))
    assert amounts(billed.preview("2027-02-01")) == [("recurring", "2027-02-01", "33.00")]


def test_a_past_one_off_is_not_billed_again_under_another_agreement_name(msp: Msp) -> None:
    fee = one_off("2027-01-01", 5_000, text="Onboarding")
    msp.imports(client(agreement(line(flat("100")), one_offs=(fee,)), directories=(), rosters=()))
    msp.bill("2027-01-01")
    msp.imports(client(agreement(line(flat("100")), name="New name", one_offs=(fee,)), directories=(), rosters=()))
    assert amounts(msp.preview("2027-02-01")) == [("recurring", "2027-02-01", "100.00")]


def test_what_was_billed_elsewhere_is_not_billed_again(msp: Msp) -> None:
    before = BookBilled("managed-user", day("2027-01-01"), day("2027-02-01"), 9_000)
    msp.imports(client(flat("100"), billed=(before,), directories=(), rosters=()))
    assert amounts(msp.preview("2027-02-01")) == [
        ("recurring", "2027-02-01", "100.00"),
        ("adjustment", "2027-01-01", "10.00"),
    ]


def test_without_any_seller_nothing_is_imported(msp: Msp) -> None:
    with pytest.raises(SellerIsMissing, match="add seller:"):
        msp.imports(book(client(), seller=None))


def test_a_later_book_may_leave_the_seller_out(msp: Msp) -> None:
    msp.imports(client())
    assert msp.imports(book(client(slug="globex"), seller=None)).changes == ("globex: new client, 1 line, 1 roster",)


def test_a_client_that_the_book_leaves_out_stays(msp: Msp) -> None:
    msp.imports(client(), client(slug="globex"))
    msp.imports(client())
    assert slugs(msp) == ["acme", "globex"]


def test_a_plan_names_the_clients_that_the_book_leaves_out(msp: Msp) -> None:
    msp.imports(client(), client(slug="birch"), client(slug="cedar"))
    assert msp.imports(client(per_unit("10"))).left_alone == ("birch", "cedar")


def test_a_directory_with_people_cannot_go(counted: Msp) -> None:
    with pytest.raises(DirectoryHasPeople, match="acme: the directory hr was read"):
        counted.imports(client(per_unit("10"), directories=()))


def test_a_directory_that_was_never_read_may_go(msp: Msp) -> None:
    msp.imports(client())
    msp.imports(client(directories=("m365",)))
    msp.hire("ann", name="m365")
    assert [outcome.directory for outcome in msp.sync()] == ["m365"]


def test_a_directory_that_could_never_be_read_may_go(msp: Msp) -> None:
    msp.imports(client())
    msp.break_down()
    msp.sync()
    msp.imports(client(directories=("m365",)))
    msp.hire("ann", name="m365")
    assert [outcome.directory for outcome in msp.sync()] == ["m365"]


def test_a_roster_with_seats_cannot_go(counted: Msp) -> None:
    with pytest.raises(RosterHasSeats, match="acme: people were counted on full"):
        counted.imports(client(line(flat("10")), rosters=()))


def test_a_roster_on_which_nobody_was_counted_may_go(msp: Msp) -> None:
    msp.imports(client(agreement(line(per_unit("10")), counting("desk", per_unit("5"))), rosters=(EVERYBODY,)))
    plan = msp.imports(client(flat("10"), rosters=()))
    assert "acme: roster full is gone" in plan.changes


def test_another_rule_asks_at_once_with_the_accounts_as_they_were_last_read(counted: Msp) -> None:
    counted.on("2027-01-05").directory().failure = DirectoryNotRead(Cause.SECRET, "nobody is to be asked")
    plan = counted.imports(client(per_unit("10"), rosters=(excluding("cy@*"),)))
    assert plan.changes == ("acme: roster full changed", "acme: change 2 waits for approval, as revision 1")
    assert items(counted) == [("leave", "Cy", "2027-01-05")]
    assert counted.preview("2027-02-01")["subtotal"] == "60.00"


def test_what_another_rule_proposed_is_not_proposed_again_by_the_next_reading(counted: Msp) -> None:
    counted.on("2027-01-05").imports(client(per_unit("10"), rosters=(excluding("cy@*"),)))
    counted.on("2027-01-06").sync()
    assert (items(counted), counted.pending().revision) == ([("leave", "Cy", "2027-01-05")], 1)


def test_a_plan_with_another_rule_proposes_nothing_yet(counted: Msp) -> None:
    plan = plan_import(counted.database, ADA, book(client(per_unit("10"), rosters=(excluding("cy@*"),))), counted.clock)
    assert ("acme: change 2 waits for approval, as revision 1" in plan.changes, counted.waits()) == (True, False)


def test_a_rule_that_is_taken_back_withdraws_what_it_proposed(counted: Msp) -> None:
    counted.imports(client(per_unit("10"), rosters=(excluding("cy@*"),)))
    plan = counted.imports(client(per_unit("10")))
    assert "acme: change 2 is withdrawn, since the difference is gone" in plan.changes
    assert not counted.waits()


def test_another_rule_that_would_move_too_many_is_held_back_until_it_is_let_through(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.count(*crowd(20))
    plan = msp.on("2027-01-03").imports(client(per_unit("10"), rosters=(excluding("p0*"),)))
    assert any("the safety catch holds the new rule back: " in change for change in plan.changes)
    assert (msp.waits(), msp.codes()) == (False, [("R02", "hold")])
    assert msp.on("2027-01-04").sync_one().outcome == "held"
    msp.sync_one(let_through="they are robots")
    assert {(kind, on) for kind, _, on in items(msp)} == {("leave", "2027-01-03")}
    assert ("R02", "hold") not in msp.codes()


def test_another_rule_does_not_mend_a_directory_that_fails(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.count(*crowd(20))
    msp.break_down()
    msp.sync()
    msp.imports(client(per_unit("10"), rosters=(excluding("p0*"),)))
    assert sorted(msp.codes()) == [("R01", "hold"), ("R02", "hold")]


def test_another_price_shows_a_waiting_change_with_its_new_money(counted: Msp) -> None:
    counted.on("2027-01-05").hire("dee")
    counted.sync()
    counted.imports(client(per_unit("12")))
    view = counted.pending()
    assert (view.revision, view.monthly_minor, items(counted)) == (2, 1200, [("join", "Dee", "2027-01-05")])


def test_another_address_leaves_a_waiting_change_as_it_is(counted: Msp) -> None:
    counted.on("2027-01-05").hire("dee")
    counted.sync()
    counted.imports(client(per_unit("10"), name="Acme International"))
    assert counted.pending().revision == 1


def test_what_a_rule_refused_before_is_asked_again_under_another(counted: Msp) -> None:
    counted.hire("dee")
    counted.sync()
    counted.reject()
    counted.imports(client(per_unit("10"), rosters=(excluding("cy@*"),)))
    assert sorted(item.name for item in counted.pending().items) == ["Cy", "Dee"]


def test_a_first_count_under_another_rule_is_the_new_one(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.hire("ann", "cy")
    msp.sync()
    msp.imports(client(per_unit("10"), rosters=(excluding("cy@*"),)))
    assert (msp.pending().revision, [item.name for item in msp.pending().items]) == (2, ["Ann"])


def test_a_stated_number_for_a_billed_period_is_refused(msp: Msp) -> None:
    terms = per_unit("10")
    msp.imports(client(terms, directories=(), quantities=stating(("2027-01-01", "5"))))
    msp.bill("2027-01-01")
    with pytest.raises(BilledPeriodsWouldChange, match=r"50\.00 -> 60\.00"):
        msp.imports(client(terms, directories=(), quantities=stating(("2027-01-01", "6"))))


def test_a_stated_number_after_what_was_billed_is_taken(msp: Msp) -> None:
    terms = per_unit("10")
    msp.imports(client(terms, directories=(), quantities=stating(("2027-01-01", "5"))))
    msp.bill("2027-01-01")
    msp.imports(client(terms, directories=(), quantities=stating(("2027-01-01", "5"), ("2027-02-01", "6"))))
    assert Decimal(msp.preview("2027-02-01")["subtotal"]) == Decimal(60)
