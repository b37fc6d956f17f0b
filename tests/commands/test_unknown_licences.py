"""A directory that knows no licences beside one that does: nobody in it counts, or doesn't, without being told."""

from dataclasses import replace

import pytest

from commands import links, runs
from commands.why import why
from rosters.rules import Account, Exclusion, Naming, Roster, Rule
from tests.billing.build import day, per_unit
from tests.support.books import client
from tests.support.msp import ADA, Msp, of, somebody

FULL = Roster("full")
SHOP = Roster("shop", Rule(basis="enabled", directories=("ad",)))
ANN = somebody("ann", mail="ann@acme.example")
PAID = replace(ANN, licences=("SPB",))


def importing(msp: Msp, *rosters: Roster) -> Msp:
    """Acme with an Entra directory, m365, and an Active Directory, ad."""
    msp.imports(client(per_unit("10"), directories=("ad", "m365"), rosters=rosters or (FULL,)))
    msp.directory(name="ad").knows_licences = False
    return msp


@pytest.fixture
def mixed(msp: Msp) -> Msp:
    """Ann has a licence in m365; she and Bo are in ad too. The only roster goes by licences."""
    importing(msp)
    msp.hire(PAID, name="m365")
    msp.hire(replace(ANN, object_id="ad-ann"), "bo", name="ad")
    msp.sync()
    return msp


def holding(msp: Msp) -> list[tuple[str, str]]:
    return [(found.effect, found.text) for found in msp.mismatches() if found.code == "R03"]


UNDECIDED = (
    "The directory ad knows no licences, so the rule that goes by them can't say whether these count: {}. "
    "Nobody pays for them."
)


def test_the_directory_without_licences_is_read_and_says_of_how_many_it_knows_none(mixed: Msp) -> None:
    said = {outcome.directory: outcome.message for outcome in mixed.sync()}
    assert said["ad"].startswith("acme/ad: 2 accounts, 0 billable, 2 whose licences it doesn't know")
    assert said["m365"].startswith("acme/m365: 1 account, 1 billable;")


def test_nobody_in_it_is_proposed_for_a_roster_that_goes_by_licences(mixed: Msp) -> None:
    assert [item.name for item in mixed.pending().items] == ["Ann"]


def test_whoever_no_rule_can_judge_holds_the_invoice(mixed: Msp) -> None:
    assert holding(mixed) == [("hold", UNDECIDED.format("Ann, Bo"))]
    mixed.approve("2027-01-01")
    runs.start(mixed.database, ADA, mixed.clock, day("2027-02-01"))
    assert "R03" in of(mixed.run()).held


def test_why_says_that_the_licences_are_unknown(mixed: Msp) -> None:
    found = why(mixed.database, ADA, "acme", "ad/bo")
    assert (found.counts, found.reason) == (False, "LICENCES_UNKNOWN")
    assert "has licences that its directory doesn't know, and the rule goes by them" in found.sentence


def test_the_account_of_a_person_whose_other_account_has_a_licence_is_decided_by_that(mixed: Msp) -> None:
    links.link(mixed.database, ADA, mixed.clock, "acme", "m365/ann", "ad/ad-ann", same=True)
    assert holding(mixed) == [("hold", UNDECIDED.format("Bo"))]
    assert [item.name for item in mixed.pending().items] == ["Ann"]


def test_an_exclusion_decides_without_licences(mixed: Msp) -> None:
    rule = Rule(exclude=(Exclusion("upn", "bo@*", "runs a machine"), Exclusion("id", "ad-*", "has m365")))
    importing(mixed, Roster("full", rule))
    assert holding(mixed) == []


def test_a_rule_that_names_its_directories_leaves_the_other_to_another_roster(mixed: Msp) -> None:
    importing(mixed, Roster("full", Rule(directories=("m365",))), SHOP)
    found = {(item.name, item.roster) for item in mixed.pending().items}
    assert (holding(mixed), found) == ([], {("Ann", "full"), ("Ann", "shop"), ("Bo", "shop")})


def test_a_directory_that_no_rule_is_about_is_told(mixed: Msp) -> None:
    importing(mixed, Roster("full", Rule(directories=("m365",))))
    none = "No roster's rule is about the directory ad, so none of its 2 accounts counts."
    assert holding(mixed) == [("warn", none)]


def test_a_roster_of_another_basis_takes_whom_the_first_can_not_judge(mixed: Msp) -> None:
    importing(mixed, FULL, Roster("board", Rule(basis="manual", include=(Naming("id", "bo"),))))
    assert holding(mixed) == [("hold", UNDECIDED.format("Ann"))]


def test_who_waits_for_licences_that_never_come_is_judged_by_the_next_reading_of_changes(msp: Msp) -> None:
    importing(msp, Roster("full", Rule(basis="enabled", directories=("ad",))))
    msp.hire("bo", name="ad")
    msp.hire(PAID, name="m365")
    msp.sync()
    importing(msp, FULL)
    assert why(msp.database, ADA, "acme", "ad/bo").reason == "ENABLED"
    msp.sync()
    assert why(msp.database, ADA, "acme", "ad/bo").reason == "LICENCES_UNKNOWN"


def test_a_file_that_comes_to_have_licences_is_judged_by_them(mixed: Msp) -> None:
    mixed.directory(name="ad").knows_licences = True
    mixed.hire(Account("bo", "Bo", licences=("SPB",)), name="ad")
    mixed.sync(full=True)
    assert why(mixed.database, ADA, "acme", "ad/bo").reason == "LICENSED"
    assert holding(mixed) == []
