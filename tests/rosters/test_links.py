"""Which accounts look like one human's, and who is who once it was said."""

from rosters.changes import Placement, standing
from rosters.links import Likely, Likeness, Pair, pair_of, suspects, together
from tests.billing.build import day


def likely(account: int, directory: int, **details: str | bool) -> Likely:
    return Likely(account, 100 + account, directory, **details)  # type: ignore[arg-type] # names say their types


def found(*accounts: Likely, decided: tuple[Pair, ...] = ()) -> list[tuple[Pair, Likeness]]:
    return list(suspects(accounts, frozenset(decided)))


def test_two_directories_with_one_mail_address_are_suspected_whatever_its_case() -> None:
    assert found(likely(2, 2, mail="Ann@Acme.example"), likely(1, 1, mail=" ann@acme.example")) == [((1, 2), "mail")]


def test_two_directories_with_one_number_of_an_employee_are_suspected() -> None:
    assert found(likely(1, 1, employee_id="E7"), likely(2, 2, employee_id="e7")) == [((1, 2), "employee_id")]


def test_a_pair_is_suspected_once() -> None:
    accounts = [likely(at, at, mail="a@b", employee_id="E7") for at in (1, 2)]
    assert found(*accounts) == [((1, 2), "mail")]


def test_nothing_in_common_is_no_likeness() -> None:
    assert found(likely(1, 1), likely(2, 2)) == []


def test_two_who_share_something_do_not_look_like_anybody_else() -> None:
    accounts = [likely(1, 1, mail="a@b"), likely(2, 2, mail="c@d"), likely(3, 3, mail="a@b")]
    assert found(*accounts) == [((1, 3), "mail")]


def test_one_mail_address_in_one_directory_is_no_likeness() -> None:
    assert found(likely(1, 1, mail="info@acme.example"), likely(2, 1, mail="info@acme.example")) == []


def test_who_is_gone_from_one_of_two_directories_is_not_suspected() -> None:
    assert found(likely(1, 1, mail="a@b", present=False), likely(2, 2, mail="a@b")) == []
    assert found(likely(1, 1, mail="a@b"), likely(2, 2, mail="a@b", present=False)) == []


def test_a_sign_in_name_that_came_back_with_another_id_is_suspected() -> None:
    gone = likely(1, 1, upn="bo@acme.example", present=False, seated=True)
    assert found(gone, likely(2, 1, upn="BO@acme.example")) == [((1, 2), "upn")]


def test_a_sign_in_name_of_somebody_who_never_had_a_seat_is_not() -> None:
    gone = likely(1, 1, upn="bo@acme.example", present=False)
    assert found(gone, likely(2, 1, upn="bo@acme.example", seated=True)) == []


def test_a_sign_in_name_in_two_directories_is_not() -> None:
    gone = likely(1, 1, upn="bo@acme.example", present=False, seated=True)
    assert found(gone, likely(2, 2, upn="bo@acme.example")) == []


def test_two_who_are_both_there_or_both_gone_did_not_come_back() -> None:
    for present in (True, False):
        each = [likely(at, 1, upn="bo@acme.example", present=present, seated=True) for at in (1, 2)]
        assert found(*each) == []


def test_a_pair_that_somebody_decided_is_not_suspected_again() -> None:
    assert found(likely(1, 1, mail="a@b"), likely(2, 2, mail="a@b"), decided=((1, 2),)) == []


def test_accounts_of_one_person_are_not_suspected() -> None:
    assert found(Likely(1, 7, 1, mail="a@b"), Likely(2, 7, 2, mail="a@b")) == []


def test_three_that_are_alike_are_three_pairs() -> None:
    pairs = found(*(likely(at, at, mail="a@b") for at in (1, 2, 3)))
    assert [pair for pair, _ in pairs] == [(1, 2), (1, 3), (2, 3)]


def test_a_pair_has_the_lower_account_first() -> None:
    assert pair_of(9, 4) == pair_of(4, 9) == (4, 9)


def test_accounts_go_together_through_others() -> None:
    assert together([1, 2, 3, 4, 5], [(1, 2), (4, 5), (2, 4)]) == (frozenset({1, 2, 4, 5}), frozenset({3}))


def test_a_pair_of_which_one_is_not_asked_about_joins_nobody() -> None:
    assert together([1, 2], [(1, 9), (9, 2)]) == (frozenset({1}), frozenset({2}))


def placed(person: int, roster: str | None) -> Placement:
    return Placement(1, person, roster, day("2027-01-01"))


def test_a_person_stands_on_the_first_roster_that_any_account_reaches() -> None:
    rosters = ("full", "frontline")
    assert standing(rosters, [placed(7, "frontline"), placed(7, "full"), placed(7, None)]) == {7: "full"}
    assert standing(rosters, [placed(7, "full"), placed(7, "frontline")]) == {7: "full"}


def test_a_person_stands_on_a_roster_that_is_not_listed_where_there_is_no_other() -> None:
    assert standing(("full",), [placed(7, "gone")]) == {7: "gone"}
    assert standing(("full",), [placed(7, "gone"), placed(7, "full")]) == {7: "full"}


def test_a_person_without_a_roster_stands_nowhere() -> None:
    assert standing(("full",), [placed(7, None)]) == {}
