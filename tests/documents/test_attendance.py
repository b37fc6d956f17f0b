from dataclasses import replace
from datetime import date

from billing.calendar import Period
from billing.quantities import Measure, RosterPeople, Span
from documents.attendance import Attendance, attendances, joined_up
from tests.documents.samples import APRIL, MAY, adjustment, draft, recurring, roster_people


def test_only_periods_billed_as_recurring_list_people() -> None:
    content = replace(draft(recurring(), adjustment()), people=(roster_people(APRIL, {9: APRIL.start}),))
    assert attendances(content) == ()


def test_days_in_two_billed_periods_that_touch_are_one_span() -> None:
    late = replace(recurring(), cycle=APRIL, period=APRIL)
    people = (roster_people(APRIL, {1: date(2027, 4, 11)}), roster_people(MAY, {1: APRIL.start}))
    (full,) = attendances(replace(draft(late, recurring()), people=people))
    assert full.billed == (Period(APRIL.start, MAY.end),)
    assert full.people == (Attendance(1, Period(date(2027, 4, 11), MAY.end)),)


def test_a_person_who_left_and_came_back_has_two_spans() -> None:
    first, second = Period(MAY.start, date(2027, 5, 5)), Period(date(2027, 5, 20), MAY.end)
    people = (RosterPeople("full", MAY, (Span(1, second), Span(1, first))),)
    (full,) = attendances(replace(draft(recurring()), people=people))
    assert full.people == (Attendance(1, first), Attendance(1, second))


def test_two_lines_over_one_roster_list_its_people_once() -> None:
    backup = replace(recurring(), text="Backup")
    content = replace(draft(recurring(), backup), people=(roster_people(MAY, {1: MAY.start}),))
    (full,) = attendances(content)
    assert full.people == (Attendance(1, MAY),)


def test_a_roster_that_no_recurring_line_counts_is_left_out() -> None:
    licences = replace(recurring(), measure=Measure("licence", "full"))
    assert attendances(draft(licences)) == ()


def test_overlapping_and_touching_periods_become_one() -> None:
    a, b, c = date(2027, 1, 1), date(2027, 1, 10), date(2027, 1, 20)
    parts = [Period(b, c), Period(a, b), Period(a, date(2027, 1, 15)), Period(date(2027, 2, 1), date(2027, 2, 2))]
    assert joined_up(parts) == (Period(a, c), Period(date(2027, 2, 1), date(2027, 2, 2)))
