"""What a day's numbers cost a month, and what other terms would do to periods that are already billed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import Agreement, Discount, Line, Reduction
from billing.calendar import Dated, Entry, always
from billing.counting import Commitment, Counting
from billing.draft import Item
from billing.invoice import draft_invoice
from billing.prices import Usage
from billing.quantities import Measure, Reading
from billing.snapshot import Snapshot, as_billed
from rosters.effects import (
    Alteration,
    alterations,
    counted_on,
    missing_agreements,
    missing_lines,
    monthly_amount,
    monthly_amounts,
    uncovered,
)
from tests.billing.build import (
    FULL,
    agreement,
    day,
    days,
    flat,
    line,
    numbers,
    one_off,
    per_unit,
    prices,
    seat,
    snapshot,
    steps,
    terms,
)

TENTH = Reduction(percent=Decimal(10))
TWELVE = steps(("2027-01-01", "12"))
LICENCE = Measure("licence", "SPB")
JANUARY, FEBRUARY = days("2027-01-01", "2027-02-01"), days("2027-02-01", "2027-03-01")


@pytest.mark.parametrize(("months", "monthly"), [(1, 900), (3, 300), (12, 75)])
def test_a_month_is_the_cycle_s_share(months: int, monthly: int) -> None:
    facts = snapshot(agreement(line(flat("900")), months=months))
    assert monthly_amount(facts, day("2027-04-11")) == monthly


def test_a_month_takes_in_only_what_is_in_force() -> None:
    of = agreement(
        line(flat("1"), name="whole"),
        line(flat("20"), name="ended", end="2027-04-11"),
        line(flat("300"), name="begun", start="2027-04-11"),
        line(flat("4000"), name="later", start="2027-04-12"),
    )
    assert monthly_amount(snapshot(of), day("2027-04-11")) == 301


def _from_the_11th(value: Reduction) -> Dated[Reduction | None]:
    return Dated((Entry(None), Entry(value, since=day("2027-04-11"))))


def _under(**terms_of_line: object) -> Snapshot:
    """Twelve at 10.00 a month, with other terms of the line."""
    return snapshot(replace(line(per_unit("10")), **terms_of_line), TWELVE)  # type: ignore[arg-type]  # A table's columns.


def _agreed(**terms_of_agreement: object) -> Snapshot:
    """The same, with other terms of the agreement."""
    return snapshot(replace(agreement(line(per_unit("10"))), **terms_of_agreement), TWELVE)  # type: ignore[arg-type]


def _licences(of: Line) -> Snapshot:
    return Snapshot(terms(agreement(of)), {LICENCE: steps(("2027-01-01", "12"), ("2027-04-11", "6"))})


@pytest.mark.parametrize(
    ("facts", "on_the_10th", "on_the_11th"),
    [
        pytest.param(
            snapshot(line(per_unit("10")), steps(("2027-01-01", "12"), ("2027-04-11", "15"))), 120, 150, id="number"
        ),
        pytest.param(
            snapshot(line(per_unit("10")), steps(("2027-01-01", "12"), ("2027-04-01", "15", "2027-04-11"))),
            120,
            150,
            id="number learnt",
        ),
        pytest.param(_under(price=prices(per_unit("10"), ("2027-04-11", per_unit("20"), None))), 120, 240, id="price"),
        pytest.param(
            _under(price=prices(per_unit("10"), ("2027-04-01", per_unit("20"), "2027-04-11"))),
            120,
            240,
            id="price learnt",
        ),
        pytest.param(_under(included=numbers((None, "0"), ("2027-04-11", "2"))), 120, 100, id="included"),
        pytest.param(_under(minimum=numbers((None, "0"), ("2027-04-11", "15"))), 120, 150, id="minimum"),
        pytest.param(_under(discount=_from_the_11th(TENTH)), 120, 108, id="discount of the line"),
        pytest.param(_under(start=day("2027-04-11")), 0, 120, id="start of the line"),
        pytest.param(_under(end=day("2027-04-11")), 120, 0, id="end of the line"),
        pytest.param(_agreed(start=day("2027-04-11")), 0, 120, id="start"),
        pytest.param(_agreed(end=day("2027-04-11")), 120, 0, id="end"),
        pytest.param(_agreed(discounts=(Discount("Loyalty", _from_the_11th(TENTH)),)), 120, 108, id="discount"),
        pytest.param(_agreed(minimum_minor=Dated((Entry(0), Entry(200_00, day("2027-04-11"))))), 120, 200, id="amount"),
        pytest.param(
            _licences(replace(line(per_unit("10"), count=LICENCE), counting=Counting("peak"))), 120, 60, id="peak"
        ),
        pytest.param(
            _licences(
                replace(
                    line(per_unit("10"), count=LICENCE), commitment=Commitment(day("2027-01-01"), day("2028-01-01"))
                )
            ),
            120,
            120,
            id="commitment",
        ),
    ],
)
def test_a_month_is_priced_as_if_the_day_s_terms_and_numbers_lasted(
    facts: Snapshot, on_the_10th: int, on_the_11th: int
) -> None:
    assert monthly_amount(facts, day("2027-04-10")) == on_the_10th
    assert monthly_amount(facts, day("2027-04-11")) == on_the_11th


def test_what_is_metered_counts_nothing_in_a_month() -> None:
    meter = Measure("usage", "backup-gb")
    facts = snapshot(agreement(line(Usage(Decimal(2)), name="backup", count=meter), line(flat("100"), name="desk")))
    facts = replace(facts, readings={"backup-gb": (Reading(day("2027-04-01"), Decimal(7), "april"),)})
    assert monthly_amount(facts, day("2027-04-10")) == 100


def test_a_month_takes_every_agreement_in_that_is_in_force() -> None:
    gone = agreement(line(flat("7"), name="gone"), name="Gone", end="2027-03-01")
    desk, other = (agreement(line(flat(amount), name=amount), name=amount) for amount in ("100", "20"))
    assert monthly_amounts(snapshot(terms(gone, desk, other)), day("2027-04-10")) == {("line", "Managed user"): 120}


def _billed(of: Agreement, *bill_dates: str, number: str | None = "NW-1") -> Snapshot:
    """The client's facts after documents of these days: issued ones, or drafts where `number` is None."""
    facts = snapshot(of, TWELVE)
    for bill_date in bill_dates:
        draft = draft_invoice(facts, day(bill_date))
        assert draft is not None
        facts = replace(facts, billed=facts.billed + as_billed(draft, number))
    return facts


