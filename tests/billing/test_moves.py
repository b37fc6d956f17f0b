"""Why an adjustment came about, as facts: who joined, who left, which number or price differs."""

from dataclasses import replace
from decimal import Decimal

from billing.agreement import Line
from billing.draft import Charge, Move
from billing.invoice import draft_invoice
from billing.quantities import Seat, Step
from billing.snapshot import Snapshot, as_billed
from tests.billing.build import day, line, per_unit, prices, seat, snapshot, steps

PER_USER = line(per_unit("30"))


def _adjustment(before: Snapshot, after: Snapshot) -> Charge:
    """The adjustment of April that May's invoice makes once `after` is known instead of `before`."""
    april = draft_invoice(before, day("2027-04-01"))
    assert april is not None
    may = draft_invoice(replace(after, billed=as_billed(april)), day("2027-05-01"))
    assert may is not None
    return next(
        charge for charge in may.charges if charge.kind == "adjustment" and charge.period.start == day("2027-04-01")
    )


def _by_seats(*seats: Seat, of: Line = PER_USER) -> Snapshot:
    return _april(snapshot(of, seats=seats, counted="2027-04-01"))


def _by_numbers(*quantities: Step, of: Line = PER_USER) -> Snapshot:
    return _april(snapshot(of, quantities))


def _april(facts: Snapshot) -> Snapshot:
    """The facts with nothing billed before April."""
    only = replace(facts.terms.agreements[0], bills_from=day("2027-04-01"))
    return replace(facts, terms=replace(facts.terms, agreements=(only,)))


def test_those_who_joined_on_one_day_are_named_together() -> None:
    charge = _adjustment(
        _by_seats(seat(1, "2027-04-01")),
        _by_seats(seat(1, "2027-04-01"), seat(2, "2027-04-11"), seat(3, "2027-04-11"), seat(4, "2027-04-21")),
    )
    assert charge.moves == (
        Move(day("2027-04-11"), Decimal(0), Decimal(2), 20, 30, joined=(2, 3)),
        Move(day("2027-04-21"), Decimal(0), Decimal(1), 10, 30, joined=(4,)),
    )
    assert charge.amount_minor == 50_00


def test_those_who_left_are_named_with_the_days_that_are_given_back() -> None:
    charge = _adjustment(
        _by_seats(seat(1, "2027-04-01"), seat(2, "2027-04-01")),
        _by_seats(seat(1, "2027-04-01"), seat(2, "2027-04-01", "2027-04-21")),
    )
    assert charge.moves == (Move(day("2027-04-21"), Decimal(1), Decimal(0), 10, 30, left=(2,)),)
    assert charge.amount_minor == -10_00


def test_a_gap_in_somebody_s_days_is_named_as_the_days_away() -> None:
    charge = _adjustment(
        _by_seats(seat(1, "2027-04-01")),
        _by_seats(seat(1, "2027-04-01", "2027-04-11"), seat(1, "2027-04-21")),
    )
    assert [(str(m.day), m.left, m.days) for m in charge.moves] == [("2027-04-11", (1,), 10)]


def test_of_two_stays_each_is_compared_by_itself() -> None:
    """The first stay ends five days sooner; the second was and is."""
    charge = _adjustment(
        _by_seats(seat(1, "2027-04-01", "2027-04-11"), seat(1, "2027-04-21")),
        _by_seats(seat(1, "2027-04-01", "2027-04-06"), seat(1, "2027-04-21")),
    )
    assert [(str(m.day), m.left, m.days) for m in charge.moves] == [("2027-04-06", (1,), 5)]


def test_a_second_stay_that_begins_sooner_is_named_with_the_days_before() -> None:
    charge = _adjustment(
        _by_seats(seat(1, "2027-04-01", "2027-04-11"), seat(1, "2027-04-25")),
        _by_seats(seat(1, "2027-04-01", "2027-04-11"), seat(1, "2027-04-21")),
    )
    assert [(str(m.day), m.joined, m.days) for m in charge.moves] == [("2027-04-21", (1,), 4)]


def test_somebody_who_came_and_went_is_named_with_the_days_between() -> None:
    charge = _adjustment(
        _by_seats(seat(1, "2027-04-01")), _by_seats(seat(1, "2027-04-01"), seat(2, "2027-04-11", "2027-04-16"))
    )
    assert [(str(m.day), m.joined, m.days) for m in charge.moves] == [("2027-04-11", (2,), 5)]


