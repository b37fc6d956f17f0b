"""One directory that several clients share: whose part an account is in, and who is in two or in none."""

import pytest

from rosters.rules import Account
from rosters.split import EVERYBODY, Overlap, Part, Scope, gap, overlaps

JANE = Account("1", upn="jane@north.example", mail="jane@acme.example", groups=("North",), department="Works")


def _part(client: str, inside: str, outside: str) -> Part:
    return Part(client, "m365", frozenset(inside), frozenset(outside))


def test_without_a_scope_everybody_is_the_clients() -> None:
    assert EVERYBODY.missed_by(Account("1")) is None


@pytest.mark.parametrize(
    ("scope", "missed"),
    [
        (Scope(groups=("South", "North")), None),
        (Scope(groups=("South",)), "group South"),
        (Scope(departments=("WORKS",)), None),
        (Scope(departments=("Sales", "Yard")), "department Sales or Yard"),
        (Scope(domains=("NORTH.example",)), None),
        (Scope(domains=("acme.example",)), None),
        (Scope(domains=("south.example",)), "domain south.example"),
        (Scope(groups=("North",), departments=("Works",), domains=("north.example",)), None),
        (Scope(groups=("North",), departments=("Sales",)), "department Sales"),
        (Scope(departments=("Works",), domains=("south.example",)), "domain south.example"),
    ],
)
def test_an_account_must_be_in_one_of_each_that_is_given(scope: Scope, missed: str | None) -> None:
    assert scope.missed_by(JANE) == missed


def test_an_account_whose_groups_were_not_read_is_in_none() -> None:
    assert Scope(groups=("North",)).missed_by(Account("1")) == "group North"


def test_an_address_that_is_missing_is_in_no_domain() -> None:
    assert Scope(domains=("north.example",)).missed_by(Account("1")) == "domain north.example"


def test_parts_that_share_nobody_do_not_overlap() -> None:
    assert overlaps([_part("acme", "ab", "cd"), _part("bolt", "cd", "ab")]) == ()


def test_every_two_parts_that_share_somebody_are_told() -> None:
    acme, bolt, crow = _part("acme", "ab", ""), _part("bolt", "bc", ""), _part("crow", "cb", "")
    found = overlaps([acme, bolt, crow])
    assert found == (
        Overlap((acme, bolt), frozenset("b")),
        Overlap((acme, crow), frozenset("b")),
        Overlap((bolt, crow), frozenset("bc")),
    )


def test_who_is_outside_of_every_part_is_in_the_gap() -> None:
    assert gap([_part("acme", "a", "bcd"), _part("bolt", "b", "acd")]) == frozenset("cd")


def test_nobody_is_in_the_gap_whom_one_part_has_not_seen_yet() -> None:
    assert gap([_part("acme", "a", "bn"), _part("bolt", "b", "a")]) == frozenset()


def test_without_parts_there_is_no_gap() -> None:
    assert gap([]) == frozenset()
