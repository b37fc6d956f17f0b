"""Values as text and back, exactly."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.agreement import Agreement, bill_dates
from billing.draft import Draft, Segment
from billing.invoice import draft_invoice
from billing.snapshot import Snapshot
from billing.taxes import TaxRate
from rosters.catch import Trip
from rosters.rules import Exclusion, Rule
from storage.codec import canonical, decode, encode
from tests.billing.strategies import every_client

texts = st.text(max_size=20).filter(lambda text: text.isprintable())


@given(every_client())
def test_an_agreement_comes_back_as_it_was(snapshot: Snapshot) -> None:
    for agreement in snapshot.terms.agreements:
        assert decode(Agreement, encode(agreement)) == agreement


@given(every_client())
def test_the_same_agreement_is_the_same_text(snapshot: Snapshot) -> None:
    for agreement in snapshot.terms.agreements:
        text = encode(agreement)
        assert encode(decode(Agreement, text)) == text


@given(every_client())
def test_a_drafted_document_comes_back_as_it_was(snapshot: Snapshot) -> None:
    dates = bill_dates(snapshot.terms)
    drafts = [draft_invoice(snapshot, on) for on, _ in zip(dates, range(3), strict=False)]
    for draft in drafts:
        assert draft is None or decode(Draft, encode(draft)) == draft


@given(st.builds(TaxRate, texts, st.decimals(min_value=0, max_value=10**6, allow_nan=False, places=7)))
def test_a_decimal_keeps_every_digit(rate: TaxRate) -> None:
    back = decode(TaxRate, encode(rate))
    assert (back, str(back.percent)) == (rate, str(rate.percent))


def test_a_fraction_keeps_its_numerator_and_denominator() -> None:
    third = Fraction(10_000_000_000_000_000_000_001, 3)
    assert decode(tuple[Fraction, ...], encode((third,), tuple[Fraction, ...])) == (third,)


@given(
    st.lists(
        st.builds(Exclusion, st.sampled_from(("upn", "mail", "name", "id")), st.text(min_size=1), texts.filter(bool))
    )
)
def test_a_rule_keeps_whatever_somebody_wrote_into_it(exclusions: list[Exclusion]) -> None:
    rule = Rule(exclude=tuple(exclusions), own_domains=("msp.example",))
    assert decode(Rule, encode(rule)) == rule


def test_a_tuple_is_written_by_its_type() -> None:
    trips = (Trip("full", 20, 0, 42), Trip(None, 42, 0, 42))
    assert decode(tuple[Trip, ...], encode(trips, tuple[Trip, ...])) == trips


def test_no_segments_are_an_empty_list() -> None:
    assert encode((), tuple[Segment, ...]) == "[]"


@pytest.mark.parametrize("amount", ["0.1", "1E+2", "0.10", "-3.00"])
def test_no_amount_goes_through_a_float(amount: str) -> None:
    assert decode(tuple[Decimal, ...], encode((Decimal(amount),), tuple[Decimal, ...]))[0].as_tuple() == (
        Decimal(amount).as_tuple()
    )


def test_canonical_text_is_the_same_for_the_same_data_in_another_order() -> None:
    one, other = {"b": 1, "a": [date(2027, 1, 1), "é"]}, {"a": [date(2027, 1, 1), "é"], "b": 1}
    assert canonical(one) == canonical(other) == '{"a":["2027-01-01","é"],"b":1}'
