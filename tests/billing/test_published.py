"""Worked examples that other billing engines and vendors have published, each with its address.

What is compared is what their page says in figures, with the page's own inputs. Where an engine bills in another rhythm
(at once rather than on the next bill date), the sum over the same time is compared.
"""

from decimal import Decimal
from fractions import Fraction

import pytest

from billing.prices import Graduated, Package, PerUnit, PriceModel, Tier, Usage, Volume
from billing.quantities import Measure, Reading
from billing.snapshot import Snapshot
from rosters.quote import month_by_month
from tests.billing.build import agreement, day, flat, line, per_unit, prices, snapshot, steps, tiers

STRIPE_TIERED = "https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing"
STRIPE_TIERS = "https://stripe.com/docs/billing/subscriptions/tiers"
LAGO_VOLUME = "https://getlago.com/docs/guide/plans/charges/charge-models/volume.md"
LAGO_PACKAGE = "https://getlago.com/docs/guide/plans/charges/charge-models/package.md"
AUTUMN_GRADUATED = "https://docs.useautumn.com/documentation/modelling-pricing/graduated-pricing.md"
ZUPLO = "https://zuplo.com/docs/articles/monetization/pricing-models"
FLEXPRICE = "https://docs.flexprice.io/docs/product-catalogue/plans/billing-models/tiered"
RECURLY = "https://docs.recurly.com/recurly-subscriptions/docs/quantity-based-pricing"
CHARGEBEE = "https://www.chargebee.com/docs/billing/2.0/product-catalog/package-pricing"
METRIFOX = "https://docs.metrifox.com/pricing-models"
STRIPE_PRORATIONS = "https://docs.stripe.com/billing/subscriptions/prorations.md?locale=en-US"
AUTUMN_PRORATION = "https://docs.useautumn.com/documentation/modelling-pricing/proration"
HEYUPDATE = "http://help.heyupdate.com/account/prorata-billing/"
CONGA = (
    "https://documentation.conga.com/en/billing-for-salesforce/current/billing-for-administrators/billing-concepts/"
    "billing-schedules/billing-schedule-amendment"
)
AMENDED_ONCE = f"{CONGA}/credits-for-invoiced-billing-schedules"
AMENDED_TWICE = f"{CONGA}/credits-for-billing-frequency-change-with-invoiced-billing-schedules"

FONTS = tiers(("5", "7"), ("10", "6.5"), (None, "6"))
STRIPE_FIVE = tiers(("5", "5"), ("10", "4"), ("15", "3"), ("20", "2"), (None, "1"))
TEN = Decimal(10)
CALLS = (
    Tier(Decimal("0.0010"), Decimal(10_000), TEN),
    Tier(Decimal("0.0008"), Decimal(50_000), TEN),
    Tier(Decimal("0.0006"), Decimal(100_000), TEN),
    Tier(Decimal("0.0004"), None, TEN),
)
REQUESTS = tiers(("1000", "0.01"), ("10000", "0.008"), (None, "0.005"))
ZUPLO_TIERS = tiers(("1000", "0.10"), ("10000", "0.05"), (None, "0.01"))
DOCUMENTS = tiers(("100", "1"), (None, "0.50"))
METRIFOX_TIERS = tiers(("1000", "0.10"), (None, "0.08"))
TOKENS = Package(Decimal(1_000_000), Decimal("1.25"))


@pytest.mark.parametrize(
    ("address", "price", "quantity", "amount"),
    [
        (STRIPE_TIERED, Volume(FONTS), "1", "7"),
        (STRIPE_TIERED, Volume(FONTS), "5", "35"),
        (STRIPE_TIERED, Volume(FONTS), "6", "39"),
        (STRIPE_TIERED, Volume(FONTS), "20", "120"),
        (STRIPE_TIERED, Volume(FONTS), "25", "150"),
        (STRIPE_TIERED, Graduated(FONTS), "5", "35"),
        (STRIPE_TIERS, PerUnit(Decimal(5)), "6", "30"),
        (STRIPE_TIERS, PerUnit(Decimal(5)), "25", "125"),
        (STRIPE_TIERS, Volume(STRIPE_FIVE), "5", "25"),
        (STRIPE_TIERS, Volume(STRIPE_FIVE), "6", "24"),
        (STRIPE_TIERS, Volume(STRIPE_FIVE), "20", "40"),
        (STRIPE_TIERS, Volume(STRIPE_FIVE), "25", "25"),
        (STRIPE_TIERS, Graduated(STRIPE_FIVE), "6", "29"),
        (LAGO_VOLUME, Volume(CALLS), "65000", "49"),
        (AUTUMN_GRADUATED, Graduated(REQUESTS), "15000", "107"),
        (ZUPLO, Usage(Decimal("0.001")), "100000", "100"),
        (ZUPLO, Graduated(ZUPLO_TIERS), "15000", "600"),
        (ZUPLO, Volume(ZUPLO_TIERS), "15000", "150"),
        (FLEXPRICE, Package(Decimal(1000), Decimal(1)), "4500", "5"),
        (RECURLY, Graduated(DOCUMENTS), "150", "125"),
        (CHARGEBEE, TOKENS, "10", "1.25"),
        (CHARGEBEE, TOKENS, "1000000", "1.25"),
        (CHARGEBEE, TOKENS, "1500000", "2.50"),
        (METRIFOX, Graduated(METRIFOX_TIERS), "2500", "220"),
        (METRIFOX, Volume(METRIFOX_TIERS), "2500", "200"),
    ],
)
def test_a_price_comes_out_as_published(address: str, price: PriceModel, quantity: str, amount: str) -> None:
    assert price.amount(Decimal(quantity)) == Fraction(amount), address


