"""One human with several accounts: suspected, decided by somebody, and counted once from then on."""

import json
from dataclasses import replace

import pytest

from commands import audit, links, roles, users
from commands.actors import Actor
from commands.exports import export_book
from commands.links import AccountIsUnknown, OneAccountOnly, StillLinked
from commands.permissions import NotAllowed
from commands.why import NobodyFits, SeveralFit, why
from rosters.rules import Roster, Rule
from tests.billing.build import agreement, line, per_unit
from tests.support.books import client, counting
from tests.support.msp import ADA, Msp, played_once, somebody

ACME = client(per_unit("10"), directories=("hr", "shop"))
MAIL = "ann@acme.example"


@pytest.fixture
@played_once
def acme(msp: Msp) -> Msp:
    """Acme with two directories: Ann is in both of them with one mail address, Bo and Cy in one each."""
    msp.imports(ACME)
    msp.hire(somebody("ann", mail=MAIL), "bo")
    # Two directories are read side by side; the older account is the one that keeps the seat.
    msp.sync()
    msp.hire(somebody("ann7", mail=MAIL.upper()), "cy", name="shop")
    msp.sync()
    msp.approve("2027-01-01")
    return msp


def link(msp: Msp, who: str = "hr/ann", other: str = "shop/ann7", *, same: bool = True) -> str:
    return links.link(msp.database, ADA, msp.clock, "acme", who, other, same=same)


def seats(msp: Msp) -> list[tuple[str, tuple[str, ...]]]:
    (roster,) = users.rosters(msp.database, ADA, msp.clock, "acme").rosters
    return [(seat.name, seat.accounts) for seat in roster.seats]


def items(msp: Msp) -> list[tuple[str, str, str]]:
    return [(item.kind, item.name, str(item.effective)) for item in msp.pending().items]


# The suspicion.


def test_one_mail_address_in_two_directories_counts_twice_with_a_warning(acme: Msp) -> None:
    (found,) = acme.mismatches()
    assert (found.code, found.effect, found.amount_minor) == ("R12", "warn", 1_000)
    assert found.text == (
        "Ann (hr/ann) and Ann7 (shop/ann7) have the same mail address, so this is a probable duplicate of one person. "
        "Until somebody says so, both count: $10.00 a month."
    )
    assert "rollcall users acme link hr/ann shop/ann7 --by NAME" in found.remedy
    assert len(seats(acme)) == 4


def test_which_directory_was_read_first_is_not_seen(msp: Msp) -> None:
    msp.imports(ACME)
    msp.hire(somebody("ann7", mail=MAIL), name="shop")
    msp.sync()
    msp.hire(somebody("ann", mail=MAIL))
    msp.sync()
    (found,) = [each for each in msp.mismatches() if each.code == "R12"]
    assert found.text.startswith("Ann (hr/ann) and Ann7 (shop/ann7) have the same mail address")


def test_where_only_one_counts_there_is_no_money(acme: Msp) -> None:
    acme.hire(somebody("ann7", mail=MAIL, enabled=False), name="shop")
    acme.sync()
    acme.approve()
    (found,) = acme.mismatches()
    assert found.amount_minor is None


def test_somebody_who_comes_back_with_another_id_is_suspected(acme: Msp) -> None:
    link(acme)
    acme.on("2027-01-07").fire("bo")
    acme.hire(somebody("bo2", name="Bo", upn="bo@acme.example"))
    acme.sync()
    (found,) = [each for each in acme.mismatches() if each.code == "R12"]
    assert "had the same sign-in name, one after the other" in found.text


# One person.


def test_the_other_seat_of_one_person_is_closed_by_a_change(acme: Msp) -> None:
    acme.on("2027-01-11")
    assert link(acme) == (
        "acme: hr/ann and shop/ann7 are one person's now; change 2 waits for approval, as revision 1."
    )
    assert items(acme) == [("leave", "Ann7", "2027-01-11")]
    assert acme.pending().items[0].because == "is the same person as another account's"
    assert len(seats(acme)) == 4
    acme.approve()
    assert seats(acme) == [("Ann", ("ann", "ann7")), ("Bo", ("bo",)), ("Cy", ("cy",))]
    assert not acme.waits()


