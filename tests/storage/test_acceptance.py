"""Readings taken into the accounts: keyed by object id, the last sighting wins, a missing field is no news."""

import pytest

from rosters.changes import seat_items
from rosters.rules import Account, Exclusion, Naming, Roster, Rule
from rosters.split import Scope
from storage import directories, placed
from storage.database import Database
from tests.billing.build import day
from tests.storage.rows import Fields, Readings

ANN = {"name": "Ann Ames", "mail": "ann@acme.example", "upn": "ann@acme.example", "enabled": True}


@pytest.fixture
def readings(database: Database) -> Readings:
    """A directory that was never read."""
    return Readings(database)


def test_a_new_account_is_kept_with_what_was_seen(readings: Readings) -> None:
    readings.take(("a1", {**ANN, "licences": ("SPB", "VISIO")}))
    assert readings.seen("a1") == Account(
        "a1", "Ann Ames", "ann@acme.example", "ann@acme.example", licences=("SPB", "VISIO")
    )


def test_an_account_is_known_by_its_object_id_alone(readings: Readings) -> None:
    readings.take(("a1", ANN), ("a2", ANN))
    assert readings.account("a1").person_id != readings.account("a2").person_id


def test_the_last_sighting_of_one_reading_wins(readings: Readings) -> None:
    readings.take(("a1", ANN), ("a1", {"name": "Ann Brown"}))
    assert readings.seen("a1").name == "Ann Brown"


def test_what_only_an_earlier_sighting_of_the_reading_said_is_kept(readings: Readings) -> None:
    readings.take(("a1", ANN), ("a1", {"name": "Ann Brown"}))
    assert readings.seen("a1").mail == "ann@acme.example"


def test_a_repeated_page_changes_nothing(readings: Readings) -> None:
    page: list[tuple[str, Fields | None]] = [("a1", ANN), ("a2", {"name": "Bo"})]
    assert readings.take(*page, *page, full=True) == 2


def test_a_field_that_was_not_sent_keeps_its_value(readings: Readings) -> None:
    readings.take(("a1", {**ANN, "licences": ("SPB",)}))
    readings.take(("a1", {"enabled": False}))
    assert (readings.seen("a1").licences, readings.seen("a1").enabled) == (("SPB",), False)


def test_a_field_that_the_source_emptied_is_emptied(readings: Readings) -> None:
    readings.take(("a1", {**ANN, "licences": ("SPB",)}))
    readings.take(("a1", {"licences": (), "mail": ""}))
    assert (readings.seen("a1").licences, readings.seen("a1").mail) == ((), "")


def test_a_removed_account_is_gone_but_known(readings: Readings) -> None:
    readings.take(("a1", ANN), ("a2", {"name": "Bo"}))
    assert readings.take_and_judge(("a1", None), on="2027-04-05") == (1, 1)
    assert (readings.account("a1").present, readings.account("a1").reason) == (False, "GONE")


def test_the_removal_of_an_unknown_account_is_no_news(readings: Readings) -> None:
    assert readings.take(("a1", None)) == 0


def test_a_restored_account_is_the_same_person_with_what_was_known(readings: Readings) -> None:
    readings.take(("a1", ANN))
    person = readings.account("a1").person_id
    readings.take(("a1", None))
    readings.take(("a1", {"enabled": True}))
    assert (readings.account("a1").person_id, readings.seen("a1").name) == (person, "Ann Ames")


def test_removed_and_seen_in_one_reading_is_as_the_last_entry_says(readings: Readings) -> None:
    readings.take(("a1", ANN), ("a2", ANN))
    readings.take(("a1", None), ("a1", ANN), ("a2", ANN), ("a2", None))
    assert (readings.account("a1").present, readings.account("a2").present) == (True, False)


def test_after_a_full_reading_whoever_was_not_seen_is_gone(readings: Readings) -> None:
    readings.take(("a1", ANN), ("a2", {"name": "Bo"}))
    assert readings.take(("a2", {"name": "Bo"}), full=True) == 1
    assert readings.account("a1").present is False


def test_after_a_partial_reading_whoever_was_not_seen_stays(readings: Readings) -> None:
    readings.take(("a1", ANN), ("a2", {"name": "Bo"}))
    assert readings.take(("a2", {"name": "Beau"})) == 2


def test_a_rename_keeps_the_person_and_the_old_name(readings: Readings) -> None:
    readings.take(("a1", ANN))
    person = readings.account("a1").person_id
    readings.take(("a1", {"name": "Ann Brown"}), on="2027-04-05")
    assert readings.account("a1").person_id == person
    assert [(row.name, row.seen_on) for row in readings.identities("a1")] == [
        ("Ann Ames", day("2027-04-01")),
        ("Ann Brown", day("2027-04-05")),
    ]


