"""Letting a held reading through: the exact list, once, by a named person, for a day."""

import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from billing.quantities import Measure
from commands import alerts, audit, changes, imports, roles, users
from commands.actors import Actor
from commands.alerts import AlertView
from commands.letting_through import ListWasReplaced, NothingIsHeld, let_through, to_be_let_through
from commands.permissions import NotAllowed
from commands.sync import WhoseListIsUnclear
from connectors.books.values import BookQuantity
from rosters.rules import Account
from storage import identities
from storage.tables import NoticeRow
from tests.billing.build import agreement, day, line, per_unit
from tests.support.books import book, client, excluding
from tests.support.msp import ADA, NOON, Msp, crowd, played_once, somebody

JANE = Actor("U0JANE", "slack")


@pytest.fixture
@played_once
def held(msp: Msp) -> Msp:
    """Acme's directory shows 5 of its 12 people no more, and two new ones; the safety catch is on."""
    msp.imports(client())
    msp.count(*crowd(12), since="2027-01-01")
    roles.grant(msp.database, ADA, JANE.id, "approver")
    msp.on("2027-01-11").fire(*crowd(5))
    msp.hire("zoe", "yan")
    msp.sync()
    return msp


def shown(msp: Msp) -> AlertView:
    return alerts.alert(msp.database, 1)


def passes(msp: Msp, seal: str | None = None, reason: str = "They were laid off.") -> None:
    let_through(msp.database, JANE, msp.clock, 1, seal or shown(msp).seal, reason)


def test_the_card_has_the_exact_list_with_names(held: Msp) -> None:
    found = [(move.kind, move.roster, move.what, move.name) for move in shown(held).moves]
    assert found[0] == ("leave", "full", "hr/p001", "P001")
    assert sorted(found[-2:]) == [("join", "full", "hr/yan", "Yan"), ("join", "full", "hr/zoe", "Zoe")]
    assert len(found) == 7


def test_the_command_line_is_told_the_list_too(held: Msp) -> None:
    assert len(held.sync_one().moves) == 7


def test_with_a_pass_the_next_reading_goes_through_on_its_first_day(held: Msp) -> None:
    passes(held.on("2027-01-12"))
    assert held.sync_one().outcome == "accepted"
    days = {str(item.effective) for item in held.pending().items}
    assert (len(held.pending().items), days) == (7, {"2027-01-11"})


def given(msp: Msp) -> list[str]:
    """The reasons of all passes, the newest first."""
    entries = audit.entries(msp.database, ADA, "acme")
    return [json.loads(entry.data)["reason"] for entry in entries if entry.action == "sync.pass"]


def test_the_same_pass_given_again_is_one_pass_until_it_expires(held: Msp) -> None:
    passes(held)
    passes(held)
    assert given(held) == ["They were laid off."]
    passes(held, reason="They left.")
    passes(held.on("2027-01-13"), reason="They left.")
    assert given(held) == ["They left.", "They left.", "They were laid off."]


def test_a_pass_is_used_up(held: Msp) -> None:
    passes(held)
    held.sync()
    held.reject()
    held.fire("p006", "p007", "p008", "p009")
    assert held.sync_one().outcome == "held"


def test_a_reading_that_would_move_somebody_else_is_held_and_shown_anew(held: Msp) -> None:
    before = shown(held).seal
    passes(held)
    held.fire("p006")
    assert held.sync_one().outcome == "held"
    assert shown(held).seal != before
    held.hire("p006")
    assert held.sync_one().outcome == "held"


def test_a_pass_expires_after_a_day(held: Msp) -> None:
    passes(held)
    held.moment = datetime.combine(held.today, NOON.timetz()) + timedelta(hours=24)
    assert held.sync_one().outcome == "held"


def test_a_pass_outlasts_a_reading_that_fails(held: Msp) -> None:
    passes(held)
    held.break_down()
    held.sync()
    held.mend()
    assert held.sync_one().outcome == "accepted"


def test_the_audit_log_names_who_gave_it_and_who_used_it(held: Msp) -> None:
    passes(held)
    held.sync()
    entries = audit.entries(held.database, ADA, "acme")
    found = {entry.action: entry for entry in entries if entry.action in {"sync.pass", "sync.let_through"}}
    assert {entry.actor for entry in found.values()} == {"U0JANE"}
    assert json.loads(found["sync.let_through"].data)["reason"] == "They were laid off."
    assert json.loads(found["sync.pass"].data)["until"] == "2027-01-12T17:00:00+00:00"