def test_a_link_that_is_decided_is_not_suspected_any_more(acme: Msp) -> None:
    link(acme)
    acme.approve()
    assert acme.mismatches() == ()


def test_a_person_keeps_the_seat_while_one_account_stays(acme: Msp) -> None:
    link(acme)
    acme.approve()
    acme.on("2027-01-11").fire("ann")
    acme.sync()
    assert not acme.waits()
    acme.on("2027-01-12").fire("ann7", name="shop")
    acme.sync()
    assert items(acme) == [("leave", "Ann", "2027-01-12")]


def test_who_comes_back_with_another_id_takes_up_the_old_seat(acme: Msp) -> None:
    acme.on("2027-01-07").fire("bo")
    acme.hire(somebody("bo2", name="Bo", upn="bo@acme.example"))
    acme.sync()
    assert [kind for kind, _, _ in items(acme)] == ["leave", "join"]
    link(acme, "hr/bo", "hr/bo2")
    assert not acme.waits()


def test_a_person_sits_on_the_first_roster_that_any_account_reaches(msp: Msp) -> None:
    full = Roster("full", Rule(basis="licensed", counted_licences=("E5",)))
    frontline = Roster("frontline", Rule(basis="enabled"))
    terms = agreement(line(per_unit("10")), counting("frontline", per_unit("4")))
    msp.imports(client(terms, directories=("hr", "shop"), rosters=(full, frontline)))
    msp.hire(replace(somebody("ann"), licences=()))
    msp.hire(replace(somebody("ann7"), licences=("E5",)), name="shop")
    msp.sync()
    msp.approve("2027-01-01")
    link(msp)
    msp.approve()
    found = users.rosters(msp.database, ADA, msp.clock, "acme").rosters
    assert [(roster.name, len(roster.seats), roster.billable) for roster in found] == [
        ("full", 1, 1),
        ("frontline", 0, 0),
    ]


def test_why_names_the_other_account(acme: Msp) -> None:
    link(acme)
    assert why(acme.database, ADA, "acme", "hr/ann").sentence.endswith("One person with shop/ann7.")


def test_a_name_erased_is_erased_in_every_account(acme: Msp) -> None:
    link(acme)
    users.erase(acme.database, ADA, acme.clock, "acme", "hr/ann", "asked for it")
    with pytest.raises(NobodyFits):
        why(acme.database, ADA, "acme", "ann7@acme.example")


def test_an_invoice_names_both_as_they_were_when_it_was_issued(acme: Msp) -> None:
    acme.bill("2027-01-01")
    link(acme)
    acme.approve()
    (roster,) = acme.document("NW-000001")["people"].values()
    assert [person["name"] for person in roster] == ["Ann", "Ann7", "Bo", "Cy"]


# Two people.


def test_two_people_are_not_suspected_again(acme: Msp) -> None:
    said = link(acme, same=False)
    assert said == "acme: hr/ann and shop/ann7 are two people's, and that isn't asked again."
    assert acme.mismatches() == ()
    assert not acme.waits()


def test_a_link_that_is_taken_back_before_its_change_was_approved_leaves_all_as_it_was(acme: Msp) -> None:
    link(acme)
    link(acme, same=False)
    assert not acme.waits()
    assert len(seats(acme)) == 4


def test_a_link_that_is_taken_back_later_gives_the_seat_back(acme: Msp) -> None:
    acme.on("2027-01-11")
    link(acme)
    acme.approve()
    acme.on("2027-01-15")
    link(acme, same=False)
    assert items(acme) == [("join", "Ann7", "2027-01-11")]
    acme.approve()
    assert ("Ann7", ("ann7",)) in seats(acme)


