# ruff: noqa: RUF001 - documents are set with en dashes and multiplication signs

import json
from dataclasses import replace
from datetime import date

from billing.taxes import TaxShare
from documents.canonical import as_json, content_hash
from tests.documents.samples import (
    HOSTILE,
    MAY,
    NAMES,
    SALES_TAX,
    credit_note,
    document,
    draft,
    goodwill,
    hostile,
    issued,
    recurring,
    roster_people,
)


def test_the_json_has_the_published_shape() -> None:
    content = as_json(document())
    people = content.pop("people")
    fingerprint = content.pop("hash")
    assert content == {
        "document": "invoice",
        "client": "acme",
        "number": None,
        "bill_date": "2027-05-01",
        "issued_on": None,
        "due_on": "2027-05-31",
        "currency": "USD",
        "lines": [
            {
                "line": "managed-user",
                "kind": "recurring",
                "text": "Managed user, 1–31 May 2027",
                "from": "2027-05-01",
                "to": "2027-06-01",
                "quantity": "45",
                "amount": "1925.00",
                "tax": "standard",
            },
            {
                "line": "managed-user",
                "kind": "adjustment",
                "text": "Managed user, 1–30 Apr 2027 · 3 users joined 11 Apr: 20 of 30 days",
                "from": "2027-04-01",
                "to": "2027-05-01",
                "quantity": None,
                "amount": "80.00",
                "tax": "standard",
            },
        ],
        "subtotal": "2005.00",
        "taxes": [
            {"category": "standard", "name": "Sales tax", "rate": "8.25", "base": "2005.00", "amount": "165.41"},
        ],
        "total": "2170.41",
        "corrects": [],
        "notes": [],
    }
    assert people["full"][0] == {"name": "Ann Ames", "from": "2027-05-01", "to": "2027-06-01"}
    assert len(people["full"]) == 45
    assert len(fingerprint) == 64


def test_people_are_sorted_by_name_without_regard_to_case() -> None:
    content = replace(draft(recurring()), people=(roster_people(MAY, dict.fromkeys((1, 2, 3), MAY.start)),))
    named = replace(document(content), names={1: "zoe", 2: "Ben", 3: "anna"})
    assert [person["name"] for person in as_json(named)["people"]["full"]] == ["anna", "Ben", "zoe"]


def test_an_issued_document_carries_its_number_and_date() -> None:
    content = as_json(issued())
    assert (content["number"], content["issued_on"]) == ("NW-000007", "2027-05-03")


def test_a_credit_note_keeps_its_signs_and_says_what_it_corrects_and_why() -> None:
    content = as_json(credit_note())
    assert (content["document"], content["subtotal"], content["total"]) == ("credit_note", "-50.00", "-54.13")
    assert content["lines"][0]["amount"] == "-50.00"
    assert content["corrects"] == ["NW-000007"]
    assert content["notes"] == ["Reason: Mail was down for a day"]


def test_the_reason_for_no_tax_is_a_note() -> None:
    content = replace(draft(), tax_reasons=(("exempt", "Reverse charge, Article 196"),))
    assert as_json(document(content))["notes"] == ["No tax (exempt): Reverse charge, Article 196"]


def test_issuing_keeps_the_hash() -> None:
    assert content_hash(issued()) == content_hash(document())


def test_erasing_and_renaming_keep_the_hash() -> None:
    renamed = replace(document(), names={**NAMES, 0: "Someone Else"})
    erased = replace(document(), names={})
    assert content_hash(renamed) == content_hash(erased) == content_hash(document())
    assert as_json(erased)["people"]["full"][0]["name"] == "(name erased)"


def test_another_amount_has_another_hash() -> None:
    one, other = document(draft(goodwill(-2500))), document(draft(goodwill(-2501)))
    assert content_hash(one) != content_hash(other)


def test_another_person_in_the_same_seat_has_another_hash() -> None:
    ann = replace(draft(recurring()), people=(roster_people(MAY, {0: MAY.start}),))
    bo = replace(draft(recurring()), people=(roster_people(MAY, {1: MAY.start}),))
    assert content_hash(document(ann)) != content_hash(document(bo))


def test_the_order_in_which_people_are_found_does_not_matter_to_the_hash() -> None:
    one = replace(draft(recurring()), people=(roster_people(MAY, {0: MAY.start, 1: date(2027, 5, 2)}),))
    other = replace(draft(recurring()), people=(roster_people(MAY, {1: date(2027, 5, 2), 0: MAY.start}),))
    assert content_hash(document(one)) == content_hash(document(other))


def test_names_in_json_are_the_names_as_they_are() -> None:
    names = {person["name"] for person in json.loads(json.dumps(as_json(hostile())))["people"]["full"]}
    assert names == set(HOSTILE)


SPLIT = (TaxShare("standard", (SALES_TAX,), -600), TaxShare("none", (), -300), TaxShare("standard", (), -100))


def test_what_falls_on_each_tax_category_is_told_where_there_are_several() -> None:
    charge = replace(recurring(), kind="discount", amount_minor=-1000, shares=SPLIT)
    (line,) = as_json(document(draft(charge)))["lines"]
    assert line["tax_shares"] == [
        {"category": "standard", "amount": "-7.00"},
        {"category": "none", "amount": "-3.00"},
    ]


def test_a_line_of_one_tax_category_has_no_shares() -> None:
    charge = replace(recurring(), amount_minor=-700, shares=(SPLIT[0], SPLIT[2]))
    assert all("tax_shares" not in line for line in as_json(document(draft(charge, goodwill())))["lines"])


def test_the_shares_leave_the_hash_as_it_was_before_they_were_told() -> None:
    whole = replace(recurring(), kind="discount", amount_minor=-1000)
    split = draft(replace(whole, shares=SPLIT))
    same = replace(draft(whole), taxes=split.taxes, total_minor=split.total_minor)
    assert content_hash(document(split)) == content_hash(document(same))