def test_the_reason_on_the_command_line_still_goes_through_at_once(held: Msp) -> None:
    assert held.sync_one(let_through="They were laid off.").outcome == "accepted"
    assert shown(held).moves == ()


def another_client(msp: Msp, *, is_held: bool) -> None:
    """Globex, whose directory shows a few more people than have seats: so few that they pass, or too many."""
    msp.imports(client(slug="globex"))
    msp.hire(*crowd(12), client="globex")
    msp.sync("globex")
    changes.approve(msp.database, ADA, msp.clock, pending_of(msp, "globex"), effective=day("2027-01-01"))
    msp.hire(*crowd(12 if is_held else 2, "q"), client="globex")


def pending_of(msp: Msp, slug: str) -> int:
    (change,) = changes.pending(msp.database, ADA, slug)
    return change.id


def test_a_reason_without_a_client_is_about_the_only_one_that_is_held(held: Msp) -> None:
    another_client(held, is_held=False)
    outcomes = held.sync(let_through="They were laid off.")
    assert [outcome.outcome for outcome in outcomes] == ["accepted", "accepted"]
    log = [entry.chain for entry in audit.entries(held.database, ADA) if entry.action == "sync.let_through"]
    assert log == ["acme"]


def test_a_reason_without_a_client_lets_no_list_through_that_nobody_has_seen(held: Msp) -> None:
    another_client(held, is_held=True)
    outcomes = held.sync(let_through="They were laid off.")
    assert [(outcome.client, outcome.outcome) for outcome in outcomes] == [("acme", "accepted"), ("globex", "held")]


def test_a_reason_without_a_client_is_refused_where_several_are_held_or_none_is(held: Msp) -> None:
    another_client(held, is_held=True)
    held.sync()
    with pytest.raises(WhoseListIsUnclear, match=r"Those of acme, globex are held\. Name it: rollcall sync CLIENT"):
        held.sync(let_through="They were laid off.")
    held.sync("Acme Corp", "globex", let_through="They were laid off.")
    with pytest.raises(WhoseListIsUnclear, match="No client's is held"):
        held.sync(let_through="They were laid off.")


def test_somebody_on_the_list_who_comes_back_by_another_name_stays_who_they_were(held: Msp) -> None:
    held.hire(*crowd(5)[1:], somebody("p001", name="Renamed"))
    assert held.sync_one().outcome == "accepted"
    (roster,) = users.rosters(held.database, ADA, held.clock, "acme").rosters
    assert "Renamed" in [seat.name for seat in roster.seats]


def test_names_of_newcomers_are_dropped_once_nothing_is_held(held: Msp) -> None:
    held.hire(*crowd(5))
    held.fire("zoe", "yan")
    held.sync()
    with held.database.read() as session:
        assert len(identities.current_names(session, range(1, 50))) == 12


def test_a_list_that_was_replaced_is_refused(held: Msp) -> None:
    old = shown(held).seal
    held.fire("p006")
    held.sync()
    with pytest.raises(ListWasReplaced, match="another one by now"):
        passes(held, old)


def test_what_is_no_longer_held_is_refused(held: Msp) -> None:
    old = shown(held).seal
    held.sync_one(let_through="true")
    with pytest.raises(NothingIsHeld):
        passes(held, old)


def test_who_may_not_is_refused_before_being_asked_why(held: Msp) -> None:
    with pytest.raises(NotAllowed):
        to_be_let_through(held.database, Actor("U0NOBODY", "slack"), 1, shown(held).seal)


def test_a_licence_that_is_held_is_in_the_list(msp: Msp) -> None:
    premium = Measure("licence", "SPB")
    terms = agreement(line(per_unit("20"), count=premium))
    msp.imports(client(terms, rosters=(), quantities=(BookQuantity(premium, day("2027-01-01"), Decimal(10)),)))
    msp.hire(Account(object_id="ann"))
    msp.directory().bought = {"SPB": 2}
    msp.sync()
    assert [(move.kind, move.what) for move in shown(msp).moves] == [("quantity", "SPB: 10 → 2")]


def test_a_rule_that_a_book_alters_is_held_with_its_list_and_let_through(msp: Msp) -> None:
    msp.imports(client())
    msp.count(*crowd(12), since="2027-01-01")
    roles.grant(msp.database, ADA, JANE.id, "approver")
    msp.imports(client(rosters=(excluding("p00*"),)))
    assert len(shown(msp).moves) == 9
    passes(msp)
    assert msp.sync_one().outcome == "accepted"
    assert len(msp.pending().items) == 9