def _total(facts: Snapshot, through: str) -> int:
    return sum(document.total_minor for document in month_by_month(facts, day(through)))


def test_packages_with_free_units_come_out_as_published() -> None:
    # LAGO_PACKAGE: 5 dollars for 100 units, the first 100 free; 201 units cost 10 dollars.
    calls = Measure("usage", "calls")
    priced = line(Package(Decimal(100), Decimal(5)), count=calls, included="100")
    facts = Snapshot(snapshot(priced).terms, readings={"calls": (Reading(day("2027-01-20"), Decimal(201), "1"),)})
    assert _total(facts, "2027-02-01") == 10_00, LAGO_PACKAGE


@pytest.mark.parametrize(
    ("address", "before", "after", "more_minor"),
    [(STRIPE_PRORATIONS, "10", "20", 5_00), (AUTUMN_PRORATION, "20", "50", 15_00)],
)
def test_another_plan_from_halfway_through_a_period_costs_as_much_more_as_published(
    address: str, before: str, after: str, more_minor: int
) -> None:
    # September has 30 days, so that its 16th is halfway.
    changed = prices(flat(before), ("2027-09-16", flat(after), "2027-09-16"))
    september = agreement(line(changed), start="2027-09-01", end="2027-10-01")
    documents = list(month_by_month(snapshot(september), day("2027-10-01")))
    assert [document.total_minor for document in documents] == [int(before) * 100, more_minor], address


def test_a_user_who_is_added_ten_days_into_a_month_costs_as_published() -> None:
    # HEYUPDATE: 5 dollars a user and month of 30 days; with 20 days left, 3.33 dollars on the next invoice.
    facts = snapshot(line(per_unit("5")), steps(("2027-01-01", "1"), ("2027-04-11", "2", "2027-04-11")))
    may = list(month_by_month(facts, day("2027-05-01")))[-1]
    assert [charge.amount_minor for charge in may.charges] == [10_00, 3_33], HEYUPDATE


def test_an_amendment_over_months_already_invoiced_comes_out_as_published() -> None:
    # CONGA: 100 a month, March to June 2015; from 16 April 200, learnt when May had been invoiced. April -50 and +100,
    # May +100, June 200.
    raised = prices(flat("100"), ("2015-04-16", flat("200"), "2015-05-20"))
    of = agreement(line(raised), start="2015-03-01", end="2015-07-01", anchor="2015-03-01")
    june = list(month_by_month(snapshot(of), day("2015-06-01")))[-1]
    charged = {charge.cycle.start.month: charge.amount_minor for charge in june.charges}
    assert charged == {4: -50_00 + 100_00, 5: 100_00, 6: 200_00}, AMENDED_ONCE


def test_a_second_amendment_over_the_first_comes_out_as_published() -> None:
    # CONGA again: when June had been invoiced, too, the rate from 16 April is made 25. April -100 and +12.50,
    # May -100 and -75 on the first two schedules of 200 in all, June -175.
    changed = prices(flat("100"), ("2015-04-16", flat("200"), "2015-05-20"), ("2015-04-16", flat("25"), "2015-06-20"))
    of = agreement(line(changed), start="2015-03-01", end="2015-07-01", anchor="2015-03-01")
    july = list(month_by_month(snapshot(of), day("2015-07-01")))[-1]
    charged = {charge.cycle.start.month: charge.amount_minor for charge in july.charges}
    assert charged == {4: -100_00 + 12_50, 5: -100_00 - 75_00, 6: -175_00}, AMENDED_TWICE
