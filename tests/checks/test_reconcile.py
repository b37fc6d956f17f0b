"""The checks before a run: codes, effects and money."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.calendar import Period
from billing.counting import Deferral
from billing.draft import Draft, PutOff
from billing.invoice import draft_invoice
from billing.quantities import Measure, Quantities, Reading, Step, Timeline
from billing.snapshot import Snapshot
from checks.bounds import Breach, CatchUp, Unbilled
from checks.mismatches import (
    Broken,
    Drift,
    Duplicate,
    Mismatch,
    MismatchEffect,
    NoAgreement,
    Pending,
    SourceState,
    Uncovered,
    UnknownLicence,
    Unpriced,
)
from checks.reconcile import ClientFacts, broken_invariants, holds, mismatches
from rosters.catch import Trip
from rosters.changes import ChangeItem, Effect
from tests.billing.build import FULL, day, flat, line, per_unit, seat, snapshot, tax

TODAY = day("2027-05-01")
JOIN = ChangeItem("join", day("2027-04-11"), "full", 1)
LICENCE = Measure("licence", "SPB")
LEAVE = ChangeItem("leave", day("2027-04-10"), "full", 2)


def _draft() -> Draft:
    """An invoice of 1,000.00."""
    draft = draft_invoice(snapshot(line(flat("1000"), start="2027-05-01")), TODAY)
    assert draft is not None
    return draft


def _facts(
    *sources: SourceState,
    pending: tuple[ChangeItem, ...] = (),
    money: int | None = None,
    drifts: tuple[Drift, ...] = (),
    broken: tuple[str, ...] = (),
    has_agreement: bool = True,
) -> ClientFacts:
    return ClientFacts(
        client="acme",
        currency="USD",
        today=TODAY,
        bill_date=TODAY,
        sources=sources,
        has_agreement=has_agreement,
        pending=pending,
        pending_effect=None if money is None else Effect(money, money, TODAY),
        drifts=drifts,
        draft=_draft(),
        broken=broken,
    )


def _found(facts: ClientFacts) -> list[tuple[str, str, int | None]]:
    return [(mismatch.code, mismatch.effect, mismatch.amount_minor) for mismatch in mismatches(facts)]


def _read(days_ago: int) -> SourceState:
    return SourceState("m365", day("2027-05-01").fromordinal(TODAY.toordinal() - days_ago))


def test_where_everything_agrees_nothing_is_found() -> None:
    assert _found(_facts(_read(0))) == []


@pytest.mark.parametrize(("days_ago", "effect"), [(3, None), (4, "warn"), (31, "warn"), (32, "hold")])
def test_an_old_reading_warns_and_one_older_than_a_month_holds(days_ago: int, effect: MismatchEffect | None) -> None:
    assert _found(_facts(_read(days_ago))) == ([("R01", effect, None)] if effect else [])


def test_a_source_that_fails_holds_however_fresh_its_last_reading_is() -> None:
    failing = replace(_read(0), failing_since=TODAY, failure="403")
    assert _found(_facts(failing)) == [("R01", "hold", None)]


def test_a_source_that_was_never_read_holds() -> None:
    assert _found(_facts(SourceState("m365", None))) == [("R01", "hold", None)]


def test_one_failing_source_of_two_holds_and_is_the_cause() -> None:
    failing = SourceState("second", TODAY, failing_since=TODAY)
    found = mismatches(_facts(_read(0), failing))
    assert [mismatch.cause for mismatch in found] == [failing]


def test_a_closed_safety_catch_holds() -> None:
    assert _found(_facts(replace(_read(0), trips=(Trip("full", 64, 0, 64),)))) == [("R02", "hold", None)]


def test_a_client_without_an_agreement_is_held() -> None:
    assert _found(_facts(has_agreement=False)) == [("R03", "hold", None)]


OLD, VERY_OLD, FAILING = _read(4), _read(32), replace(_read(0), failing_since=TODAY)
TRIPPED = replace(_read(0), trips=(Trip("full", 64, 0, 64),))
GROWN, REJECTED = Drift("full", 12, 10, 2, 0, 10_00), Drift("full", 12, 10, 0, 0, 0, 2, 10_00)
DEFERRED = PutOff("licences", LICENCE, Deferral(day("2027-03-20"), Decimal(10), Decimal(12), day("2028-02-01")), 52_80)
MOVED = ChangeItem("quantity", day("2027-04-12"), measure=LICENCE, before=Decimal(3), after=Decimal(4))
UNBILLED = Unbilled((("support", Period(day("2027-04-01"), TODAY), 20_00),))
CAUGHT_UP = CatchUp("support", 7, day("2026-10-01"))
READ = Reading(day("2027-04-30"), Decimal(7), "april")
UNSEEN, STATED = UnknownLicence("SPB", None), UnknownLicence("SPB", Decimal(10))
TWINS = Duplicate((1, 2), "mail", ("Ann", "hr/ann"), ("Ann7", "shop/ann7"), 10_00)


@pytest.mark.parametrize(
    ("facts", "mismatch"),
    [
        (_facts(OLD), Mismatch("acme", "R01", "warn", None, OLD)),
        (_facts(VERY_OLD), Mismatch("acme", "R01", "hold", None, VERY_OLD)),
        (_facts(FAILING), Mismatch("acme", "R01", "hold", None, FAILING)),
        (_facts(TRIPPED), Mismatch("acme", "R02", "hold", None, TRIPPED)),
        (_facts(has_agreement=False), Mismatch("acme", "R03", "hold", None, NoAgreement(TODAY))),
        (
            _facts(pending=(MOVED, LEAVE, JOIN), money=10_00),
            Mismatch("acme", "R05", "warn", 10_00, Pending(1, 1, 1, Effect(10_00, 10_00, TODAY), LEAVE.effective)),
        ),
        (_facts(drifts=(GROWN,)), Mismatch("acme", "R06", "warn", 10_00, GROWN)),
        (_facts(drifts=(REJECTED,)), Mismatch("acme", "R06", "warn", 10_00, REJECTED, accepted=True)),
        (
            replace(_facts(), draft=replace(_draft(), put_off=(DEFERRED,))),
            Mismatch("acme", "R10", "info", 52_80, DEFERRED),
        ),
        (
            replace(_facts(), uncovered=(("backup-gb", READ),)),
            Mismatch("acme", "R11", "warn", None, Uncovered("backup-gb", (READ,))),
        ),
        (
            replace(_facts(), unpriced=(Unpriced("frontline", 12),)),
            Mismatch("acme", "R11", "warn", None, Unpriced("frontline", 12)),
        ),
        (replace(_facts(), unknown_licences=(UNSEEN,)), Mismatch("acme", "R03", "hold", None, UNSEEN)),
        (replace(_facts(), unknown_licences=(STATED,)), Mismatch("acme", "R03", "warn", None, STATED)),
        (replace(_facts(), duplicates=(TWINS,)), Mismatch("acme", "R12", "warn", 10_00, TWINS)),
        (
            replace(_facts(), breaches=(Breach("R16", UNBILLED, 20_00),)),
            Mismatch("acme", "R16", "info", 20_00, UNBILLED),
        ),
        (
            replace(_facts(), breaches=(Breach("R19", CAUGHT_UP, 70_00),)),
            Mismatch("acme", "R19", "hold", 70_00, CAUGHT_UP),
        ),
        (_facts(broken=("a sum is wrong",)), Mismatch("acme", "R15", "hold", None, Broken("a sum is wrong"))),
    ],
    ids=lambda value: value.code if isinstance(value, Mismatch) else "",
)
def test_every_mismatch_names_its_client_its_money_and_its_cause(facts: ClientFacts, mismatch: Mismatch) -> None:
    assert mismatches(facts) == (mismatch,)


def test_each_directory_is_judged_by_itself() -> None:
    assert [found.cause for found in mismatches(_facts(FAILING, OLD, _read(0), VERY_OLD))] == [FAILING, VERY_OLD, OLD]


def test_a_pending_change_whose_money_is_not_known_warns_without_any() -> None:
    assert _found(_facts(pending=(JOIN,))) == [("R05", "warn", 0)]


def test_what_was_rejected_and_costs_nothing_counts_as_people_without_a_seat() -> None:
    assert _found(_facts(drifts=(replace(REJECTED, rejected_monthly_minor=0),))) == [("R06", "warn", 0)]


def test_warnings_come_before_what_is_only_told() -> None:
    facts = replace(_facts(), draft=replace(_draft(), put_off=(DEFERRED,)), uncovered=(("backup-gb", READ),))
    assert [code for code, _, _ in _found(facts)] == ["R11", "R10"]


@pytest.mark.parametrize(
    ("money", "effect"), [(0, "warn"), (50_00, "warn"), (50_01, "hold"), (-50_00, "warn"), (-50_01, "hold")]
)
def test_a_pending_change_warns_and_holds_above_a_twentieth_of_the_invoice(money: int, effect: MismatchEffect) -> None:
    assert _found(_facts(pending=(JOIN,), money=money)) == [("R05", effect, money)]


def test_a_pending_change_says_how_many_come_and_go_and_since_when() -> None:
    found = mismatches(_facts(pending=(LEAVE, JOIN), money=10_00))
    cause = found[0].cause
    assert isinstance(cause, Pending)
    assert (cause.joins, cause.leaves, cause.quantities, cause.since) == (1, 1, 0, day("2027-04-10"))


def test_any_money_holds_when_there_is_no_invoice_to_compare_it_with() -> None:
    assert _found(replace(_facts(pending=(JOIN,), money=1), draft=None)) == [("R05", "hold", 1)]


@pytest.mark.parametrize(
    ("opens", "closes", "monthly", "expected"),
    [
        (2, 0, 50_00, ("R06", "warn", 50_00)),
        (2, 0, 50_01, ("R06", "hold", 50_01)),
        (0, 2, -50_00, ("R07", "warn", 50_00)),
        (0, 2, -160_00, ("R07", "hold", 160_00)),
        (1, 1, 0, ("R06", "warn", 0)),
    ],
)
def test_people_and_seats_that_differ_are_money_left_or_taken(
    opens: int, closes: int, monthly: int, expected: tuple[str, str, int]
) -> None:
    assert _found(_facts(drifts=(Drift("full", 10 + opens, 10 + closes, opens, closes, monthly),))) == [expected]


@pytest.mark.parametrize(("monthly", "code"), [(160_00, "R06"), (-160_00, "R07")])
def test_what_was_rejected_stays_listed_as_accepted_and_never_holds(monthly: int, code: str) -> None:
    drift = Drift("full", 12, 10, 0, 0, 0, rejected=2, rejected_monthly_minor=monthly)
    found = mismatches(_facts(drifts=(drift,)))
    assert [(m.code, m.effect, m.amount_minor, m.accepted) for m in found] == [(code, "warn", 160_00, True)]


def test_a_broken_invariant_holds_with_its_words() -> None:
    found = mismatches(_facts(broken=("the lines don't add up to the subtotal",)))
    assert (found[0].code, found[0].effect) == ("R15", "hold")
    assert found[0].cause == Broken("the lines don't add up to the subtotal")


def test_a_decrease_that_a_commitment_puts_off_is_told_with_its_money() -> None:
    deferral = Deferral(day("2027-03-20"), Decimal(10), Decimal(12), day("2028-02-01"))
    held = PutOff("licences", Measure("licence", "SPB"), deferral, 52_80)
    assert _found(replace(_facts(), draft=replace(_draft(), put_off=(held,)))) == [("R10", "info", 52_80)]


@pytest.mark.parametrize(("days_ago", "told"), [(0, False), (1, True), (92, True), (93, False)])
def test_a_reading_that_nobody_pays_for_is_told_of_from_the_next_bill_date_on_for_three_months(
    days_ago: int,
    told: bool,  # noqa: FBT001 - a table's column
) -> None:
    reading = replace(READ, on=TODAY - timedelta(days=days_ago))
    found = mismatches(replace(_facts(), uncovered=(("backup-gb", reading),)))
    assert [mismatch.code for mismatch in found] == (["R11"] if told else [])


def test_readings_that_nobody_pays_for_are_told_of_meter_by_meter() -> None:
    again, other = replace(READ, key="again"), replace(READ, key="other")
    uncovered = (("backup-gb", READ), ("calls", other), ("backup-gb", again))
    causes = [found.cause for found in mismatches(replace(_facts(), uncovered=uncovered))]
    assert causes == [Uncovered("backup-gb", (READ, again)), Uncovered("calls", (other,))]


def test_holds_come_before_warnings_and_by_code() -> None:
    facts = _facts(
        _read(4),
        replace(_read(0), failing_since=TODAY),
        pending=(JOIN,),
        money=10_00,
        broken=("x",),
        has_agreement=False,
    )
    assert [code for code, _, _ in _found(facts)] == ["R01", "R03", "R15", "R01", "R05"]


def test_a_client_is_held_by_each_code_once_and_never_by_a_warning() -> None:
    failing = replace(_read(0), failing_since=TODAY)
    found = mismatches(_facts(failing, failing, pending=(JOIN,), money=10_00))
    assert holds(found, {}, TODAY) == ("R01",)


@pytest.mark.parametrize(("until", "held"), [("2027-04-30", ("R01",)), ("2027-05-01", ()), ("2027-06-01", ())])
def test_an_override_counts_until_its_day_has_passed(until: str, held: tuple[str, ...]) -> None:
    found = mismatches(_facts(SourceState("m365", None)))
    assert holds(found, {"R01": day(until)}, TODAY) == held


def test_an_override_of_one_code_lifts_no_other() -> None:
    found = mismatches(_facts(SourceState("m365", None), has_agreement=False))
    assert holds(found, {"R01": TODAY}, TODAY) == ("R03",)


def test_a_sound_document_breaks_nothing() -> None:
    facts = snapshot(
        line(per_unit("70")), seats=[seat(1, "2027-01-01"), seat(2, "2027-02-01", "2027-04-01")], counted="2027-01-01"
    )
    draft = draft_invoice(facts, TODAY)
    assert draft is not None
    assert broken_invariants(facts, draft, TODAY) == ()
    assert broken_invariants(facts, None, TODAY) == ()


def test_lines_that_do_not_add_up_are_noticed() -> None:
    draft = replace(_draft(), subtotal_minor=999_99, total_minor=999_99)
    assert broken_invariants(snapshot(line(flat("1"))), draft, TODAY) == ("the lines don't add up to the subtotal",)


def test_a_total_that_is_not_subtotal_and_taxes_is_noticed() -> None:
    draft = replace(_draft(), total_minor=1)
    assert broken_invariants(snapshot(line(flat("1"))), draft, TODAY) == (
        "subtotal and taxes don't add up to the total",
    )


def test_a_total_with_its_taxes_breaks_nothing_and_one_that_takes_them_off_does() -> None:
    facts = snapshot(line(flat("100")), taxes={"standard": tax("8.25")})
    draft = draft_invoice(facts, day("2027-01-01"))
    assert draft is not None
    assert broken_invariants(facts, draft, TODAY) == ()
    taken_off = replace(draft, total_minor=100_00 - 8_25)
    assert broken_invariants(facts, taken_off, TODAY) == ("subtotal and taxes don't add up to the total",)


class _Miscounting(Snapshot):
    """A client's facts under a bug: the roster's numbers are not its open seats."""

    def quantities(self, known_on: date) -> Quantities:
        return {FULL: Timeline((Step(known_on, Decimal(3)),))}


def test_a_quantity_that_is_not_the_open_seats_is_noticed_and_told_with_both_numbers() -> None:
    facts = snapshot(line(per_unit("70")), seats=[seat(1, "2027-01-01"), seat(2, "2027-01-01")], counted="2027-01-01")
    miscounting = _Miscounting(facts.terms, facts.stated, facts.seats, facts.counted)
    told = "full has 2 open seats on 2027-05-01, but its quantity is 3"
    assert broken_invariants(miscounting, None, TODAY) == (told,)


def test_a_period_that_is_charged_twice_is_noticed() -> None:
    draft = _draft()
    twice = replace(draft, charges=draft.charges * 2, subtotal_minor=2000_00, total_minor=2000_00)
    assert broken_invariants(snapshot(line(flat("1"))), twice, TODAY) == (
        "an item has more than one recurring charge for a period",
    )


def test_a_seat_that_begins_on_the_day_itself_breaks_nothing() -> None:
    facts = snapshot(line(per_unit("70")), seats=[seat(1, "2027-05-01"), seat(2, "2027-01-01", "2027-05-01")])
    assert broken_invariants(replace(facts, counted={"full": day("2027-01-01")}), None, TODAY) == ()