def _with(facts: Snapshot, *agreements: Agreement) -> Snapshot:
    """The same client under other terms."""
    return replace(facts, terms=terms(*agreements))


def _line_altered(period: str, before_minor: int, after_minor: int) -> Alteration:
    month = {"january": JANUARY, "february": FEBRUARY}[period]
    return Alteration(Item("", "line", "managed-user"), month, before_minor, after_minor)


ON = day("2027-02-10")
DEARER = agreement(line(prices(per_unit("10"), ("2027-02-15", per_unit("12"), None))))


def test_other_prices_alter_every_billed_period_that_they_reach() -> None:
    billed = _billed(agreement(line(per_unit("10"))), "2027-01-01", "2027-02-01")
    assert alterations(billed, _with(billed, DEARER), ON) == (_line_altered("february", 120_00, 132_00),)
    cheaper = agreement(line(per_unit("9")))
    assert alterations(billed, _with(billed, cheaper), ON) == (
        _line_altered("january", 120_00, 108_00),
        _line_altered("february", 120_00, 108_00),
    )


def test_the_same_terms_alter_nothing() -> None:
    billed = _billed(agreement(line(per_unit("10"))), "2027-01-01")
    assert alterations(billed, billed, ON) == ()


def test_what_is_not_billed_yet_is_not_altered() -> None:
    billed = _billed(agreement(line(per_unit("10"))), "2027-01-01")
    assert alterations(billed, _with(billed, DEARER), ON) == ()


def test_a_one_off_bills_nothing_else_of_the_cycle_that_it_falls_in() -> None:
    of = agreement(line(flat("10")), months=3, timing="arrears", one_offs=(one_off("2027-01-15", 5_00),))
    billed = _billed(of, "2027-02-01")
    assert [each.item.kind for each in billed.billed] == ["one_off"]
    assert alterations(billed, _with(billed, replace(of, minimum_minor=always(90_00))), ON) == ()


def test_a_draft_that_was_never_issued_is_not_altered() -> None:
    drafted = _billed(agreement(line(per_unit("10"))), "2027-01-01", number=None)
    assert alterations(drafted, _with(drafted, agreement(line(per_unit("9")))), ON) == ()


def test_what_is_learnt_later_alters_nothing_yet() -> None:
    billed = _billed(agreement(line(per_unit("10"))), "2027-01-01", "2027-02-01")
    later = agreement(line(prices(per_unit("10"), ("2027-02-15", per_unit("12"), "2027-02-11"))))
    assert alterations(billed, _with(billed, later), ON) == ()
    assert alterations(billed, _with(billed, later), day("2027-02-11")) != ()


def test_terms_that_were_learnt_too_late_were_never_billed() -> None:
    later = agreement(line(prices(per_unit("10"), ("2027-02-15", per_unit("12"), "2027-03-05"))))
    billed = _billed(later, "2027-01-01", "2027-02-01")
    plain = _with(billed, agreement(line(per_unit("10"))))
    assert alterations(billed, plain, day("2027-03-04")) == ()
    assert alterations(billed, plain, day("2027-03-05")) == (_line_altered("february", 132_00, 120_00),)