def test_the_same_name_again_is_no_second_entry(readings: Readings) -> None:
    readings.take(("a1", ANN))
    readings.take(("a1", ANN), on="2027-04-05")
    assert len(readings.identities("a1")) == 1


def test_an_account_without_a_name_goes_by_what_it_has(readings: Readings) -> None:
    readings.take(("a1", {"upn": "ann@acme.example"}), ("a2", {}))
    assert (readings.identities("a1")[0].name, readings.identities("a2")[0].name) == ("ann@acme.example", "a2")


def test_an_erased_name_is_not_stored_again(readings: Readings) -> None:
    readings.take(("a1", ANN))
    readings.erase("a1")
    readings.take(("a1", ANN), on="2027-04-05", full=True)
    readings.take(("a1", {"name": "Ann Brown"}), on="2027-04-06")
    assert [(row.name, row.mail, row.upn, row.salt) for row in readings.identities("a1")] == [("", "", "", "")]


def test_an_erased_person_still_counts(readings: Readings) -> None:
    readings.take(("a1", ANN))
    readings.erase("a1")
    assert readings.take_and_judge(("a1", ANN), on="2027-04-05", full=True) == (1, 1)


def test_an_exclusion_by_name_stands_after_the_name_was_erased(readings: Readings) -> None:
    excluded = (Roster("full", Rule(basis="enabled", exclude=(Exclusion("upn", "ann@*", "leaves soon"),))),)
    assert readings.take_and_judge(("a1", ANN), rosters=excluded) == (1, 0)
    readings.erase("a1")
    assert readings.take_and_judge(("a1", ANN), on="2027-04-05", full=True, rosters=excluded) == (1, 0)


def test_who_is_named_counts_on_after_the_name_was_erased_until_disabled(readings: Readings) -> None:
    named = (Roster("full", Rule(basis="manual", include=(Naming("upn", "ann@*"),))),)
    assert readings.take_and_judge(("a1", ANN), rosters=named) == (1, 1)
    readings.erase("a1")
    assert readings.take_and_judge(("a1", ANN), on="2027-04-05", full=True, rosters=named) == (1, 1)
    assert readings.take_and_judge(("a1", {"enabled": False}), on="2027-04-06", rosters=named) == (1, 0)


def test_the_day_of_a_verdict_moves_only_when_the_roster_does(readings: Readings) -> None:
    readings.take(("a1", ANN))
    readings.take(("a1", {"licences": ("SPB",)}), on="2027-04-05")
    assert readings.account("a1").since == day("2027-04-01")
    readings.take(("a1", {"enabled": False}), on="2027-04-06")
    readings.take(("a1", {"guest": True}), on="2027-04-07")
    assert (readings.account("a1").since, readings.account("a1").reason) == (day("2027-04-06"), "GUEST")


def test_a_verdict_that_a_held_reading_saw_first_keeps_that_day(readings: Readings) -> None:
    readings.take(("a1", ANN))
    readings.take_and_judge(("a1", None), on="2027-04-09", first_seen={"a1": day("2027-04-05")})
    assert readings.account("a1").since == day("2027-04-05")


def test_the_first_roster_whose_rule_takes_an_account_has_it(readings: Readings) -> None:
    rosters = (
        Roster("frontline", Rule(counted_licences=("F1",))),
        Roster("full", Rule(counted_licences=("F1", "SPB"))),
    )
    people = ("a1", {"licences": ("F1", "SPB")}), ("a2", {"licences": ("SPB",)}), ("a3", {"licences": ()})
    readings.take_and_judge(*people, rosters=rosters)
    assert [readings.account(one).roster for one in ("a1", "a2", "a3")] == ["frontline", "full", None]


def test_more_accounts_than_a_statement_may_have_parameters(readings: Readings) -> None:
    many = [(f"a{number}", {"name": f"Person {number}"}) for number in range(1_100)]
    readings.take(*many, full=True)
    assert readings.take(*many[:600], on="2027-04-05", full=True) == 600


def test_a_directory_that_moved_is_read_anew(readings: Readings) -> None:
    with readings.database.write("test") as session:
        directories.get(session, readings.directory_id).cursor = "page 7"
        session.flush()
        same = directories.put(session, readings.client_id, "hr", "memory", "{}").cursor
        moved = directories.put(session, readings.client_id, "hr", "memory", '{"tenant": "other"}').cursor
    assert (same, moved) == ("page 7", None)


