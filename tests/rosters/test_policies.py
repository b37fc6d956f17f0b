"""Approval policies: what each limit lets through, and whom it lets decide."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.quantities import Measure
from rosters.changes import ChangeItem
from rosters.origins import Cause
from rosters.policies import (
    Approver,
    Automatic,
    Ground,
    Outcome,
    Policies,
    Proposal,
    TwoPeople,
    Verdict,
    approval,
    automatic,
    may_decide,
    needs_two,
    size,
)
from tests.billing.build import day

SMALL = Policies(automatic=Automatic(3, {"USD": 250_00, "EUR": 200_00}))
TWO = Policies(two_people=TwoPeople(20, {"USD": 2_000_00}))
PROPOSAL = Proposal(people=3, currency="USD", money_minor=250_00, causes=frozenset({Cause.READING}))
DANA, EVE = Approver("u0dana", frozenset({"U0DANA", "S0LEADS"})), Approver("u0eve", frozenset({"U0EVE"}))
APPROVED = Verdict(Outcome.APPROVED)
FIRST = Verdict(Outcome.FIRST_OF_TWO)


def left(ground: Ground) -> Verdict:
    return Verdict(Outcome.LEFT_TO_PEOPLE, ground)


def refused(ground: Ground) -> Verdict:
    return Verdict(Outcome.REFUSED, ground)


# How large a change is.


def moved(kind: str, person: int, roster: str = "full") -> ChangeItem:
    return ChangeItem(kind, day("2027-04-11"), roster, person)  # type: ignore[arg-type] # one of the kinds


def counted(before: str | None, after: str) -> ChangeItem:
    number = None if before is None else Decimal(before)
    return ChangeItem(
        "quantity", day("2027-04-11"), measure=Measure("licence", "SPB"), before=number, after=Decimal(after)
    )


@pytest.mark.parametrize(
    ("items", "people"),
    [
        ((), 0),
        ((moved("join", 1), moved("leave", 2)), 2),
        ((moved("leave", 1, "desk"), moved("join", 1, "full")), 1),
        ((counted("40", "45"),), 5),
        ((counted("45", "40"), moved("join", 1)), 6),
        ((counted(None, "7"),), 7),
        ((counted("1", "1.5"),), 1),
    ],
)
def test_a_change_is_as_large_as_the_people_and_units_that_it_moves(items: tuple[ChangeItem, ...], people: int) -> None:
    assert size(items) == people


# What is approved by itself.


@pytest.mark.parametrize(
    ("alike", "verdict"),
    [
        ({}, APPROVED),
        ({"people": 4}, left(Ground.PEOPLE)),
        ({"money_minor": 250_01}, left(Ground.MONEY)),
        ({"decided_minor": 250_01}, left(Ground.MONEY)),
        ({"currency": "EUR", "money_minor": 200_00}, APPROVED),
        ({"currency": "EUR"}, left(Ground.MONEY)),
        ({"currency": "GBP", "money_minor": 0}, left(Ground.MONEY)),
        ({"first_count": True}, left(Ground.FIRST_COUNT)),
        ({"causes": frozenset({Cause.READING, Cause.LET_THROUGH})}, left(Ground.LET_THROUGH)),
        ({"causes": frozenset({Cause.READING, Cause.RULES})}, left(Ground.RULES)),
        ({"causes": frozenset({Cause.HAND})}, left(Ground.BY_HAND)),
        ({"rejected_before": True}, left(Ground.REJECTED_BEFORE)),
        ({"goes_back_far": True}, left(Ground.GOES_BACK_FAR)),
    ],
)
def test_what_is_approved_by_itself_keeps_every_limit(alike: dict[str, object], verdict: Verdict) -> None:
    assert automatic(SMALL, replace(PROPOSAL, **alike)) == verdict  # type: ignore[arg-type] # by name


@pytest.mark.parametrize("policies", [Policies(), Policies(automatic=False), TWO])
def test_without_a_policy_nothing_is_approved_by_itself(policies: Policies) -> None:
    assert automatic(policies, replace(PROPOSAL, people=1, money_minor=0)) == left(Ground.NO_POLICY)


def test_other_rules_are_let_through_only_where_the_policy_says_so() -> None:
    policies = Policies(automatic=Automatic(3, {"USD": 250_00}, rule_changes=True))
    assert automatic(policies, replace(PROPOSAL, causes=frozenset({Cause.RULES}))) == APPROVED
    assert automatic(policies, replace(PROPOSAL, causes=frozenset({Cause.HAND}))) == left(Ground.BY_HAND)


def test_what_takes_two_people_is_never_approved_by_itself() -> None:
    policies = replace(SMALL, two_people=TwoPeople(people=2))
    assert automatic(policies, PROPOSAL) == left(Ground.TWO_PEOPLE)


# What takes two people.


@pytest.mark.parametrize(
    ("limits", "alike", "two"),
    [
        (TwoPeople(20, {"USD": 2_000_00}), {"people": 20, "money_minor": 2_000_00}, False),
        (TwoPeople(20, {"USD": 2_000_00}), {"people": 21, "money_minor": 0}, True),
        (TwoPeople(20, {"USD": 2_000_00}), {"people": 1, "money_minor": 2_000_01}, True),
        (TwoPeople(20, {"USD": 2_000_00}), {"people": 1, "decided_minor": 2_000_01}, True),
        (TwoPeople(20), {"people": 20, "money_minor": 10**9}, False),
        (TwoPeople(None, {"USD": 2_000_00}), {"people": 10**6, "money_minor": 0}, False),
        (TwoPeople(None, {"EUR": 2_000_00}), {"people": 1, "money_minor": 0}, True),
        (False, {"people": 10**6, "money_minor": 10**9}, False),
        (None, {"people": 10**6, "money_minor": 10**9}, False),
    ],
)
def test_two_people_are_needed_above_either_limit(limits: TwoPeople, alike: dict[str, object], two: bool) -> None:  # noqa: FBT001 - a table's column
    assert needs_two(Policies(two_people=limits), replace(PROPOSAL, **alike)) is two  # type: ignore[arg-type] # by name


def test_two_different_people_approve_together() -> None:
    large = replace(PROPOSAL, people=21)
    assert approval(TWO, large, DANA) == FIRST
    assert approval(TWO, large, DANA, first=DANA.person) == refused(Ground.SAME_PERSON)
    assert approval(TWO, large, EVE, first=DANA.person) == APPROVED


def test_one_is_enough_within_the_limits() -> None:
    assert approval(TWO, PROPOSAL, DANA) == APPROVED


def test_an_admin_is_one_person_too() -> None:
    assert approval(TWO, replace(PROPOSAL, people=21), replace(DANA, is_admin=True)) == FIRST


# Who may.


@pytest.mark.parametrize(
    ("by", "approver", "may"),
    [
        (None, EVE, True),
        ((), EVE, True),
        (("U0DANA",), DANA, True),
        (("S0LEADS",), DANA, True),
        (("U0DANA", "S0LEADS"), EVE, False),
        (("U0DANA",), replace(EVE, is_admin=True), True),
    ],
)
def test_only_those_decide_whom_the_book_names_and_admins(
    by: tuple[str, ...] | None,
    approver: Approver,
    may: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert may_decide(Policies(by=by), approver) is may
    assert (approval(Policies(by=by), PROPOSAL, approver) == APPROVED) is may


@pytest.mark.parametrize(
    ("own", "verdict"), [(None, APPROVED), (True, APPROVED), (False, refused(Ground.OWN_PROPOSAL))]
)
def test_nobody_approves_what_they_proposed_where_the_book_says_no(own: bool | None, verdict: Verdict) -> None:  # noqa: FBT001 - a table's column
    proposal = replace(PROPOSAL, proposers=frozenset({DANA.person}))
    assert approval(Policies(own_proposals=own), proposal, DANA) == verdict
    assert approval(Policies(own_proposals=own), proposal, EVE) == APPROVED


def test_who_proposed_it_is_no_second_person_either() -> None:
    policies = replace(TWO, own_proposals=False)
    proposal = replace(PROPOSAL, people=21, proposers=frozenset({EVE.person}))
    assert approval(policies, proposal, EVE, first=DANA.person) == refused(Ground.OWN_PROPOSAL)


# The house's and a client's own.


def test_what_a_client_does_not_say_is_as_the_house_says() -> None:
    house = Policies(SMALL.automatic, TWO.two_people, own_proposals=False, by=("U0DANA",))
    assert Policies().over(house) == house
    own = Policies(automatic=False, two_people=TwoPeople(people=5), own_proposals=True, by=())
    assert own.over(house) == own
    assert Policies(by=("S0LEADS",)).over(house) == replace(house, by=("S0LEADS",))


def test_whoever_is_not_named_approves_nothing() -> None:
    assert approval(Policies(by=("U0DANA",)), PROPOSAL, EVE) == refused(Ground.NOT_NAMED)
