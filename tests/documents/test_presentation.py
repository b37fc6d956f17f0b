# ruff: noqa: RUF001 - documents are set with en dashes and multiplication signs

from dataclasses import replace
from datetime import date

from billing.calendar import Period
from billing.quantities import RosterPeople, Span
from documents.presentation import Fact, Person, present
from tests.documents.samples import APRIL, MAY, credit_note, document, draft, goodwill, hostile, issued, recurring


def test_a_preview_says_that_it_is_a_draft() -> None:
    shown = present(document())
    assert shown.stamp == "DRAFT"
    assert "not issued" in shown.stamp_reason
    assert shown.total == Fact("Total", "$2,170.41")


def test_an_issued_invoice_says_what_is_due_and_when() -> None:
    shown = present(issued())
    assert shown.stamp == ""
    assert shown.headline == Fact("Total due by 31 May 2027", "$2,170.41")
    assert shown.facts == (
        Fact("Number", "NW-000007"),
        Fact("Date", "3 May 2027"),
        Fact("Due", "31 May 2027"),
        Fact("Currency", "USD"),
        Fact("Your reference", "PO 4711"),
    )


def test_charges_stand_in_groups_in_a_fixed_order() -> None:
    shown = present(document(draft(goodwill(), recurring())))
    assert [group.title for group in shown.groups] == ["Recurring", "One-off"]


def test_a_single_kind_of_charge_needs_no_heading() -> None:
    assert [group.title for group in present(document(draft(recurring()))).groups] == [""]


def test_only_an_item_that_is_billed_for_several_periods_has_its_days_beside_its_workings() -> None:
    before = replace(recurring(), cycle=APRIL, period=APRIL)
    titles = [each.title for each in present(document(draft(before, recurring()))).workings]
    assert titles == ["Managed user, 1–30 Apr 2027", "Managed user, 1–31 May 2027"]
    assert [each.title for each in present(document(draft(recurring()))).workings] == ["Managed user"]


def test_taxes_stand_between_subtotal_and_total() -> None:
    shown = present(issued())
    assert shown.totals == (Fact("Subtotal", "$2,005.00"), Fact("Sales tax 8.25% on $2,005.00", "$165.41"))


def test_a_credit_note_prints_its_amounts_positive_and_asks_for_nothing() -> None:
    shown = present(credit_note())
    assert shown.heading == "Credit note"
    assert shown.groups[0].rows[0].amount == "$50.00"
    assert shown.totals == (Fact("Subtotal", "$50.00"), Fact("Sales tax 8.25% on $50.00", "$4.13"))
    assert shown.total == shown.headline == Fact("Total credit", "$54.13")
    assert Fact("Corrects", "NW-000007") in shown.facts
    assert "Due" not in {fact.label for fact in shown.facts}


def test_a_leaver_stays_listed_with_his_last_day() -> None:
    stays, leaves, joins, returns = 0, 1, 2, 3
    spans = (
        Span(stays, MAY),
        Span(leaves, Period(MAY.start, date(2027, 5, 15))),
        Span(joins, Period(date(2027, 5, 11), MAY.end)),
        Span(returns, Period(MAY.start, date(2027, 5, 5))),
        Span(returns, Period(date(2027, 5, 20), MAY.end)),
    )
    content = replace(draft(recurring()), people=(RosterPeople("full", MAY, spans),))
    (full,) = present(document(content)).names
    assert full.detail == "4 users, 1–31 May 2027"
    assert full.people == (
        Person("Ann Ames", ""),
        Person("Bo Ames", "to 14 May"),
        Person("Cy Ames", "from 11 May"),
        Person("Dee Ames", "to 4 May, from 20 May"),
    )


def test_an_erased_name_is_said_to_be_erased() -> None:
    shown = present(replace(document(), names={}))
    assert {person.name for person in shown.names[0].people} == {"(name erased)"}
    assert "(name erased)" in shown.groups[1].rows[0].detail


def test_no_string_carries_control_characters_or_turns_the_direction_of_writing() -> None:
    assert not {"\u202e", "\t", "\n", "\x00"} & set(repr_of_strings(present(hostile())))


def repr_of_strings(shown: object) -> str:
    return "".join(part for part in str(shown).split("'") if part)


def test_paper_follows_the_sellers_country() -> None:
    assert present(issued()).paper == "us-letter"
    german = replace(issued(), seller=replace(issued().seller, country="DE"))
    assert present(german).paper == "a4"


def test_figures_follow_the_clients_locale_while_the_words_stay_english() -> None:
    shown = present(replace(issued(replace(draft(), currency="EUR")), locale="de_DE"))
    assert shown.headline == Fact("Total due by 31 May 2027", "2.170,41\N{NO-BREAK SPACE}€")
