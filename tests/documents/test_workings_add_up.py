"""What is printed of an amount, added up and rounded once, is the amount: for every random client."""

import re
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from hypothesis import given

from billing.bill_dates import bill_dates
from billing.draft import Charge
from billing.invoice import quote
from billing.money import digits_of
from billing.snapshot import Snapshot
from documents.format import Format
from documents.workings import workings
from tests.billing.strategies import clients, law

_STRETCH = re.compile(r".+?: (?P<sum>.+?)(?: \(counted .+?\))?(?:, for (?P<part>\d+) of (?P<whole>\d+) days)?")
_INVOICES = 6


def _number(text: str) -> Fraction:
    return Fraction(Decimal(re.sub(r"[^\d.]", "", text)))


def _product(text: str) -> Fraction:
    units, times, price = text.partition(" \N{MULTIPLICATION SIGN} ")
    return _number(units.split(" ")[0]) * _number(price) if times else _number(units)


def _printed(sentence: str) -> Fraction:
    """A stretch as a reader adds it up: its parts, which make up the sum that stands behind them, for its days."""
    found = _STRETCH.fullmatch(sentence)
    assert found, sentence
    parts, _, total = found["sum"].partition(" = ")
    amount = sum((_product(part) for part in parts.split(" + ")), Fraction(0))
    assert not total or amount == _number(total), sentence
    return amount * Fraction(int(found["part"] or 1), int(found["whole"] or 1))


def _owed_as_printed(charge: Charge, currency: str) -> int:
    sentences = workings(charge, Format("en_US", currency))
    first = len(sentences) - len(charge.segments) - bool(re.match("Owed|Together", sentences[-1]))
    stretches = sentences[first : first + len(charge.segments)]
    exact = sum((_printed(sentence) for sentence in stretches), Fraction(0)) * 10 ** digits_of(currency)
    return int(exact + Fraction(1, 2))


@law
@given(clients())
def test_the_stretches_printed_added_and_rounded_once_give_the_line(client: Snapshot) -> None:
    currency = client.terms.currency
    *_, through = islice(bill_dates(client.terms), _INVOICES)
    for draft in quote(client, through):
        for charge in draft.charges:
            if charge.segments:
                assert _owed_as_printed(charge, currency) == charge.owed_minor, charge
