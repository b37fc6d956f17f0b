"""What is said of who counts: a shared directory's parts, licences that nobody names or needs, and who is inactive."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import pytest

from checks.mismatches import IdleLicence, Inactive, PeopleCause, Shared, UncoveredLicence, Undecided, Unruled
from checks.people import INACTIVE_DAYS, Split, Standing, about_people
from rosters.rules import Roster, Rule
from rosters.split import Part
from rosters.verdicts import Reason

TODAY = date(2027, 4, 1)
SPE_ONLY = (Roster("full", Rule(counted_licences=("SPE_*",), ignored_licences=("VISIO*",))),)


def told(
    *standing: Standing,
    rosters: Sequence[Roster] = SPE_ONLY,
    counted: Collection[str] = (),
    splits: Sequence[Split] = (),
) -> list[tuple[str, str, object]]:
    found = about_people("acme", TODAY, rosters, counted, standing, splits)
    return [(each.code, each.effect, each.cause) for each in found if each.client == "acme"]


def causes(*standing: Standing, rosters: Sequence[Roster] = SPE_ONLY, counted: Collection[str] = ()) -> list[object]:
    return [cause for _, _, cause in told(*standing, rosters=rosters, counted=counted)]


def having(*licences: str, name: str = "Ann", reason: Reason = Reason.LICENSED) -> Standing:
    return Standing(name, reason, counts=reason is Reason.LICENSED, licences=licences)


def test_r11_a_paid_licence_that_no_rule_names_is_told_with_how_many_have_it() -> None:
    found = told(having("SPE_E3", "SPB"), having("SPB", name="Bo", reason=Reason.NO_LICENCE))
    assert found == [("R11", "warn", UncoveredLicence("SPB", 2))]


@pytest.mark.parametrize("licence", ["SPE_E3", "VISIOCLIENT", "FLOW_FREE"])
def test_r11_nothing_is_said_of_a_licence_that_is_named_or_free(licence: str) -> None:
    assert causes(having(licence)) == []


def test_r11_a_licence_that_a_line_counts_is_covered() -> None:
    assert causes(having("SPB"), counted=["spb"]) == []


def test_r11_a_rule_that_takes_every_paid_licence_covers_all() -> None:
    assert causes(having("SPB"), rosters=(*SPE_ONLY, Roster("rest", Rule()))) == []


def test_r11_where_no_rule_goes_by_licences_none_is_missing() -> None:
    assert causes(having("SPB"), rosters=(Roster("full", Rule(basis="enabled")),)) == []


def test_r11_the_licences_of_another_part_of_the_directory_are_not_this_clients() -> None:
    assert causes(having("SPB", reason=Reason.ELSEWHERE)) == []


@pytest.mark.parametrize("reason", [Reason.SHARED_MAILBOX, Reason.ROOM, Reason.DISABLED, Reason.SERVICE_ACCOUNT])
def test_r13_a_paid_licence_behind_which_nobody_works_is_told(reason: Reason) -> None:
    accounts = (having("SPE_E3", "FLOW_FREE", name="Zoe", reason=reason), having("SPE_E1", name="Al", reason=reason))
    assert told(*accounts) == [("R13", "info", IdleLicence(reason, ("Al", "Zoe"), ("SPE_E1", "SPE_E3")))]


@pytest.mark.parametrize(
    "account",
    [
        having("FLOW_FREE", reason=Reason.DISABLED),
        having(reason=Reason.DISABLED),
        having("SPE_E3", reason=Reason.EXCLUDED),
    ],
)
def test_r13_nothing_is_said_of_a_free_licence_or_of_a_person(account: Standing) -> None:
    assert causes(account) == []


def test_r13_who_counts_and_did_not_sign_in_for_long_is_told() -> None:
    last = TODAY - timedelta(days=INACTIVE_DAYS)
    people = (
        Standing("Zoe", Reason.LICENSED, counts=True, last_sign_in=last - timedelta(days=1)),
        Standing("Al", Reason.ENABLED, counts=True, last_sign_in=last - timedelta(days=9)),
        Standing("Bo", Reason.LICENSED, counts=True, last_sign_in=last),
        Standing("Cy", Reason.LICENSED, counts=True),
        Standing("Dee", Reason.GUEST, counts=False, last_sign_in=date(2020, 1, 1)),
    )
    assert told(*people) == [("R13", "info", Inactive(60, ("Al", "Zoe")))]


def unknown(name: str, person: int, directory: str = "ad") -> Standing:
    reason = Reason.LICENCES_UNKNOWN
    return Standing(name, reason, counts=False, person=person, directory=directory, knows_licences=False)


def test_r03_whom_no_rule_can_judge_holds_by_directory() -> None:
    found = told(unknown("Zoe", 1), unknown("Al", 2), unknown("Bo", 3, "branch"))
    assert found == [("R03", "hold", Undecided("ad", ("Al", "Zoe"))), ("R03", "hold", Undecided("branch", ("Bo",)))]


@pytest.mark.parametrize(
    ("other", "is_decided"),
    [
        (Standing("Ann", Reason.LICENSED, counts=True, person=1, directory="m365"), True),
        (Standing("Ann", Reason.NO_LICENCE, counts=False, person=1, directory="m365"), True),
        (Standing("Ann", Reason.LICENSED, counts=True, person=2, directory="m365"), False),
        (Standing("Ann", Reason.DISABLED, counts=False, person=1, directory="hr", knows_licences=False), False),
        (Standing("Ann", Reason.ENABLED, counts=True, person=1, directory="hr", knows_licences=False), True),
    ],
)
def test_r03_another_account_of_the_same_person_may_decide(other: Standing, *, is_decided: bool) -> None:
    assert (not told(unknown("Ann", 1), other)) is is_decided


def test_r03_a_directory_that_no_rule_is_about_is_told_where_there_are_rosters() -> None:
    one = Standing("Ann", Reason.NO_ROSTER, counts=False, person=1, directory="ad")
    assert told(one, one) == [("R03", "warn", Unruled("ad", 2))]
    assert told(one, rosters=()) == []


def part(client: str, inside: str, outside: str = "") -> Part:
    return Part(client, "m365", frozenset(inside), frozenset(outside))


NAMES = {"a": "Ann", "b": "Bo", "c": "Cy"}


def of_split(mine: Part, *others: Part) -> list[tuple[str, str, object]]:
    return told(splits=[Split(mine, tuple(sorted((mine, *others), key=lambda one: one.client)), NAMES)])


@pytest.mark.parametrize(("mine", "other"), [("acme", "bolt"), ("crow", "bolt")])
def test_r12_who_is_in_two_parts_is_told_to_each(mine: str, other: str) -> None:
    shared = Shared(f"{mine}/m365", (f"{other}/m365",), ("Ann", "Bo", "x"), is_gap=False)
    assert of_split(part(mine, "xba"), part(other, "abx")) == [("R12", "hold", shared)]


def test_r12_what_two_others_share_is_not_this_clients() -> None:
    assert of_split(part("acme", "a"), part("bolt", "b"), part("crow", "b")) == []


def test_r03_who_is_in_no_part_is_told_to_every_client() -> None:
    gap = Shared("acme/m365", ("bolt/m365", "crow/m365"), ("Cy",), is_gap=True)
    found = of_split(part("acme", "a", "bc"), part("bolt", "b", "ac"), part("crow", "", "abc"))
    assert found == [("R03", "hold", gap)]


def test_every_cause_is_of_a_kind_that_has_words() -> None:
    kinds = (Undecided, Unruled, Shared, UncoveredLicence, IdleLicence, Inactive)
    assert set(kinds) == set(PeopleCause.__args__)