def cards(msp: Msp) -> int:
    """How many versions of the alert card were wanted so far."""
    with msp.database.read() as session:
        return sum(session.exec(select(NoticeRow.wanted).where(NoticeRow.kind == "alert")))


@pytest.fixture
def held_rule(msp: Msp) -> Msp:
    """A book with a rule that would take 9 of Acme's 12 people off, which the safety catch holds back."""
    msp.imports(client())
    msp.count(*crowd(12), since="2027-01-01")
    msp.on("2027-01-11").imports(client(rosters=(excluding("p00*"),)))
    return msp


def test_a_held_rule_that_is_taken_back_is_held_no_longer(held_rule: Msp) -> None:
    before, old = cards(held_rule), shown(held_rule).seal
    plan = held_rule.imports(client())
    assert "acme: nothing is held back any more" in plan.changes
    assert ("R02", "hold") not in held_rule.codes()
    assert (shown(held_rule).cleared, shown(held_rule).moves, cards(held_rule)) == (True, (), before + 1)
    with pytest.raises(NothingIsHeld):
        to_be_let_through(held_rule.database, ADA, 1, old)


def test_a_rule_in_place_of_a_held_one_that_moves_few_is_proposed_and_nothing_is_held(held_rule: Msp) -> None:
    held_rule.on("2027-01-12").imports(client(rosters=(excluding("p001@*"),)))
    assert ("R02", "hold") not in held_rule.codes()
    assert [(item.kind, str(item.effective)) for item in held_rule.pending().items] == [("leave", "2027-01-12")]
    assert held_rule.sync_one().outcome == "accepted"


def test_a_rule_that_is_only_planned_lets_go_of_nothing(held_rule: Msp) -> None:
    imports.plan_import(held_rule.database, ADA, book(client()), held_rule.clock)
    assert ("R02", "hold") in held_rule.codes()


def test_the_pass_for_a_rule_that_was_taken_back_is_void(held_rule: Msp) -> None:
    let_through(held_rule.database, ADA, held_rule.clock, 1, shown(held_rule).seal, "They are robots.")
    held_rule.imports(client())
    held_rule.imports(client(rosters=(excluding("p00*"),)))
    assert held_rule.sync_one().outcome == "held"


def test_the_days_of_a_rule_that_was_taken_back_are_forgotten(held_rule: Msp) -> None:
    held_rule.on("2027-01-15").imports(client())
    held_rule.fire("p001")
    held_rule.sync()
    assert [str(item.effective) for item in held_rule.pending().items] == ["2027-01-15"]


def test_a_reading_that_was_held_stays_so_when_a_rule_is_taken_back(held: Msp) -> None:
    held.imports(client(rosters=(excluding("p01*"),)))
    plan = held.imports(client())
    assert "acme: the last reading of hr is still held back; rollcall sync acme reads it anew" in plan.changes
    assert ("R02", "hold") in held.codes()


def test_a_reading_that_was_held_stays_so_when_a_rule_that_was_held_after_it_is_taken_back(held: Msp) -> None:
    plan = held.imports(client(rosters=(excluding("p0*"),)))
    assert any("the safety catch holds the new rule back" in change for change in plan.changes)
    held.imports(client())
    assert ("R02", "hold") in held.codes()


def test_a_reading_that_would_move_only_what_the_held_rule_does_goes_with_it(held_rule: Msp) -> None:
    assert held_rule.on("2027-01-12").sync_one().outcome == "held"
    plan = held_rule.imports(client())
    assert "acme: nothing is held back any more" in plan.changes
    assert ("R02", "hold") not in held_rule.codes()


def test_a_reading_that_would_move_more_than_the_held_rule_does_stays_held(held_rule: Msp) -> None:
    held_rule.on("2027-01-12").fire("p010")
    held_rule.sync()
    held_rule.imports(client())
    assert ("R02", "hold") in held_rule.codes()
    assert held_rule.sync_one().outcome == "accepted"
    assert [(item.name, str(item.effective)) for item in held_rule.pending().items] == [("P010", "2027-01-12")]


def test_a_held_rule_that_is_taken_back_mends_no_directory_that_fails(held_rule: Msp) -> None:
    held_rule.break_down()
    held_rule.sync()
    held_rule.imports(client())
    assert [code for code, _ in held_rule.codes() if code in {"R01", "R02"}] == ["R01"]
    assert "can't be read" in shown(held_rule).title
