"""Prices that change from a day on, of a line or of a product and all who follow it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.calendar import always
from commands import audit, price_forms, pricing
from commands.pricing import LineIsUnknown, NewPrice, PriceEffect, PriceIsOtherwise, PriceIsUnlikely
from connectors.books.values import Book, BookProduct
from rosters.effects import BilledPeriodsWouldChange
from tests.billing.build import GRADUATED, agreement, flat, line
from tests.support.books import SELLER, client
from tests.support.msp import ADA, Msp, amounts, played_once

MARCH = date(2027, 3, 1)


@pytest.fixture
@played_once
def priced(msp: Msp) -> Msp:
    """Acme pays a flat 1,000 and Birch 200 for support; Birch also a graduated price for fixed users."""
    support, users = line(flat("1000"), name="support"), line(GRADUATED, name="users")
    msp.imports(client(agreement(support), directories=(), rosters=()))
    msp.imports(client(agreement(line(flat("200"), name="desk"), users), slug="birch", directories=()))
    return msp


def support(*figures: str, since: date = MARCH, line: str = "support", slug: str = "acme") -> NewPrice:
    return NewPrice(slug, line, tuple(map(Decimal, figures)), since)


def charged(msp: Msp, day: str, slug: str = "acme") -> str:
    """What the period that begins on the day costs."""
    return next(amount for _, begins, amount in amounts(msp.preview(day, slug)) if begins == day)


def change(msp: Msp, new: NewPrice, correct: str | None = None) -> list[tuple[str, str, int, int]]:
    plan = pricing.change_price(msp.database, ADA, msp.clock, new, correct)
    return [(each.client, each.item, each.before_minor, each.after_minor) for each in plan.effects]


def test_a_price_is_another_from_the_day_on(priced: Msp) -> None:
    change(priced, support("1100"))
    assert [charged(priced, day) for day in ("2027-02-01", "2027-03-01")] == ["1000.00", "1100.00"]


def test_its_effect_is_shown_before_and_nothing_is_kept_of_that(priced: Msp) -> None:
    plan = pricing.try_price(priced.database, ADA, priced.clock, support("1100"))
    assert [(each.item, str(each.period.start), each.before_minor, each.after_minor) for each in plan.effects] == [
        ("a month from", "2027-03-01", 100_000, 110_000)
    ]
    assert charged(priced, "2027-03-01") == "1000.00"


def test_the_same_price_again_changes_nothing(priced: Msp) -> None:
    assert change(priced, support("1100")) != []
    again = pricing.change_price(priced.database, ADA, priced.clock, support("1100"), None)
    assert again == PriceEffect(changes=False, effects=())


def test_another_price_for_the_same_day_takes_the_place_of_the_first(priced: Msp) -> None:
    change(priced, support("1100"))
    change(priced, support("1200"))
    assert charged(priced, "2027-03-01") == "1200.00"


def test_what_was_agreed_for_a_later_day_stays(priced: Msp) -> None:
    change(priced, support("1200", since=date(2027, 4, 1)))
    form = price_forms.price_form(priced.database, ADA, priced.clock, "acme", "support", MARCH)
    assert form.following == date(2027, 4, 1)
    change(priced, support("1100"))
    assert [charged(priced, day) for day in ("2027-03-01", "2027-04-01")] == ["1100.00", "1200.00"]


def test_what_was_billed_already_changes_only_for_a_reason(priced: Msp) -> None:
    priced.bill("2027-01-01")
    backdated = support("900", since=date(2027, 1, 1))
    with pytest.raises(BilledPeriodsWouldChange, match=r"acme: support, 2027-01-01 to 2027-02-01: 1000.00 -> 900.00"):
        change(priced, backdated)
    change(priced, backdated, "agreed in December")
    assert ("adjustment", "2027-01-01", "-100.00") in amounts(priced.preview("2027-02-01"))
    (newest, *_) = audit.entries(priced.database, ADA, "acme")
    assert (newest.action, "agreed in December" in newest.data) == ("book.import", True)


def test_the_form_has_each_line_and_the_figures_of_the_chosen_one(priced: Msp) -> None:
    form = price_forms.price_form(priced.database, ADA, priced.clock, "birch", "users")
    assert [one.name for one in form.lines] == ["desk", "users"]
    assert form.chosen == form.lines[1]
    assert [figure.amount for figure in form.figures] == [45, 40, 35]
    assert (form.product, form.followers) == (None, 0)


def test_the_figures_are_those_of_the_day_from_which_they_are_to_be_others(priced: Msp) -> None:
    change(priced, support("1100"))
    shown = [
        price_forms.price_form(priced.database, ADA, priced.clock, "acme", "support", day).figures[0].amount
        for day in (date(2027, 2, 1), MARCH)
    ]
    assert shown == [1000, 1100]


@pytest.mark.parametrize(
    ("new", "error", "told"),
    [
        (support("1", line="backup"), LineIsUnknown, "Acme Corp has no line 'backup' that goes on"),
        (support("1", "2"), PriceIsOtherwise, "The price of support was changed meanwhile"),
        (support("1000000000"), PriceIsUnlikely, "looks like a slip of the keyboard"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    priced: Msp, new: NewPrice, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        change(priced, new)
    assert charged(priced, "2027-03-01") == "1000.00"


def test_a_line_that_is_over_is_not_offered(priced: Msp) -> None:
    over = line(flat("1"), name="over", end="2027-02-01")
    priced.imports(client(agreement(line(flat("1000"), name="support"), over), directories=(), rosters=()))
    priced.on("2027-02-01")
    assert [one.name for one in price_forms.price_form(priced.database, ADA, priced.clock, "acme").lines] == ["support"]
    with pytest.raises(LineIsUnknown):
        price_forms.price_form(priced.database, ADA, priced.clock, "acme", "over")


@pytest.fixture
@played_once
def following(msp: Msp) -> Msp:
    """Acme and Birch have the flat price of a product, Cedar an own one."""
    product = BookProduct("CARE", "Care", always(flat("50.00")))
    homes = [
        client(agreement(replace(line(flat(amount), name="care"), product="CARE")), slug=slug, directories=())
        for slug, amount in (("acme", "50.00"), ("birch", "50.00"), ("cedar", "30.00"))
    ]
    msp.imports(Book(seller=SELLER, products=(product,), clients=tuple(homes)))
    return msp


def care(*, for_all: bool, slug: str = "acme") -> NewPrice:
    return NewPrice(slug, "care", (Decimal(55),), MARCH, for_all)


def paid(msp: Msp) -> list[str]:
    return [charged(msp, "2027-03-01", slug) for slug in ("acme", "birch", "cedar")]


def test_the_form_says_how_many_follow_the_price_of_a_product(following: Msp) -> None:
    forms = [price_forms.price_form(following.database, ADA, following.clock, slug) for slug in ("acme", "cedar")]
    assert [(form.product, form.followers) for form in forms] == [("CARE", 2), (None, 0)]


def test_the_price_of_a_product_changes_for_all_who_follow_it(following: Msp) -> None:
    assert [slug for slug, *_ in change(following, care(for_all=True))] == ["acme", "birch"]
    assert paid(following) == ["55.00", "55.00", "30.00"]


def test_or_for_one_client_who_follows_it_no_more(following: Msp) -> None:
    assert [slug for slug, *_ in change(following, care(for_all=False))] == ["acme"]
    assert paid(following) == ["55.00", "50.00", "30.00"]
    with pytest.raises(PriceIsOtherwise, match="care doesn't follow a product's price any more"):
        change(following, care(for_all=True))
