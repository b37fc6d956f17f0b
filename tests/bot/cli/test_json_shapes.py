from dataclasses import replace
from datetime import date

from billing.quantities import Measure
from bot.cli import json_shapes
from commands.run_cards import FindingView
from documents.canonical import as_json
from tests.bot.cli.samples import APPROVED, CHANGE, HELD, LICENCES, MISMATCH, NOTHING, ROSTERS, RUN, SUMMARY
from tests.documents.samples import document


def test_a_change_names_its_money_as_text_and_its_items_by_object_id() -> None:
    assert json_shapes.change(CHANGE) == {
        "id": 7,
        "client": "acme",
        "revision": 2,
        "state": "pending",
        "items": [
            {
                "number": 1,
                "kind": "join",
                "roster": "full",
                "person": "Ann Ames",
                "person_id": 12,
                "account": "0b3f",
                "of": None,
                "before": None,
                "after": None,
                "effective": "2027-04-11",
            },
            {
                "number": 2,
                "kind": "quantity",
                "roster": None,
                "person": None,
                "person_id": None,
                "account": None,
                "of": {"licence": "SPB"},
                "before": "10",
                "after": "12.5",
                "effective": "2027-04-11",
            },
        ],
        "monthly": "120.00",
        "next_invoice": "200.00",
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "takes_two": False,
        "first_approved_by": None,
        "undone_by": None,
        "undoes": None,
    }


def test_a_decided_change_says_who_and_when() -> None:
    shape = json_shapes.change(APPROVED)
    assert (shape["decided_by"], shape["decided_at"]) == ("cli:root for Dana", "2027-04-12T02:30:00+00:00")


def test_a_quantity_of_a_roster_is_a_bare_word_as_in_a_book() -> None:
    item = replace(LICENCES, measure=Measure("roster", "full"))
    assert json_shapes.change(replace(CHANGE, items=(item,)))["items"][0]["of"] == "full"


def test_rosters_are_listed_by_name_with_their_seats() -> None:
    assert json_shapes.rosters(ROSTERS) == {
        "client": "acme",
        "on": "2027-05-01",
        "rosters": {
            "full": {
                "seats": [
                    {"person": "Ann Ames", "person_id": 12, "accounts": ["0b3f"], "from": "2027-05-01", "to": None}
                ],
                "billable": 45,
            }
        },
    }


def test_a_mismatch_carries_its_money_as_text() -> None:
    assert json_shapes.mismatch(MISMATCH) == {
        "client": "acme",
        "code": "R06",
        "effect": "warn",
        "amount": "160.00",
        "text": "Two people are not billed.",
        "remedy": "Approve them.",
    }


def test_a_mismatch_without_money_says_null_and_not_zero() -> None:
    assert json_shapes.mismatch(replace(MISMATCH, amount_minor=None))["amount"] is None


def test_a_run_lists_what_holds_each_client() -> None:
    assert json_shapes.run(RUN) == {
        "bill_date": "2027-05-01",
        "state": "drafted",
        "clients": [
            {"client": "acme", "state": "held", "held": ["R01"], "total": None, "number": None, "findings": None}
        ],
    }


def test_an_issued_client_of_a_run_has_its_total_and_number() -> None:
    issued = replace(HELD, state="issued", held=(), total_minor=208331, number="NW-000001")
    shape = json_shapes.run(replace(RUN, clients=(issued,)))["clients"][0]
    assert (shape["total"], shape["number"]) == ("2083.31", "NW-000001")


def test_a_run_lists_what_the_search_after_it_found() -> None:
    found = FindingView("gap", "backup", date(2027, 5, 1), date(2027, 6, 1), "Nothing is charged.")
    shape = json_shapes.run(replace(RUN, clients=(replace(HELD, state="nothing", findings=(found,)),)))["clients"][0]
    assert shape["findings"] == [
        {"kind": "gap", "line": "backup", "from": "2027-05-01", "to": "2027-06-01", "text": "Nothing is charged."}
    ]


def test_an_issued_document_in_a_list_says_what_it_comes_to() -> None:
    assert json_shapes.invoice_summary(SUMMARY)["total"] == "2083.31"


def test_a_preview_of_nothing_has_the_keys_of_a_document_and_the_reason() -> None:
    shape = json_shapes.nothing_owed(NOTHING)
    assert list(shape) == list(as_json(document()))
    assert (shape["document"], shape["lines"], shape["total"]) == (None, [], "0")
    assert shape["notes"] == ["Nothing more is owed."]
