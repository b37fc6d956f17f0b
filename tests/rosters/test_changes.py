"""What a reading of the directory would change, what that costs, and what an approval does to the seats."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.quantities import Measure, Seat, Step
from rosters.changes import (
    ChangeItem,
    Effect,
    Items,
    Placement,
    after_change,
    after_earlier_seats,
    apply_items,
    carried,
    effect,
    fingerprint,
    in_step,
    movers,
    seat_items,
    still_asked,
)
from tests.billing.build import (
    FULL,
    GRADUATED,
    VOLUME,
    agreement,
    day,
    line,
    per_unit,
    seat,
    snapshot,
    steps,
    terms,
)

ROSTERS = ("full", "frontline")


def _placed(person: int, roster: str | None, since: str = "2027-04-11", account: int | None = None) -> Placement:
    return Placement(account if account is not None else 100 + person, person, roster, day(since))


def _difference(placements: list[Placement], *seats: Seat) -> list[tuple[str, str | None, int | None, str]]:
    return [
        (item.kind, item.roster, item.person, str(item.effective)) for item in seat_items(ROSTERS, placements, seats)
    ]


def test_somebody_who_counts_and_has_no_seat_joins() -> None:
    assert _difference([_placed(1, "full")]) == [("join", "full", 1, "2027-04-11")]


def test_somebody_who_has_a_seat_and_counts_no_more_leaves() -> None:
    assert _difference([_placed(1, None)], seat(1, "2027-01-01")) == [("leave", "full", 1, "2027-04-11")]


def test_where_both_agree_nothing_changes() -> None:
    assert _difference([_placed(1, "full"), _placed(2, None)], seat(1, "2027-01-01")) == []


def test_a_move_between_rosters_is_one_leave_and_one_join() -> None:
    assert _difference([_placed(1, "full")], seat(1, "2027-01-01", roster="frontline")) == [
        ("leave", "frontline", 1, "2027-04-11"),
        ("join", "full", 1, "2027-04-11"),
    ]


def test_a_seat_that_has_ended_does_not_keep_anybody_from_joining_again() -> None:
    assert _difference([_placed(1, "full")], seat(1, "2027-01-01", "2027-03-01")) == [("join", "full", 1, "2027-04-11")]


def test_placements_out_of_the_order_of_their_people_are_refused() -> None:
    with pytest.raises(ValueError, match="in the order of their people"):
        seat_items(ROSTERS, [_placed(1, "full"), _placed(2, "full"), _placed(1, "full")], ())


def test_leaves_are_listed_before_joins_and_by_their_days() -> None:
    placements = [_placed(1, "full"), _placed(2, None, "2027-04-12"), _placed(3, None, "2027-04-10")]
    assert [item[:3] for item in _difference(placements, seat(2, "2027-01-01"), seat(3, "2027-01-01"))] == [
        ("leave", "full", 3),
        ("leave", "full", 2),
        ("join", "full", 1),
    ]


def test_what_begins_on_one_day_is_listed_in_the_order_of_its_people() -> None:
    placements = [_placed(1, "full"), _placed(2, "frontline"), _placed(3, "full")]
    assert [item[1:3] for item in _difference(placements)] == [("full", 1), ("frontline", 2), ("full", 3)]


def test_people_who_are_known_to_join_stand_among_those_who_differ() -> None:
    joins = [ChangeItem("join", day(since), "full", person) for person, since in ((8, "2027-04-12"), (9, "2027-04-10"))]
    items = seat_items(ROSTERS, [_placed(1, "full"), _placed(2, None)], [seat(2, "2027-01-01")], joins)
    assert [(item.kind, item.person) for item in items] == [("leave", 2), ("join", 9), ("join", 1), ("join", 8)]


def test_the_items_of_a_change_are_looked_at_once() -> None:
    items = Items(seat_items(ROSTERS, [_placed(1, "full"), _placed(2, "full"), _placed(3, "frontline")], ()))
    assert Items.of(items) is items
    assert items.alike is items.alike
    assert [len(run) for _, run in items.alike] == [2, 1]
    assert Items.of(iter(items)) == items


@pytest.mark.parametrize("order", [1, -1])
def test_a_person_with_two_accounts_has_one_seat_on_the_better_roster(order: int) -> None:
    accounts = [_placed(1, "frontline", account=7), _placed(1, "full", account=8)][::order]
    items = seat_items(ROSTERS, accounts, ())
    assert [(item.roster, item.account) for item in items] == [("full", 8)]


@pytest.mark.parametrize("order", [1, -1])
def test_a_person_with_two_accounts_joins_with_the_first_that_counts(order: int) -> None:
    accounts = [_placed(1, "full", "2027-04-20", 7), _placed(1, "full", "2027-04-05", 8)][::order]
    assert _difference(accounts) == [("join", "full", 1, "2027-04-05")]


@pytest.mark.parametrize("order", [1, -1])
def test_a_person_with_two_accounts_leaves_with_the_last_that_counted(order: int) -> None:
    accounts = [_placed(1, None, "2027-04-05", 7), _placed(1, None, "2027-04-20", 8)][::order]
    assert _difference(accounts, seat(1, "2027-01-01")) == [("leave", "full", 1, "2027-04-20")]


def test_a_person_who_falls_back_to_a_second_account_moves_when_the_first_ended() -> None:
    accounts = [_placed(1, "frontline", "2027-01-01", 7), _placed(1, None, "2027-04-20", 8)]
    assert _difference(accounts, seat(1, "2027-01-01")) == [
        ("leave", "full", 1, "2027-04-20"),
        ("join", "frontline", 1, "2027-04-20"),
    ]


def test_a_person_who_rises_with_one_account_moves_when_that_one_rose() -> None:
    accounts = [_placed(1, "full", "2027-04-05", 7), _placed(1, None, "2027-04-20", 8)]
    items = seat_items(ROSTERS, accounts, [seat(1, "2027-01-01", roster="frontline")])
    assert items == (
        ChangeItem("leave", day("2027-04-05"), "frontline", 1, account=7),
        ChangeItem("join", day("2027-04-05"), "full", 1, account=7),
    )


@pytest.mark.parametrize("order", [1, -1])
def test_a_seat_on_a_roster_that_is_no_more_is_lost_with_the_last_account(order: int) -> None:
    accounts = [_placed(1, None, "2027-04-05", 7), _placed(1, None, "2027-04-20", 8)][::order]
    assert _difference(accounts, seat(1, "2027-01-01", roster="gone")) == [("leave", "gone", 1, "2027-04-20")]


def test_a_seat_on_a_roster_that_is_no_more_is_left() -> None:
    assert _difference([_placed(1, "full")], seat(1, "2027-01-01", roster="gone")) == [
        ("leave", "gone", 1, "2027-04-11"),
        ("join", "full", 1, "2027-04-11"),
    ]


def test_an_item_keeps_the_day_of_the_revision_that_saw_it_first() -> None:
    first = ChangeItem("join", day("2027-04-11"), "full", 1)
    again = [first._replace(effective=day("2027-04-14")), ChangeItem("join", day("2027-04-14"), "full", 2)]
    assert [str(item.effective) for item in carried(again, [first], day("2027-04-14"))] == ["2027-04-11", "2027-04-14"]


@pytest.mark.parametrize(
    ("before", "again", "kept"),
    [("2099-01-01", "2027-04-14", "2027-04-14"), ("2027-04-12", "2027-04-14", "2027-04-12")],
    ids=["a mistyped day", "a look at an earlier day"],
)
def test_a_day_that_is_yet_to_come_gives_way_to_an_earlier_one_alone(before: str, again: str, kept: str) -> None:
    first = ChangeItem("join", day(before), "full", 1)
    found = carried([first._replace(effective=day(again))], [first], day("2027-04-11"))
    assert [str(item.effective) for item in found] == [kept]


def test_an_item_of_another_kind_or_roster_does_not_inherit_a_day() -> None:
    pending = [ChangeItem("join", day("2027-04-11"), "full", 1)]
    fresh = [ChangeItem("leave", day("2027-04-14"), "full", 1), ChangeItem("join", day("2027-04-14"), "frontline", 1)]
    assert carried(fresh, pending, day("2027-04-14")) == tuple(fresh)


def test_who_was_to_move_and_now_only_leaves_is_asked_about_from_the_day_of_leaving() -> None:
    gone = ChangeItem("leave", day("2027-04-15"), "full", 1)
    mover = [gone._replace(effective=day("2027-04-11")), ChangeItem("join", day("2027-04-11"), "frontline", 1)]
    other = ChangeItem("leave", day("2027-04-11"), "full", 2)
    again = [gone, other._replace(effective=day("2027-04-15"))]
    assert still_asked(iter([*mover, other]), iter(again)) == (other,)
    assert carried(again, [*mover, other], day("2027-04-15")) == (gone, other)


def test_who_moves_elsewhere_than_first_seen_is_still_asked_about() -> None:
    first = (ChangeItem("leave", day("2027-04-11"), "full", 1), ChangeItem("join", day("2027-04-11"), "frontline", 1))
    assert still_asked(first, [first[0], first[1]._replace(roster="guests")]) == first


JOIN, LEAVE = ChangeItem("join", day("2027-04-11"), "full", 1), ChangeItem("leave", day("2027-04-11"), "frontline", 1)


def test_who_leaves_one_roster_and_joins_another_moves() -> None:
    others = (JOIN._replace(person=2), LEAVE._replace(person=3))
    counted = ChangeItem("quantity", day("2027-04-11"), measure=Measure("licence", "SPB"), after=Decimal(4))
    assert movers(iter((*others, LEAVE, JOIN, counted))) == {1}
    assert movers((*others, counted)) == frozenset()


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(("left", "joined"), [("2027-04-11", "2027-04-15"), ("2027-04-15", "2027-04-11")])
def test_both_halves_of_a_move_take_the_later_of_their_days(left: str, joined: str, order: int) -> None:
    halves = [LEAVE._replace(effective=day(left)), JOIN._replace(effective=day(joined))][::order]
    expected = [item._replace(effective=day("2027-04-15")) for item in halves]
    assert in_step(iter(halves)) == tuple(expected)


def test_who_only_comes_or_only_goes_keeps_the_day() -> None:
    items = (LEAVE._replace(person=2), JOIN, JOIN._replace(person=3, effective=day("2027-04-20")))
    assert in_step(items) == items


@pytest.mark.parametrize("order", [1, -1])
def test_nobody_joins_before_the_end_of_an_earlier_seat(order: int) -> None:
    seats = [seat(1, "2026-01-01", "2026-06-01"), seat(1, "2027-01-01", "2027-04-15"), seat(2, "2027-01-01")][::order]
    other = JOIN._replace(person=2)
    moved = after_earlier_seats([LEAVE, JOIN, other], seats)
    assert moved == (LEAVE, JOIN._replace(effective=day("2027-04-15")), other)


def test_who_comes_back_after_the_end_of_an_earlier_seat_keeps_the_day() -> None:
    assert after_earlier_seats([JOIN], [seat(1, "2027-01-01", "2027-04-10")]) == (JOIN,)


def test_an_approval_closes_and_opens_seats_on_their_days() -> None:
    seats = (seat(1, "2027-01-01"), seat(2, "2027-01-01"))
    items = [ChangeItem("leave", day("2027-04-10"), "full", 1), ChangeItem("join", day("2027-04-11"), "full", 3)]
    assert tuple(apply_items(seats, items)) == (
        seat(1, "2027-01-01", "2027-04-10"),
        seat(2, "2027-01-01"),
        seat(3, "2027-04-11"),
    )


def test_an_approval_leaves_ended_seats_and_other_rosters_alone() -> None:
    seats = (seat(1, "2026-01-01", "2026-06-01"), seat(1, "2027-01-01", roster="frontline"))
    assert tuple(apply_items(seats, [ChangeItem("leave", day("2027-04-10"), "full", 1)])) == seats


def test_a_seat_never_ends_before_it_began() -> None:
    after = apply_items((seat(1, "2027-04-20"),), [ChangeItem("leave", day("2027-04-10"), "full", 1)])
    assert tuple(after) == (seat(1, "2027-04-20", "2027-04-20"),)


def test_the_effect_is_what_the_month_and_the_next_invoice_would_move_by() -> None:
    facts = snapshot(
        replace(agreement(line(GRADUATED)), bills_from=day("2027-05-01")),
        seats=[seat(person, "2027-04-01") for person in range(42)],
        counted="2027-04-01",
    )
    joins = [ChangeItem("join", day("2027-04-11"), "full", person) for person in (42, 43, 44)]
    assert effect(facts, joins, day("2027-04-12")) == Effect(120_00, 120_00, day("2027-05-01"))


def test_the_next_invoice_carries_the_days_of_the_month_already_billed() -> None:
    facts = snapshot(line(GRADUATED), seats=[seat(person, "2027-01-01") for person in range(42)], counted="2027-01-01")
    joins = [ChangeItem("join", day("2027-04-11"), "full", person) for person in (42, 43, 44)]
    money = effect(facts, joins, day("2027-04-12"))
    # The month that begins, and 20 of April's 30 days.
    assert (money.monthly_minor, money.next_invoice_minor) == (120_00, 120_00 + 80_00)


def test_the_next_invoice_is_that_of_the_day_that_was_asked_for() -> None:
    facts = snapshot(line(per_unit("30")), seats=[seat(1, "2027-01-01")], counted="2027-01-01")
    joins = [ChangeItem("join", day("2027-06-01"), "full", 2)]
    later = effect(facts, joins, day("2027-04-12"), day("2027-06-01"))
    assert (later.next_bill_date, later.next_invoice_minor) == (day("2027-06-01"), 30_00)
    assert effect(facts, joins, day("2027-04-12")).next_invoice_minor == 0


def test_the_effect_of_an_iterator_is_that_of_its_items() -> None:
    facts = snapshot(line(per_unit("30")), seats=[seat(1, "2027-01-01")], counted="2027-01-01")
    joins = [ChangeItem("join", day("2027-06-01"), "full", 2)]
    assert effect(facts, iter(joins), day("2027-04-12")) == effect(facts, joins, day("2027-04-12"))
    assert effect(facts, joins, day("2027-04-12")).monthly_minor == 30_00


def test_more_users_under_volume_tiers_lower_the_bill() -> None:
    facts = snapshot(line(VOLUME), seats=[seat(person, "2027-01-01") for person in range(24)], counted="2027-01-01")
    joins = [ChangeItem("join", day("2027-03-16"), "full", person) for person in (24, 25)]
    assert effect(facts, joins, day("2027-03-16")).monthly_minor == -40_00


def test_leavers_under_the_minimum_lower_nothing() -> None:
    facts = snapshot(
        line(per_unit("75"), minimum="20"),
        seats=[seat(person, "2027-01-01") for person in range(18)],
        counted="2027-01-01",
    )
    leave = [ChangeItem("leave", day("2027-03-16"), "full", 1)]
    money = effect(facts, leave, day("2027-03-16"))
    assert (money.monthly_minor, money.next_invoice_minor) == (0, 0)


def test_a_client_without_an_agreement_has_no_next_invoice() -> None:
    joins = [ChangeItem("join", day("2027-03-16"), "full", 1)]
    assert effect(snapshot(terms()), joins, day("2027-03-16")) == Effect(0, 0, None)


def test_a_first_count_shows_the_difference_to_the_stated_number() -> None:
    facts = snapshot(line(per_unit("30")), steps(("2027-01-01", "42")))
    count = [ChangeItem("join", day("2027-05-01"), "full", person) for person in range(44)]
    money = effect(facts, count, day("2027-04-12"))
    assert (money.monthly_minor, money.next_invoice_minor) == (2 * 30_00, 2 * 30_00)


def test_a_first_count_replaces_the_stated_number_from_its_day() -> None:
    facts = snapshot(line(per_unit("30")), steps(("2027-01-01", "42")))
    count = [ChangeItem("join", day("2027-04-11"), "full", person) for person in range(44)]
    timeline = after_change(facts, count).quantities(day("2027-05-01"))[FULL]
    assert timeline.at(day("2027-04-10")) == 42
    assert timeline.at(day("2027-04-11")) == 44


@pytest.mark.parametrize("order", [1, -1])
def test_a_first_count_begins_with_the_earliest_of_its_people(order: int) -> None:
    joins = [ChangeItem("join", day("2027-04-11"), "full", 1), ChangeItem("join", day("2027-04-20"), "full", 2)]
    assert after_change(snapshot(line(per_unit("30"))), joins[::order]).counted == {"full": day("2027-04-11")}


def test_a_later_change_does_not_move_the_first_count() -> None:
    facts = snapshot(line(per_unit("30")), seats=[seat(1, "2027-04-11")], counted="2027-04-11")
    after = after_change(facts, [ChangeItem("join", day("2027-04-05"), "full", 2)])
    assert after.counted == {"full": day("2027-04-11")}


def test_another_day_another_amount_or_another_person_is_another_revision() -> None:
    item, money = ChangeItem("join", day("2027-04-11"), "full", 1), Effect(80_00, 80_00, day("2027-05-01"))
    prints = {
        fingerprint([item], money),
        fingerprint([item._replace(effective=day("2027-04-12"))], money),
        fingerprint([item._replace(person=2)], money),
        fingerprint([item, item._replace(person=2)], money),
        fingerprint([item], replace(money, monthly_minor=90_00)),
        fingerprint([item], replace(money, next_bill_date=day("2027-06-01"))),
    }
    assert len(prints) == 6
    assert fingerprint([item], money) in prints


def test_a_fingerprint_that_is_stored_fits_what_it_was_made_of() -> None:
    """Made in 2026: with another one each change that waits would be a new revision, for nothing."""
    join = ChangeItem("join", day("2027-04-11"), "full", 1, 7)
    count = ChangeItem(
        "quantity", day("2027-04-12"), measure=Measure("licence", "SPB"), before=Decimal(4), after=Decimal(6)
    )
    money = Effect(120_00, 60_00, day("2027-05-01"))
    stored = "f2bdeb7fc33582292e55caf13d9dbc124a70ec5718b1e716cb190f390cefdaaf"
    assert fingerprint([join, join._replace(person=2), count], money) == stored


def test_the_effect_of_a_counted_quantity_is_its_price_a_month() -> None:
    licences = Measure("licence", "SPB")
    facts = snapshot(agreement(line(per_unit("20"), count=licences)))
    moved = ChangeItem("quantity", day("2027-01-01"), measure=licences, before=Decimal(0), after=Decimal(3))
    assert effect(facts, [moved], day("2027-01-01")).monthly_minor == 60_00


def test_a_counted_quantity_moves_from_its_day_on_and_keeps_what_was_before() -> None:
    licences = Measure("licence", "SPB")
    facts = snapshot(agreement(line(per_unit("20"), count=licences)))
    facts = replace(facts, stated={licences: steps(("2027-01-01", "5"))})
    moved = ChangeItem("quantity", day("2027-04-11"), measure=licences, before=Decimal(5), after=Decimal(7))
    assert after_change(facts, [moved]).stated == {licences: steps(("2027-01-01", "5"), ("2027-04-11", "7"))}


def test_an_approved_quantity_replaces_the_number_of_the_same_day_that_was_known_before() -> None:
    licences = Measure("licence", "SPB")
    facts = snapshot(agreement(line(per_unit("20"), count=licences)))
    facts = replace(facts, stated={licences: (Step(day("2027-04-11"), Decimal(5), known=day("2027-04-11")),)})
    moved = ChangeItem("quantity", day("2027-04-11"), measure=licences, before=Decimal(5), after=Decimal(7))
    assert effect(facts, [moved], day("2027-04-12")).monthly_minor == 40_00


def test_a_change_that_brings_about_the_next_invoice_costs_all_of_it() -> None:
    facts = snapshot(agreement(line(per_unit("30")), start="2027-05-01"), counted="2027-04-01")
    money = effect(facts, [ChangeItem("join", day("2027-05-01"), "full", 1)], day("2027-04-12"))
    assert money == Effect(30_00, 30_00, day("2027-05-01"))
