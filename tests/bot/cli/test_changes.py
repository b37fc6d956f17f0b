from dataclasses import replace
from datetime import UTC, date, datetime

from bot.cli.changes import change_text
from commands.approvals import AppliedPolicy, FirstApproval
from tests.bot.cli.samples import APPROVED, CHANGE, JOINING

CROWD = tuple(
    replace(JOINING, number=number, name=f"Person {number}", excepted=number == 30) for number in range(1, 31)
)


def test_of_a_decision_about_many_ten_people_and_a_count_are_said() -> None:
    said = change_text(replace(APPROVED, items=CROWD), most=10)
    assert sum("Person" in line for line in said) == 10
    assert "  and 20 more: rollcall changes acme --all" in said


def test_who_was_left_out_of_a_decision_is_among_the_people_who_are_named() -> None:
    said = "\n".join(change_text(replace(APPROVED, items=CROWD), most=10))
    assert "Person 30" in said


def test_a_change_that_a_policy_approved_says_so_with_its_limits() -> None:
    policy = AppliedPolicy(people=3, money_minor=250_00, rule_changes=False, of="acme")
    said = change_text(replace(APPROVED, decided_by="policy", reason=None, policy=policy))
    assert "approved by policy" in said[0]
    assert "up to 3 people and $250.00, as the book says for acme" in " ".join(said)
    assert not any("as proposed" in line for line in said)


def test_a_change_that_one_of_two_people_approved_says_who_and_what_it_takes() -> None:
    first = FirstApproval("cli:ops for Ada", datetime(2027, 4, 11, tzinfo=UTC), date(2027, 4, 11), date(2027, 4, 15))
    said = " ".join(change_text(replace(CHANGE, takes_two=True, first_approval=first)))
    assert "pending; approved from 15 Apr 2027 by ops for Ada (command line) on 11 Apr 2027; a second person" in said
    assert "it takes two people" in " ".join(change_text(replace(CHANGE, takes_two=True)))


def test_a_change_that_two_people_approved_names_both() -> None:
    first = FirstApproval("U0DANA", datetime(2027, 4, 11, tzinfo=UTC), date(2027, 4, 11))
    assert "approved by Slack user U0DANA and by" in " ".join(change_text(replace(APPROVED, first_approval=first)))


def test_a_list_of_changes_names_everybody() -> None:
    said = change_text(replace(APPROVED, items=CROWD))
    assert sum("Person" in line for line in said) == 30
