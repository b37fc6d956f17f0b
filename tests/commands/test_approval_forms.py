"""What the form of an approval with changes asks: whom can be left out, how far back it may go, and who is asked."""

import time

import pytest

from commands import approval_forms, changes, roles
from commands.actors import Actor
from commands.approval_forms import Choice
from commands.permissions import NotAllowed
from rosters.rules import Account, Roster, Rule
from tests.billing.build import agreement, day, line, per_unit
from tests.support.books import client, counting
from tests.support.msp import ADA, Msp, crowd, played_once

DANA, BERT = Actor("U0DANA", "slack"), Actor("U0BERT", "slack")


@pytest.fixture
@played_once
def moving(msp: Msp) -> Msp:
    """Bo moves from the roster desk to full, and Cy joins full, which waits as change 2."""
    rosters = (Roster("desk", Rule(counted_licences=("F1",))), Roster("full", Rule(basis="enabled")))
    msp.imports(client(agreement(line(per_unit("10")), counting("desk", per_unit("4"))), rosters=rosters))
    msp.count("ann", Account("bo", "Bo", licences=("F1",)))
    msp.on("2027-01-07").hire(Account("bo", "Bo"), "cy")
    msp.sync()
    for actor, role in ((DANA, "approver"), (BERT, "biller")):
        roles.grant(msp.database, ADA, actor.id, role)
    return msp


def search(msp: Msp, words: str, most: int = 100) -> tuple[Choice, ...]:
    return approval_forms.search_choices(msp.database, ADA, (2, 1), words, most)


def test_somebody_who_moves_is_left_out_as_one(moving: Msp) -> None:
    assert search(moving, "") == (
        Choice((1, 2), "move", "Bo", ("desk", "full")),
        Choice((3,), "join", "Cy", ("full",)),
    )
    changes.approve(
        moving.database, ADA, moving.clock, 2, left_out=dict.fromkeys(search(moving, "bo")[0].numbers, "Later")
    )


def test_names_and_rosters_are_searched_for_every_word_that_was_typed(moving: Msp) -> None:
    assert [choice.name for choice in search(moving, "FULL c")] == ["Cy"]
    assert [choice.name for choice in search(moving, "", most=1)] == ["Bo"]
    assert search(moving, "nobody") == ()


def test_the_form_has_whom_somebody_chose_and_how_far_back_they_may_go(moving: Msp) -> None:
    form = approval_forms.approval_form(moving.database, DANA, moving.clock, 2, (3,))
    assert (form.earliest, [choice.name for choice in form.left_out]) == (day("2026-10-07"), ["Cy"])
    assert approval_forms.approval_form(moving.database, BERT, moving.clock, 2).earliest is None


def test_it_is_for_whoever_may_decide(moving: Msp) -> None:
    with pytest.raises(NotAllowed):
        approval_forms.approval_form(moving.database, Actor("U0NOBODY", "slack"), moving.clock, 2)
    with pytest.raises(NotAllowed):
        approval_forms.search_choices(moving.database, Actor("U0NOBODY", "slack"), (2, 1), "", 100)


def test_names_are_found_among_thousands_before_slack_gives_up(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.hire(*crowd(4_000))
    msp.sync()
    began = time.process_time()
    found = approval_forms.search_choices(msp.database, ADA, (1, 1), "p3999", 100)
    assert [choice.name for choice in found] == ["P3999"]
    assert time.process_time() - began < 1
