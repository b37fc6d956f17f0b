"""A first count is of everybody: it waits for directories that were never read."""

import pytest

from rosters.rules import Account, Roster, Rule
from tests.billing.build import per_unit
from tests.support.books import client, counting, stating
from tests.support.msp import Msp

LICENCE = ("SPB",)
BY_DIRECTORY = (
    Roster("full", Rule(basis="enabled", directories=("hr",))),
    Roster("field", Rule(basis="enabled", directories=("field",))),
)


@pytest.fixture
def halves(msp: Msp) -> Msp:
    """Acme states 5 people; 2 are in one directory, 3 in another, which can't be read."""
    msp.imports(client(per_unit("10"), quantities=stating(("2027-01-01", "5")), directories=("hr", "field")))
    msp.hire("ann", "bo")
    msp.hire("cy", "dee", "eve", name="field")
    msp.break_down(name="field")
    return msp


def names(msp: Msp) -> list[str]:
    return sorted(item.name for item in msp.pending().items)


def test_it_is_not_proposed_while_one_of_the_directories_was_never_read(halves: Msp) -> None:
    field, hr = halves.on("2027-01-04").sync()
    assert not halves.waits()
    assert (field.outcome, hr.outcome, hr.change_id) == ("failed", "accepted", None)
    assert hr.message == "acme/hr: 2 accounts, 2 billable; the first count waits until field is read too"
    assert halves.preview()["lines"][0]["quantity"] == "5"


def test_it_is_of_everybody_once_all_were_read_each_from_the_day_on_which_they_were_seen(halves: Msp) -> None:
    halves.on("2027-01-04").sync()
    halves.mend(name="field")
    halves.on("2027-01-05").sync()
    days = {item.name: str(item.effective) for item in halves.pending().items}
    assert days == {"Ann": "2027-01-04", "Bo": "2027-01-04"} | dict.fromkeys(("Cy", "Dee", "Eve"), "2027-01-05")
    assert halves.pending().first_count


def test_one_that_waits_for_approval_is_withdrawn_when_the_book_names_another_directory(msp: Msp) -> None:
    msp.imports(client(directories=("hr",)))
    msp.hire("ann")
    msp.sync()
    assert names(msp) == ["Ann"]
    msp.imports(client(directories=("hr", "field")))
    assert not msp.waits()
    msp.hire("cy", name="field")
    msp.sync()
    assert names(msp) == ["Ann", "Cy"]


def test_what_was_counted_goes_on_while_another_directory_was_never_read(msp: Msp) -> None:
    msp.imports(client(directories=("hr",)))
    msp.count("ann", "bo", since="2027-01-01")
    msp.imports(client(directories=("hr", "field")))
    msp.break_down(name="field")
    msp.fire("bo")
    msp.on("2027-01-05").sync()
    assert [(item.kind, item.name) for item in msp.pending().items] == [("leave", "Bo")]


def test_a_roster_that_is_not_about_the_unread_directory_is_counted(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), rosters=BY_DIRECTORY, directories=("hr", "field")))
    msp.hire("ann")
    msp.break_down(name="field")
    _, hr = msp.sync()
    assert [(item.roster, item.name) for item in msp.pending().items] == [("full", "Ann")]
    assert hr.message.endswith("; the first count waits until field is read too")


def test_who_would_move_to_a_roster_that_is_not_counted_yet_keeps_the_seat_they_have(msp: Msp) -> None:
    counted = Roster("full", Rule(counted_licences=LICENCE))
    msp.imports(client(per_unit("10"), rosters=(counted,)))
    msp.count(*(Account(each, name=each.title(), licences=LICENCE) for each in ("ann", "bo")), since="2027-01-01")
    both = (Roster("full", Rule(counted_licences=LICENCE)), Roster("frontline", Rule(counted_licences=("F1",))))
    msp.imports(client(counting("frontline", per_unit("5")), rosters=both, directories=("hr", "field")))
    msp.break_down(name="field")
    msp.hire(Account("ann", name="Ann", licences=("F1",)))
    msp.on("2027-01-05").sync()
    assert not msp.waits()
    msp.mend(name="field")
    msp.hire(Account("cy", name="Cy", licences=LICENCE), name="field")
    msp.on("2027-01-06").sync()
    assert sorted((item.kind, item.roster, item.name) for item in msp.pending().items) == [
        ("join", "frontline", "Ann"),
        ("join", "full", "Cy"),
        ("leave", "full", "Ann"),
    ]
