"""What so many more or fewer would cost."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.agreement import Discount, Reduction, next_bill_date
from billing.calendar import Period, always
from billing.counting import Commitment, Counting, Deferral
from billing.invoice import draft_invoice
from billing.quantities import Measure
from billing.snapshot import Snapshot, as_billed
from billing.taxes import TaxCategory, TaxRate
from rosters.quote import (
    Difference,
    NothingCountsThat,
    NotThatMany,
    Question,
    Quote,
    QuoteMakesNoSense,
    quote_for,
)
from tests.billing.build import (
    FULL,
    GRADUATED,
    agreement,
    day,
    days,
    flat,
    line,
    per_unit,
    seat,
    snapshot,
    steps,
    terms,
)

LICENCE = Measure("licence", "O365")
# Bought on the first day of a term that lasts until February 2028; what is added may be returned for a week.
TERM = Commitment(date(2027, 2, 1), date(2028, 2, 1))


def billed_through(facts: Snapshot, *bill_dates: str) -> Snapshot:
    """The facts after the invoices of these days."""
    for bill_date in bill_dates:
        draft = draft_invoice(facts, day(bill_date))
        assert draft is not None
        facts = replace(facts, billed=facts.billed + as_billed(draft), billed_through=day(bill_date))
    return facts


def users(quantity: str = "42") -> Snapshot:
    """So many users on graduated tiers, in a month that is billed already."""
    facts = snapshot(line(GRADUATED), steps(("2027-04-01", quantity)))
    return billed_through(replace(facts, terms=terms(agreement(line(GRADUATED), start="2027-04-01"))), "2027-04-01")


def licences() -> Snapshot:
    """Ten licences at 26.40 under the term."""
    one = replace(line(per_unit("26.40"), count=LICENCE), commitment=TERM)
    facts = Snapshot(terms(agreement(one, start="2027-02-01")), {LICENCE: steps(("2027-02-01", "10"))})
    return billed_through(facts, "2027-02-01", "2027-03-01")


def asked(facts: Snapshot, units: str, start: str, end: str | None = None, of: Measure = FULL) -> Quote:
    question = Question(of, Decimal(units), day(start), day(end) if end else None)
    first = next_bill_date(facts.terms, max(day("2027-04-02"), day("2027-03-20")))
    assert first is not None
    return quote_for(facts, question, first)


def test_a_move_to_another_roster_on_the_asked_day_is_credited_with_and_without_the_units() -> None:
    """A freed place stays paid for, so two fewer save nothing in April, and twice 75.00 in May."""
    stay = [seat(number, "2027-04-01") for number in range(9)]
    moved = [seat(9, "2027-04-01", "2027-04-11"), seat(9, "2027-04-11", roster="frontline")]
    of = replace(line(per_unit("75")), counting=Counting(removals="keep"))
    facts = snapshot(agreement(of, start="2027-04-01"), seats=[*stay, *moved], counted="2027-04-01")
    found = asked(billed_through(facts, "2027-04-01"), "-2", "2027-04-11")
    assert found.invoices == (Difference(day("2027-05-01"), -150_00, -150_00),)


def test_the_next_invoice_has_the_new_month_and_what_the_running_one_lacks() -> None:
    found = asked(users(), "3", "2027-04-11")
    assert found.invoices == (Difference(day("2027-05-01"), 200_00, 200_00),)
    assert found.monthly_minor == 120_00
    assert found.before == 42
    assert found.term is None


def test_an_end_gives_what_all_of_it_costs() -> None:
    found = asked(users(), "3", "2027-04-11", "2027-06-30")
    # 20 of 30 days of April, all of May, and 29 of 30 days of June.
    assert found.over_term_minor == 80_00 + 120_00 + 116_00
    assert found.term == days("2027-04-11", "2027-06-30")
    assert [each.bill_date for each in found.invoices] == [day("2027-05-01"), day("2027-06-01")]


def test_fewer_give_money_back() -> None:
    found = asked(users(), "-2", "2027-05-01")
    assert found.invoices == (Difference(day("2027-05-01"), -80_00, -80_00),)
    assert found.monthly_minor == -80_00


def test_seats_are_counted_as_numbers_are() -> None:
    facts = snapshot(line(per_unit("80")), seats=[seat(1, "2027-04-01"), seat(2, "2027-04-01")], counted="2027-04-01")
    found = asked(billed_through(facts, "2027-04-01"), "1", "2027-04-16")
    assert found.before == 2
    assert found.invoices[0].subtotal_minor == 40_00 + 80_00


def test_a_quote_is_what_the_change_then_costs() -> None:
    facts = users()
    grown = replace(facts, stated={FULL: (*facts.stated[FULL], *steps(("2027-04-11", "45")))})
    drafts = [draft_invoice(each, day("2027-05-01")) for each in (facts, grown)]
    before, after = (draft.subtotal_minor if draft else 0 for draft in drafts)
    assert asked(facts, "3", "2027-04-11").invoices[0].subtotal_minor == after - before


def test_taxes_stand_beside_what_they_fall_on() -> None:
    taxes = (("standard", TaxCategory(always((TaxRate("Sales tax", Decimal("8.25")),)))),)
    facts = users()
    facts = replace(facts, terms=replace(facts.terms, taxes=taxes))
    assert asked(facts, "3", "2027-04-11").invoices[0] == Difference(day("2027-05-01"), 200_00, 216_50)


def test_discounts_count_and_are_shown_as_items_of_their_own() -> None:
    facts = users()
    (owner,) = facts.terms.agreements
    tenth = Discount("Loyalty", always(Reduction(percent=Decimal(10))))
    facts = replace(facts, terms=replace(facts.terms, agreements=(replace(owner, discounts=(tenth,)),)))
    found = asked(facts, "3", "2027-05-01")
    assert found.monthly == ((("line", "Managed user"), 120_00), (("discount", "Loyalty"), -12_00))
    assert found.monthly_minor == 108_00


def test_a_minimum_amount_takes_up_what_is_added() -> None:
    facts = users("2")
    (owner,) = facts.terms.agreements
    facts = replace(facts, terms=replace(facts.terms, agreements=(replace(owner, minimum_minor=always(500_00)),)))
    assert asked(facts, "1", "2027-05-01").monthly_minor == 0


def test_added_licences_are_priced_until_the_term_ends() -> None:
    found = asked(licences(), "1", "2027-05-01", of=LICENCE)
    assert (found.term, found.committed) == (Period(day("2027-05-01"), TERM.end), True)
    assert found.over_term_minor == 9 * 26_40


def test_licences_that_are_wanted_for_a_while_are_paid_until_the_term_ends() -> None:
    found = asked(licences(), "2", "2027-05-01", "2027-08-01", of=LICENCE)
    assert found.over_term_minor == 2 * 9 * 26_40
    (held,) = found.put_off
    assert held.deferral == Deferral(day("2027-08-01"), Decimal(10), Decimal(12), TERM.end)


def test_committed_licences_that_are_given_back_save_nothing_before_the_term_ends() -> None:
    found = asked(licences(), "-2", "2027-05-01", of=LICENCE)
    assert (found.invoices, found.monthly_minor, found.over_term_minor) == ((), 0, 0)
    (held,) = found.put_off
    assert held.monthly_minor == 52_80


@pytest.mark.parametrize(
    ("units", "start", "end", "told"),
    [
        ("0", "2027-04-11", None, "0 more is no question"),
        ("1.5", "2027-04-11", None, "1.5 more is no question"),
        ("100001", "2027-04-11", None, "typing error"),
        ("1", "2027-04-11", "2027-04-11", "not after from 2027-04-11"),
        ("1", "2027-04-11", "2030-04-12", "more than 36 months"),
        ("1", "2031-04-11", None, "more than 36 months ahead"),
    ],
)
def test_nonsense_is_refused(units: str, start: str, end: str | None, told: str) -> None:
    with pytest.raises(QuoteMakesNoSense, match=told):
        asked(users(), units, start, end)


def test_more_than_there_are_can_not_leave() -> None:
    with pytest.raises(NotThatMany, match="only 42 of full on 2027-04-11, so 43 fewer is impossible"):
        asked(users(), "-43", "2027-04-11")


def test_what_no_line_bills_has_no_price() -> None:
    with pytest.raises(NothingCountsThat, match="No line bills O365 from 2027-04-11"):
        asked(users(), "1", "2027-04-11", of=LICENCE)


def test_the_most_that_can_be_asked_for_can_be_asked_for() -> None:
    assert asked(users(), "100000", "2027-04-11").question.units == 100_000
    assert asked(users(), "1", "2030-05-01").monthly_minor == 40_00
    assert Question(FULL, Decimal(1), day("2027-04-11"), day("2030-04-11")).end == day("2030-04-11")


def test_all_of_them_can_leave() -> None:
    assert asked(users(), "-42", "2027-05-01").monthly_minor == -(25 * 45_00 + 17 * 40_00)


def test_an_invoice_that_is_no_more_with_fewer_is_given_back_whole() -> None:
    assert asked(users(), "-42", "2027-05-01").invoices == (Difference(day("2027-05-01"), -1805_00, -1805_00),)


def test_the_first_of_something_bring_the_first_invoice() -> None:
    facts = Snapshot(terms(agreement(line(per_unit("26.40"), count=LICENCE), start="2027-04-01"), currency="EUR"))
    found = asked(facts, "2", "2027-05-01", of=LICENCE)
    assert (found.before, found.currency) == (Decimal(0), "EUR")
    assert found.invoices == (Difference(day("2027-05-01"), 52_80, 52_80),)


def _moving(*later: tuple[str, ...]) -> Snapshot:
    """Forty-two users from April on, and later numbers."""
    facts = users()
    return replace(facts, stated={FULL: (*facts.stated[FULL], *steps(*later))})


def test_numbers_that_change_later_change_with_and_without_the_units() -> None:
    found = asked(_moving(("2027-04-21", "50")), "1", "2027-04-11")
    # Twenty days at the 43rd's 40.00 while there are 42, ten of them at the 51st's 35.00, and a month of those.
    assert found.invoices == (Difference(day("2027-05-01"), 13_33 + 11_67 + 35_00, 13_33 + 11_67 + 35_00),)


def test_no_more_can_leave_than_there_are_at_the_fewest() -> None:
    with pytest.raises(NotThatMany, match="only 10 of full on 2027-06-01, so 20 fewer is impossible"):
        asked(_moving(("2027-05-15", "60"), ("2027-06-01", "10")), "-20", "2027-04-11")


def test_who_is_back_by_then_is_not_missing_when_the_number_falls() -> None:
    found = asked(_moving(("2027-06-01", "10")), "-20", "2027-05-01", "2027-06-01")
    assert found.before == 42
    assert found.over_term_minor == -(17 * 40_00 + 3 * 45_00)


def test_what_is_learnt_after_the_next_invoice_counts_on_neither_side() -> None:
    asked_for = ("3", "2027-04-11", "2027-06-30")
    later = _moving(("2027-04-05", "44", "2027-05-15"), ("2027-06-01", "60", "2027-05-15"))
    assert asked(later, *asked_for) == asked(users(), *asked_for)


def test_what_is_learnt_before_the_next_invoice_counts_from_its_day() -> None:
    """On the asked day itself the 50 aren't known yet, but the next invoice knows them."""
    assert asked(_moving(("2027-04-05", "50", "2027-04-20")), "1", "2027-04-11").monthly_minor == 35_00


