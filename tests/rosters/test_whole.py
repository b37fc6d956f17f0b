"""Which first counts wait, and what of a change waits with them."""

from billing.quantities import Measure
from rosters.changes import ChangeItem
from rosters.rules import Roster, Rule
from rosters.whole import waiting, without
from tests.billing.build import day

ROSTERS = (
    Roster("full", Rule()),
    Roster("field", Rule(directories=("field",))),
    Roster("hr", Rule(directories=("hr",))),
)
ON = day("2027-04-11")


def test_what_was_never_counted_waits_for_the_directories_that_it_is_about() -> None:
    every = frozenset({"full", "field", "hr"})
    assert waiting(ROSTERS, every, ["field"]) == {"full", "field"}
    assert waiting(ROSTERS, every, ["field", "hr"]) == every
    assert waiting(ROSTERS, every, []) == frozenset()


def test_what_was_counted_before_waits_for_nothing() -> None:
    assert waiting(ROSTERS, {"full"}, ["field"]) == {"full"}
    assert waiting(ROSTERS, frozenset(), ["field"]) == frozenset()


def test_of_a_move_to_what_waits_neither_half_is_left() -> None:
    leave, join = ChangeItem("leave", ON, "full", 1), ChangeItem("join", ON, "field", 1)
    other = ChangeItem("leave", ON, "full", 2)
    assert without([leave, other, join], {"field"}) == (other,)
    assert without([leave, other, join], {"hr"}) == (leave, other, join)


def test_numbers_do_not_wait() -> None:
    number = ChangeItem("quantity", ON, measure=Measure("licence", "SPB"))
    assert without([number, ChangeItem("join", ON, "field", 3)], {"field"}) == (number,)
