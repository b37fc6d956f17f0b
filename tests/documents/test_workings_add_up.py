"""Whoever adds up what is printed on a document comes to what is printed on it, for every random client.

Only the finished strings are read, by `tests.documents.reader`; nothing is taken from the facts behind them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.agreement import bill_dates
from billing.draft import Charge
from billing.money import digits_of
from billing.snapshot import Snapshot
from documents.document import Document
from documents.presentation import Presentation, present
from rosters.quote import month_by_month
from tests.billing.books_at_random import random_client
from tests.billing.strategies import every_client, law
from tests.billing.translated import facts_of
from tests.documents.reader import DECIMAL_MARKS, FigureIsWrong, Reader
from tests.documents.samples import ACME, NORTHWIND

_INVOICES = 4
_CLIENTS = 120


def papers(client: Snapshot, locale: str) -> Iterator[Document]:
    *_, through = islice(bill_dates(client.terms), _INVOICES)
    return (Document(draft, NORTHWIND, ACME, locale, None, None, {}) for draft in month_by_month(client, through))


def read(document: Document) -> int:
    return Reader(document.locale, digits_of(document.draft.currency)).check(present(document))


@law
@given(every_client(), st.sampled_from(sorted(DECIMAL_MARKS)))
def test_what_is_printed_added_up_and_rounded_once_is_the_printed_amount(client: Snapshot, locale: str) -> None:
    for document in papers(client, locale):
        read(document)


@pytest.fixture(scope="module")
def some() -> list[Document]:
    """Many papers, so that everything which is possible is on one of them."""
    return [paper for number in range(_CLIENTS) for paper in papers(facts_of(random_client(Random(number))), "en_US")]


def test_amounts_of_every_kind_are_followed_to_their_workings(some: list[Document]) -> None:
    charges = [charge for document in some for charge in document.draft.charges]
    assert {charge.kind for charge in charges} == {"recurring", "adjustment", "discount", "minimum", "one_off"}
    # One-offs alone have nothing to follow; what isn't owed any more may have nothing either.
    followed, to_follow = sum(map(read, some)), sum(charge.kind != "one_off" for charge in charges)
    assert 0.95 * to_follow < followed <= to_follow


def lines(paper: Presentation) -> str:
    return "\n".join(line for working in paper.workings for line in working.lines)


@pytest.mark.parametrize(
    "words",
    [
        "packages of", " + ", ", for ", "(counted ", "rounded once", "billed before", "to give back", "% of", " off",
        "never more than", "At least", "A commitment keeps", "readings added up", "The highest number",
    ],
)  # fmt: skip
def test_every_way_of_working_is_read(some: list[Document], words: str) -> None:
    assert any(words in lines(present(document)) for document in some)


def one_more(charge: Charge) -> Charge:
    return replace(charge, amount_minor=charge.amount_minor + 1)


def owed_more(charge: Charge) -> Charge:
    return replace(charge, owed_minor=charge.owed_minor + 1, amount_minor=charge.amount_minor + 1)


def longer(charge: Charge) -> Charge:
    return replace(charge, segments=tuple(replace(each, cycle_days=each.cycle_days + 1) for each in charge.segments))


def dearer(charge: Charge) -> Charge:
    parts = [replace(part, quantity=part.quantity + Decimal(1)) for part in charge.segments[0].parts]
    return replace(charge, segments=(replace(charge.segments[0], parts=tuple(parts)), *charge.segments[1:]))


def would_show(charge: Charge) -> bool:
    """Whether it is a priced month so dear that another quantity or another day makes a coin's difference."""
    whole = charge.kind == "recurring" and len(charge.segments) == 1 and charge.period == charge.cycle
    return whole and charge.amount_minor >= 1000 and all(part.unit for part in charge.segments[0].parts)


@pytest.mark.parametrize("planted", [one_more, owed_more, longer, dearer])
def test_a_figure_that_is_off_is_found(planted: Callable[[Charge], Charge], some: list[Document]) -> None:
    tried = 0
    for document in some:
        charges = document.draft.charges
        at = next((place for place, charge in enumerate(charges) if would_show(charge)), None)
        if at is not None:
            altered = (*charges[:at], planted(charges[at]), *charges[at + 1 :])
            with pytest.raises(FigureIsWrong):
                read(replace(document, draft=replace(document.draft, charges=altered)))
            tried += 1
    assert tried > 20