@pytest.mark.parametrize(
    ("start", "end"), [("2027-04-11", None), ("2027-04-15", "2027-05-01"), ("2027-05-01", "2027-06-01")]
)
def test_a_line_that_is_over_or_not_yet_begun_bills_nothing(start: str, end: str | None) -> None:
    over = line(per_unit("20"), name="over", count=LICENCE, end="2027-04-11")
    later = line(per_unit("20"), name="later", count=Measure("licence", "SPB"), start="2027-06-01")
    facts = snapshot(agreement(over, later, start="2027-04-01"))
    with pytest.raises(NothingCountsThat, match=f"No line bills (O365|SPB) from {start} on"):
        asked(facts, "1", start, end, of=LICENCE if end is None else Measure("licence", "SPB"))


@pytest.mark.parametrize(
    ("until", "term_end"), [(None, "2028-02-01"), ("2028-02-01", "2028-02-01"), ("2028-02-02", "2029-02-01")]
)
def test_licences_are_bound_by_the_term_of_their_last_day(until: str | None, term_end: str) -> None:
    facts = licences()
    (owner,) = facts.terms.agreements
    renewed = replace(owner.lines[0], commitment=replace(TERM, renews_months=12))
    facts = replace(facts, terms=terms(replace(owner, lines=(renewed,))))
    assert asked(facts, "1", "2027-05-01", until, of=LICENCE).term == days("2027-05-01", term_end)