def test_other_numbers_alter_what_is_billed_from_the_day_on_which_they_are_known() -> None:
    billed = _billed(agreement(line(per_unit("10"))), "2027-01-01")
    more = replace(billed, stated={FULL: (*TWELVE, *steps(("2027-01-01", "13", "2027-02-10")))})
    assert alterations(billed, more, day("2027-02-09")) == ()
    assert alterations(billed, more, day("2027-02-10")) == (_line_altered("january", 120_00, 130_00),)


def test_a_line_that_moves_to_another_agreement_alters_nothing() -> None:
    billed = _billed(agreement(line(per_unit("10"))), "2027-01-01")
    moved = (agreement(line(flat("5"), name="desk")), agreement(line(per_unit("10")), name="Other"))
    assert alterations(billed, _with(billed, *moved), ON) == ()


def test_an_agreement_that_is_called_otherwise_alters_nothing() -> None:
    billed = _billed(agreement(line(per_unit("10"))), "2027-01-01")
    assert alterations(billed, _with(billed, agreement(line(per_unit("10")), name="Renamed")), ON) == ()


def test_a_new_line_of_a_billed_agreement_alters_nothing() -> None:
    billed = _billed(agreement(line(per_unit("10"))), "2027-01-01")
    both = agreement(line(per_unit("10")), line(flat("5"), name="desk"))
    assert alterations(billed, _with(billed, both), ON) == ()


def test_a_line_that_is_gone_owes_nothing_for_what_was_billed() -> None:
    billed = _billed(agreement(line(per_unit("10"))), "2027-01-01")
    gone = agreement(line(flat("5"), name="desk"))
    assert alterations(billed, _with(billed, gone), ON) == (_line_altered("january", 120_00, 0),)


def test_a_discount_and_a_minimum_that_change_alter_what_was_billed_under_them() -> None:
    tenth = Discount("Loyalty", always(TENTH))
    of = replace(agreement(line(per_unit("10"))), discounts=(tenth,), minimum_minor=always(150_00))
    billed = _billed(of, "2027-01-01")
    without = agreement(line(per_unit("10")))
    assert alterations(billed, _with(billed, without), ON) == (
        Alteration(Item("", "discount", "Loyalty"), JANUARY, -12_00, 0),
        Alteration(Item("", "minimum", "Managed services"), JANUARY, 42_00, 0),
    )


def test_a_discount_that_comes_later_alters_what_was_billed_without_it() -> None:
    billed = _billed(agreement(line(per_unit("10")), line(flat("30"), name="desk")), "2027-01-01")
    of = replace(billed.terms.agreements[0], discounts=(Discount("Loyalty", always(TENTH)),))
    assert alterations(billed, _with(billed, of), ON) == (
        Alteration(Item("", "discount", "Loyalty"), JANUARY, 0, -15_00),
    )


@pytest.mark.parametrize("order", [1, -1])
def test_what_comes_or_goes_without_costing_anything_alters_nothing(order: int) -> None:
    nothing = Discount("Nothing", always(Reduction(percent=Decimal(0))))
    plain = agreement(line(per_unit("10")))
    before, after = (plain, replace(plain, discounts=(nothing,)))[::order]
    billed = _billed(before, "2027-01-01")
    assert alterations(billed, _with(billed, after), ON) == ()


def test_an_agreement_of_which_nothing_is_billed_is_not_altered() -> None:
    one, other = agreement(line(per_unit("10")), name="A"), agreement(line(flat("5"), name="desk"), name="B")
    billed = _with(_billed(one, "2027-01-01"), one, replace(other, minimum_minor=always(100_00)))
    assert alterations(billed, _with(billed, one, replace(other, minimum_minor=always(200_00))), ON) == ()


def test_a_line_is_altered_only_in_the_periods_in_which_it_was_billed() -> None:
    lines = line(per_unit("10")), line(flat("5"), name="desk", end="2027-02-01")
    billed = _billed(agreement(*lines), "2027-01-01", "2027-02-01")
    longer = agreement(line(per_unit("10")), line(flat("5"), name="desk"))
    assert alterations(billed, _with(billed, longer), ON) == ()


def test_what_goes_over_to_another_tax_category_is_altered_even_where_the_amount_is_not() -> None:
    billed = _billed(agreement(line(per_unit("10"), tax="reduced")), "2027-01-01")
    taxed = _with(billed, agreement(line(per_unit("10"), tax="standard")))
    plain = _line_altered("january", 120_00, 120_00)
    assert alterations(billed, taxed, ON) == (replace(plain, before_tax=("reduced",), after_tax=("standard",)),)


