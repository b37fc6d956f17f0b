# ruff: noqa: RUF001 - documents are set with en dashes and multiplication signs

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.draft import Move
from documents import wording
from documents.format import Format
from rosters.verdicts import Reason
from tests.documents.samples import JOINED, NAMES, adjustment, flat_stub, goodwill, recurring

DOLLARS = Format("en_US", "USD")


def move(
    before: str = "42",
    after: str = "45",
    *,
    joined: tuple[int, ...] = (),
    left: tuple[int, ...] = (),
    price: bool = False,
) -> Move:
    return Move(JOINED, Decimal(before), Decimal(after), 20, 30, joined=joined, left=left, price_changed=price)


@pytest.mark.parametrize(
    ("happened", "text"),
    [
        (move(joined=(0, 1, 2)), "3 users joined 11 Apr (Ann Ames, Bo Ames, Cy Ames): 20 of 30 days"),
        (move(joined=(2,)), "1 user joined 11 Apr (Cy Ames): 20 of 30 days"),
        (move("45", "43", left=(1, 0)), "2 users left 11 Apr (Ann Ames, Bo Ames): 20 of 30 days"),
        (
            move("45", "45", joined=(0,), left=(1,)),
            "1 user joined 11 Apr (Ann Ames) and 1 user left 11 Apr (Bo Ames): 20 of 30 days",
        ),
        (move(), "Quantity 42 → 45 from 11 Apr: 20 of 30 days"),
        (move("42", "42", price=True), "New price from 11 Apr: 20 of 30 days"),
        (move(price=True), "Quantity 42 → 45 from 11 Apr and new price from 11 Apr: 20 of 30 days"),
        (move("42", "42"), "Recalculated from 11 Apr: 20 of 30 days"),
        (move(joined=(0, 999)), "2 users joined 11 Apr ((name erased), Ann Ames): 20 of 30 days"),
    ],
)
def test_a_cause_says_who_or_how_many_and_for_how_long(happened: Move, text: str) -> None:
    assert wording.cause(happened, NAMES) == text


def test_without_names_a_cause_only_counts() -> None:
    assert wording.cause(move(joined=(0, 1, 2))) == "3 users joined 11 Apr: 20 of 30 days"


def test_several_causes_stand_in_one_sentence() -> None:
    later = replace(move("45", "44", left=(4,)), day=date(2027, 4, 21), days=10)
    charge = adjustment((move(joined=(0, 1, 2)), later))
    expected = "3 users joined 11 Apr: 20 of 30 days; 1 user left 21 Apr: 10 of 30 days"
    assert wording.detail(charge, DOLLARS.money) == expected


def test_an_adjustment_without_a_known_cause_tells_the_two_amounts() -> None:
    said = "Managed user, 1–30 Apr 2027 · $1,885.00 owed instead of $1,805.00"
    assert wording.sentence(adjustment(()), DOLLARS.money) == said


def test_a_recurring_charge_names_its_days() -> None:
    assert wording.sentence(recurring(), DOLLARS.money) == "Managed user, 1–31 May 2027"


def test_a_stub_names_its_share_of_the_cycle() -> None:
    assert wording.sentence(flat_stub(), DOLLARS.money) == "All-in support, 21–30 Jun 2027: 10 of 30 days"


def test_an_adjustment_names_the_period_that_it_corrects() -> None:
    expected = "Managed user, 1–30 Apr 2027 · 3 users joined 11 Apr: 20 of 30 days"
    assert wording.sentence(adjustment(), DOLLARS.money) == expected


def test_a_one_off_is_called_what_it_was_called() -> None:
    assert wording.sentence(goodwill(), DOLLARS.money) == "Goodwill"
    assert wording.detail(goodwill(), DOLLARS.money) == "1 May 2027"


@pytest.mark.parametrize("reason", list(Reason))
def test_every_verdict_has_words_and_shows_no_code(reason: Reason) -> None:
    said = wording.verdict(reason, "")
    assert said
    assert reason not in said


@pytest.mark.parametrize(
    ("reason", "detail", "text"),
    [
        (Reason.LICENSED, "SPB", "has a licence that counts (Microsoft 365 Business Premium)"),
        (Reason.LICENSED, "OUR_OWN_SKU", "has a licence that counts (OUR_OWN_SKU)"),
        (Reason.FREE_LICENCE_ONLY, "FLOW_FREE", "has only a free or trial licence (Power Automate Free)"),
        (Reason.EXCLUDED, "service\naccount", "is excluded: service account"),
        (Reason.DISABLED, "", "is disabled (sign-in blocked)"),
        (Reason.ELSEWHERE, "department Sales", "is outside the client's part of the directory (department Sales)"),
    ],
)
def test_a_verdict_names_the_product_or_the_reason(reason: Reason, detail: str, text: str) -> None:
    assert wording.verdict(reason, detail) == text