def test_a_verdict_stands_while_a_rule_asks_for_licences_that_were_not_read(readings: Readings) -> None:
    readings.take(("a1", {**ANN, "licences": None}))
    readings.take_and_judge(on="2027-04-05", rosters=(Roster("full", Rule(basis="licensed")),))
    assert (readings.account("a1").roster, readings.account("a1").reason) == ("full", "ENABLED")
    readings.take_and_judge(
        ("a1", {"licences": ()}), on="2027-04-06", rosters=(Roster("full", Rule(basis="licensed")),)
    )
    assert (readings.account("a1").roster, readings.account("a1").reason) == (None, "NO_LICENCE")


def test_newcomers_of_several_slices_are_each_stored_once_with_their_own_name(readings: Readings) -> None:
    people: list[tuple[str, Fields | None]] = [(f"a{number}", {"name": f"Person {number}"}) for number in range(1_203)]
    again = ("a3", {"name": "Cy", "enabled": False})
    assert readings.take_and_judge(*people, again, full=True) == (1_203, 1_202)
    assert [readings.seen(who).name for who in ("a0", "a3", "a499", "a500", "a1202")] == [
        "Person 0",
        "Cy",
        "Person 499",
        "Person 500",
        "Person 1202",
    ]


def test_after_another_full_reading_of_several_slices_only_who_is_missing_is_gone(readings: Readings) -> None:
    people: list[tuple[str, Fields | None]] = [(f"a{number}", {"name": f"Person {number}"}) for number in range(603)]
    readings.take(*people, full=True)
    assert readings.take(*people[:-1], ("new", ANN), full=True) == 603
    assert (readings.account("a602").present, readings.account("new").present) == (False, True)


def test_newcomers_who_differ_in_nothing_but_their_names_are_told_apart_by_an_exclusion(readings: Readings) -> None:
    excluded = (Roster("full", Rule(basis="enabled", exclude=(Exclusion("upn", "svc-*", "no human"),))),)
    two: list[tuple[str, Fields | None]] = [
        ("a1", {"upn": "bo@acme.example"}),
        ("a2", {"upn": "svc-scan@acme.example"}),
    ]
    readings.take(*two, rosters=excluded)
    assert [readings.account(who).reason for who in ("a1", "a2")] == ["ENABLED", "EXCLUDED"]


def test_newcomers_are_told_apart_by_a_domain_that_is_the_clients_part(readings: Readings) -> None:
    readings.share(Scope(domains=("acme.example",)))
    readings.take(("a1", {"upn": "bo@acme.example"}), ("a2", {"upn": "bo@globex.example"}))
    assert [readings.account(who).reason for who in ("a1", "a2")] == ["ENABLED", "ELSEWHERE"]


def test_newcomers_join_as_their_accounts_say(readings: Readings) -> None:
    kinds: tuple[Fields, ...] = (ANN, {**ANN, "enabled": False}, {**ANN, "department": "Sales"}, {**ANN, "guest": True})
    people = [(f"{number * 7_919 % 997:03d}", kinds[number % 4]) for number in range(900)]
    newcomers = readings.newcomers(
        *people, first_seen={people[0][0]: day("2027-03-28"), people[1][0]: day("2027-03-01")}
    )
    assert newcomers is not None
    with readings.database.read() as session:
        placements = list(placed.placements(session, readings.client_id))
        before = list(placed.placements(session, readings.client_id, before=newcomers.first))
    assert (len(placements), before) == (900, [])
    assert seat_items(("full",), (), (), newcomers.joins()) == seat_items(("full",), placements, ())


def test_whoever_a_reading_came_back_to_may_not_be_what_they_came_as(readings: Readings) -> None:
    people = [(f"a{number}", ANN) for number in range(5_000)]
    assert readings.newcomers(*people, ("new", ANN)) is not None
    assert readings.newcomers(*people, ("newer", ANN)) is not None
    assert readings.newcomers(("newest", ANN), *people, ("newest", {"enabled": False})) is None


def test_every_newcomer_has_a_salt_of_their_own(readings: Readings) -> None:
    readings.take(("a1", ANN), ("a2", ANN), ("a3", ANN))
    assert len({readings.identities(who)[0].salt for who in ("a1", "a2", "a3")}) == 3


@pytest.mark.parametrize(("many", "asked_for"), [(3, [1, 2, 3]), (5_001, None)])
def test_where_very_many_may_differ_everybody_is_looked_at(
    readings: Readings, many: int, asked_for: list[int] | None
) -> None:
    readings.take(*((f"a{number}", ANN) for number in range(many)))
    with readings.database.read() as session:
        assert placed.unsettled(session, readings.client_id) == asked_for
        assert len(list(placed.placements(session, readings.client_id, asked_for))) == many