def test_where_only_numbers_are_known_the_numbers_say_it() -> None:
    charge = _adjustment(
        _by_numbers(*steps(("2027-04-01", "42"))), _by_numbers(*steps(("2027-04-01", "42"), ("2027-04-11", "45")))
    )
    assert charge.moves == (Move(day("2027-04-11"), Decimal(42), Decimal(45), 20, 30),)
    assert charge.quantity is None


def test_only_the_days_on_which_the_numbers_differ_are_told() -> None:
    billed, learnt = (("2027-04-01", "42"), ("2027-04-21", "43")), (("2027-04-11", "45"),)
    charge = _adjustment(_by_numbers(*steps(*billed)), _by_numbers(*steps(*billed, *learnt)))
    assert charge.moves == (Move(day("2027-04-11"), Decimal(42), Decimal(45), 10, 30),)


def test_the_first_people_on_an_empty_roster_are_named() -> None:
    """A minimum of one was billed for nobody."""
    of = line(per_unit("30"), minimum="1")
    charge = _adjustment(_by_seats(of=of), _by_seats(seat(1, "2027-04-11"), seat(2, "2027-04-11"), of=of))
    assert charge.moves == (Move(day("2027-04-11"), Decimal(0), Decimal(2), 20, 30, joined=(1, 2)),)


def test_names_that_do_not_make_up_the_billed_number_are_not_used() -> None:
    # Two were billed by number; the first count on 11 April names one of them only.
    before = _by_numbers(*steps(("2027-04-01", "2")))
    after = replace(before, seats=(seat(1, "2027-04-11"),), counted={"full": day("2027-04-11")})
    charge = _adjustment(before, after)
    assert charge.moves == (
        Move(day("2027-04-11"), steps(("2027-04-01", "2"))[0].quantity, charge.moves[0].after, 20, 30),
    )
    assert charge.moves[0].after == 1


def test_a_price_that_changed_is_told_with_its_days() -> None:
    late = line(prices(per_unit("30"), ("2027-04-11", per_unit("33"), None)))
    charge = _adjustment(_by_seats(seat(1, "2027-04-01")), _by_seats(seat(1, "2027-04-01"), of=late))
    assert charge.moves == (Move(day("2027-04-11"), Decimal(1), Decimal(1), 20, 30, price_changed=True),)


def test_a_price_and_a_person_on_one_day_are_both_told() -> None:
    late = line(prices(per_unit("30"), ("2027-04-11", per_unit("33"), None)))
    charge = _adjustment(
        _by_seats(seat(1, "2027-04-01"), seat(2, "2027-04-01")),
        _by_seats(seat(1, "2027-04-01"), seat(2, "2027-04-01", "2027-04-21"), of=late),
    )
    assert [(str(m.day), m.left, m.price_changed) for m in charge.moves] == [
        ("2027-04-11", (), True),
        ("2027-04-21", (2,), False),
    ]


def test_the_moves_of_people_explain_the_amount() -> None:
    charge = _adjustment(
        _by_seats(seat(1, "2027-04-01"), seat(2, "2027-04-01")),
        _by_seats(
            seat(1, "2027-04-01", "2027-04-06"), seat(2, "2027-04-01"), seat(3, "2027-04-11"), seat(4, "2027-04-30")
        ),
    )
    person_days = sum(len(move.joined) * move.days - len(move.left) * move.days for move in charge.moves)
    assert person_days == 20 + 1 - 25
    assert charge.amount_minor == person_days * 100


def test_what_was_billed_elsewhere_has_no_known_cause() -> None:
    before = _by_numbers(*steps(("2027-04-01", "2")))
    april = draft_invoice(before, day("2027-04-01"))
    assert april is not None
    bare = tuple(replace(entry, amount_minor=55_00, segments=(), spans=()) for entry in as_billed(april))
    may = draft_invoice(replace(before, billed=bare), day("2027-05-01"))
    assert may is not None
    assert [(charge.amount_minor, charge.moves) for charge in may.charges if charge.kind == "adjustment"] == [
        (5_00, ())
    ]
