"""The checks before a run: codes, effects and money."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.changes import ChangeItem, Effect
from billing.commitments import Deferral
from billing.draft import Draft, PutOff
from billing.invoice import draft_invoice
from billing.quantities import Measure
from billing.reconcile import (
    Broken,
    ClientFacts,
    Drift,
    MismatchEffect,
    Pending,
    SourceState,
    broken_invariants,
    holds,
    mismatches,
)
from billing.safety import Trip
from tests.billing.build import day, flat, line, per_unit, seat, snapshot

TODAY = day("2027-05-01")
JOIN = ChangeItem("join", day("2027-04-11"), "full", 1)
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


def test_a_period_that_is_charged_twice_is_noticed() -> None:
    draft = _draft()
    twice = replace(draft, charges=draft.charges * 2, subtotal_minor=2000_00, total_minor=2000_00)
    assert broken_invariants(snapshot(line(flat("1"))), twice, TODAY) == (
        "an item has more than one recurring charge for a period",
    )


def test_a_seat_that_begins_on_the_day_itself_breaks_nothing() -> None:
    facts = snapshot(line(per_unit("70")), seats=[seat(1, "2027-05-01"), seat(2, "2027-01-01", "2027-05-01")])
    assert broken_invariants(replace(facts, counted={"full": day("2027-01-01")}), None, TODAY) == ()
