from dataclasses import replace

from bot.cli.changes import change_text
from tests.bot.cli.samples import APPROVED, JOINING

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


def test_a_list_of_changes_names_everybody() -> None:
    said = change_text(replace(APPROVED, items=CROWD))
    assert sum("Person" in line for line in said) == 30