def test_a_decrease_that_was_put_off_already_is_not_the_question_s() -> None:
    facts = licences()
    facts = replace(facts, stated={LICENCE: (*facts.stated[LICENCE], *steps(("2027-04-05", "8")))})
    assert asked(facts, "5", "2027-05-15", of=LICENCE).put_off == ()


def test_an_invoice_of_which_only_the_tax_differs_is_named() -> None:
    """The minimum takes up what is added, but the amount moves from what is taxed to what isn't."""
    taxes = (("standard", TaxCategory(always((TaxRate("Sales tax", Decimal(10)),)))), ("none", TaxCategory(always(()))))
    lines = (line(flat("100"), name="desk"), line(per_unit("50"), tax="none"))
    of = replace(agreement(*lines, start="2027-04-01"), minimum_minor=always(300_00))
    facts = replace(snapshot(of, steps(("2027-04-01", "1"))), terms=replace(terms(of), taxes=taxes))
    found = asked(billed_through(facts, "2027-04-01"), "1", "2027-05-01")
    assert found.invoices == (Difference(day("2027-05-01"), 0, -5_00),)


def test_a_quote_says_what_was_asked_of_how_many_and_in_what_money() -> None:
    found = asked(users(), "3", "2027-04-11")
    question = Question(FULL, Decimal(3), day("2027-04-11"))
    assert (found.question, found.before, found.currency) == (question, Decimal(42), "USD")