def test_accounts_that_are_linked_through_a_third_are_not_parted(acme: Msp) -> None:
    link(acme)
    link(acme, "shop/ann7", "shop/cy")
    with pytest.raises(StillLinked, match="through shop/ann7"):
        link(acme, "hr/ann", "shop/cy", same=False)
    link(acme, "shop/ann7", "shop/cy", same=False)
    assert {len(accounts) for _, accounts in seats(acme)} <= {0, 1, 2}


# Who decides, and what is kept.


def test_each_decision_is_in_the_audit_log(acme: Msp) -> None:
    link(acme)
    link(acme, same=False)
    found = [entry for entry in audit.entries(acme.database, ADA, "acme") if entry.action.startswith("person.")]
    assert [entry.action for entry in reversed(found)] == ["person.link", "person.unlink"]
    assert json.loads(found[0].data)["accounts"] == ["hr/ann", "shop/ann7"]


def test_a_viewer_may_not_decide(acme: Msp) -> None:
    viewer = Actor("U0VIEWER", "slack")
    roles.grant(acme.database, ADA, viewer.id, "viewer")
    with pytest.raises(NotAllowed):
        links.link(acme.database, viewer, acme.clock, "acme", "hr/ann", "shop/ann7", same=True)


def test_a_name_that_fits_several_lists_them_with_their_directories(acme: Msp) -> None:
    with pytest.raises(SeveralFit, match=r"Ann \(hr/ann\), Ann7 \(shop/ann7\)"):
        link(acme, "nn", "shop/cy")


def test_an_account_is_not_linked_to_itself(acme: Msp) -> None:
    with pytest.raises(OneAccountOnly):
        link(acme, "hr/ann", "hr/ann")


def test_a_click_on_accounts_that_are_unknown_is_refused(acme: Msp) -> None:
    with pytest.raises(AccountIsUnknown):
        links.decide(acme.database, ADA, acme.clock, (1, 999), same=True)


@pytest.mark.parametrize("same", [True, False])
def test_what_was_said_of_a_pair_is_written_once_however_often_it_is_said(acme: Msp, *, same: bool) -> None:
    link(acme, same=same)
    link(acme, "shop/ann7", "hr/ann", same=same)
    entries = audit.entries(acme.database, ADA, "acme")
    assert sum(entry.action.startswith("person.") for entry in entries) == 1


def test_two_who_became_one_by_a_third_are_not_parted_by_what_was_said_before(acme: Msp) -> None:
    link(acme, same=False)
    link(acme, "hr/ann", "hr/bo")
    link(acme, "hr/bo", "shop/ann7")
    with pytest.raises(StillLinked):
        link(acme, same=False)


# The book.


def test_a_book_links_accounts_and_proposes_what_follows(acme: Msp) -> None:
    acme.on("2027-01-11").imports(replace(ACME, people=(("hr/ann", "shop/ANN7"),)))
    assert items(acme) == [("leave", "Ann7", "2027-01-11")]


def test_a_book_with_the_same_link_again_changes_nothing(acme: Msp) -> None:
    linked = replace(ACME, people=(("hr/ann", "shop/ann7"),))
    acme.imports(linked)
    acme.approve()
    assert acme.imports(linked).changes == ()


def test_a_book_that_says_nothing_of_a_link_leaves_it(acme: Msp) -> None:
    link(acme)
    acme.approve()
    acme.imports(ACME)
    assert len(seats(acme)) == 3


def test_a_book_that_names_an_unknown_account_is_refused(acme: Msp) -> None:
    with pytest.raises(AccountIsUnknown, match="people names shop/ann8, which no reading has shown"):
        acme.imports(replace(ACME, people=(("hr/ann", "shop/ann8"),)))


def test_an_exported_book_has_the_links(acme: Msp) -> None:
    link(acme)
    (exported,) = export_book(acme.database, ADA, acme.clock).clients
    assert exported.people == (("hr/ann", "shop/ann7"),)