def test_a_billed_one_off_that_changes_is_altered_and_a_new_one_is_not() -> None:
    goodwill, other = one_off("2027-01-01", -25_00), one_off("2027-01-01", 40_00, text="Cable")
    billed = _billed(agreement(line(per_unit("10")), one_offs=(goodwill,)), "2027-01-01")
    changed = agreement(line(per_unit("10")), one_offs=(replace(goodwill, amount_minor=-20_00), other))
    (altered,) = alterations(billed, _with(billed, changed), ON)
    assert altered.item == Item("", "one_off", "2027-01-01 Goodwill")
    assert (altered.before_minor, altered.after_minor) == (-25_00, -20_00)


def test_seats_alter_what_was_billed_for_them() -> None:
    facts = snapshot(line(per_unit("10")), seats=[seat(1, "2027-01-01")], counted="2027-01-01")
    draft = draft_invoice(facts, day("2027-01-01"))
    assert draft is not None
    billed = replace(facts, billed=as_billed(draft, "NW-1"))
    more = replace(billed, seats=(*billed.seats, seat(2, "2027-01-01")))
    assert alterations(billed, more, ON) == (_line_altered("january", 10_00, 20_00),)


def test_a_line_with_charges_that_the_new_terms_lack_is_missing() -> None:
    tenth = Discount("Loyalty", always(TENTH))
    of = replace(agreement(line(per_unit("10")), line(flat("5"), name="desk")), discounts=(tenth,))
    billed = _billed(of, "2027-01-01", "2027-02-01")
    assert missing_lines(billed, _with(billed, agreement(line(flat("5"), name="desk")))) == ("managed-user",)
    assert missing_lines(billed, billed) == ()


@pytest.mark.parametrize(
    ("terms_of_agreement", "missing"),
    [
        ({}, ()),
        ({"discounts": (Discount("Loyalty", always(TENTH)),)}, ("Managed services",)),
        ({"minimum_minor": always(150_00)}, ("Managed services",)),
    ],
)
def test_an_agreement_under_which_a_discount_or_a_minimum_was_billed_keeps_its_name(
    terms_of_agreement: dict[str, object], missing: tuple[str, ...]
) -> None:
    of = replace(agreement(line(per_unit("10"))), **terms_of_agreement)  # type: ignore[arg-type]  # A table's columns.
    billed = _billed(of, "2027-01-01", "2027-02-01")
    assert missing_agreements(billed, _with(billed, replace(of, name="Renamed"))) == missing
    assert missing_agreements(billed, billed) == ()


def test_a_reading_that_no_line_of_its_meter_covers_is_uncovered() -> None:
    backup, calls = (
        line(Usage(Decimal(1)), name=meter, count=Measure("usage", meter), start="2027-02-01", end="2027-04-01")
        for meter in ("backup", "calls")
    )
    whole = terms(
        agreement(line(flat("5"), name="desk"), backup, start="2027-02-15"),
        agreement(calls, name="Telephony", start="2027-01-01", end="2027-03-15"),
    )
    days_read = ("2027-01-31", "2027-02-01", "2027-02-15", "2027-03-14", "2027-03-15", "2027-03-31", "2027-04-01")
    readings = tuple(Reading(day(on), Decimal(1), on) for on in days_read)
    found = uncovered(whole, {"backup": readings, "calls": readings, "fax": readings[:1]})
    assert [(meter, str(reading.on)) for meter, reading in found] == [
        ("backup", "2027-01-31"),
        ("backup", "2027-02-01"),
        ("backup", "2027-04-01"),
        ("calls", "2027-01-31"),
        ("calls", "2027-03-15"),
        ("calls", "2027-03-31"),
        ("calls", "2027-04-01"),
        ("fax", "2027-01-31"),
    ]


@pytest.mark.parametrize(
    ("on", "counted"),
    [("2027-03-31", ["full", "O365", "SPB"]), ("2027-04-01", ["full", "SPB"]), ("2027-05-01", ["full"])],
)
def test_what_is_counted_on_a_day_is_what_lines_count_that_do_not_end_until_then(on: str, counted: list[str]) -> None:
    mail, suite = Measure("licence", "O365"), Measure("licence", "SPB")
    whole = terms(
        agreement(
            line(per_unit("80")),
            line(per_unit("5"), name="backup"),
            line(flat("99"), name="site", count=None),
            line(per_unit("9"), name="mail", count=mail, end="2027-04-01"),
        ),
        agreement(line(per_unit("20"), name="suite", count=suite), name="Licences", end="2027-05-01"),
    )
    assert [measure.name for measure in counted_on(whole, day(on))] == counted
