"""Parts of periods as other billing engines and vendors have published them, each with its address and its figures.

A stub at the start, an end in mid-cycle, and licences that come and go. The engines below bill a change at once, on a
document of its own; Rollcall bills it on the next bill date. What is compared is the amount.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import Reduction
from billing.calendar import always
from billing.quantities import Measure
from rosters.quote import month_by_month
from tests.billing.build import agreement, day, flat, line, per_unit, prices, snapshot, steps

KILL_BILL = "https://github.com/killbill/killbill/blob/017221b5f2abed5fe4c7e1ce4787d6c12c66c039/beatrix/src/test/java/org/killbill/billing/beatrix/integration/TestIntegrationWithDifferentBillingPeriods.java"
MONTHLY_TO_ANNUAL = f"{KILL_BILL}: testChangeMonthlyToAnnual"
MONTHLY_TO_ANNUAL_ON_ANOTHER_DAY = f"{KILL_BILL}: testChangeMonthlyToAnnualWithDifferentBCD"
MONTHLY_TO_QUARTERLY = f"{KILL_BILL}: testChangeMonthlyToQuarterly"
PAUSED_AND_RESUMED = f"{KILL_BILL}: testPauseResumeAnnual"
ANNUAL_TO_ANNUAL = f"{KILL_BILL}: testChangeAnnualToAnnual"
KILL_BILL_GENERATOR = "https://github.com/killbill/killbill/blob/083fd31a024e2fdfe218ce5d7dadd8d723e38787/invoice/src/test/java/org/killbill/billing/invoice/generator/TestDefaultInvoiceGenerator.java"
UTTER_CHAOS = f"{KILL_BILL_GENERATOR}: testMultiplePlansWithUtterChaos"
MICROSOFT = "https://docs.microsoft.com/en-us/partner-center/common-billing-scenarios-onetime-recurring"
ZUORA = (
    "https://docs.zuora.com/en/zuora-billing/manage-accounts-subscriptions-and-non-subscriptions/"
    "manage-subscription-transactions/orders/order-delta-metrics-and-order-metrics"
)
ZUORA_QUANTITIES = f"{ZUORA}/order-metrics: part-1---example, part-2---example, part-3---example"
ZUORA_DISCOUNT = f"{ZUORA}/order-delta-tcv/order-delta-tcv---data-query-use-case"
CHARGEBEE = "https://www.chargebee.com/docs/proration-old.html"
CHARGEBEE_ANSWER = "https://support.chargebee.com/support/discussions/topics/40893"
SALESFORCE = "https://help.salesforce.com/s/articleView?id=ind.pricing_monthly_proration_examples.htm&type=5"

LICENCES = Measure("licence", "SUBSCRIPTION")


@pytest.mark.parametrize(
    ("address", "price", "months", "anchor", "start", "amount_minor"),
    [
        pytest.param(MONTHLY_TO_ANNUAL_ON_ANOTHER_DAY, "249.95", 1, "2016-07-10", "2016-07-01", 74_99, id="a month"),
        pytest.param(MONTHLY_TO_QUARTERLY, "69.95", 3, "2012-08-01", "2012-05-12", 61_59, id="a quarter"),
        pytest.param(MONTHLY_TO_ANNUAL, "2399.95", 12, "2013-05-01", "2012-05-12", 2327_62, id="a year"),
        pytest.param(PAUSED_AND_RESUMED, "2399.95", 12, "2013-06-01", "2012-06-04", 2380_22, id="a resumed year"),
    ],
)
def test_a_start_in_mid_cycle_costs_as_published(
    address: str, price: str, months: int, anchor: str, start: str, amount_minor: int
) -> None:
    of = agreement(line(flat(price)), months=months, anchor=anchor, start=start)
    first = next(month_by_month(snapshot(of), day(anchor)))
    assert [charge.amount_minor for charge in first.charges if charge.period.start == day(start)] == [amount_minor], (
        address
    )


@pytest.mark.parametrize(
    ("address", "price", "months", "start", "end", "back_minor"),
    [
        pytest.param(MONTHLY_TO_ANNUAL, "249.95", 1, "2012-05-01", "2012-05-12", -161_26, id="a month"),
        pytest.param(
            MONTHLY_TO_ANNUAL_ON_ANOTHER_DAY, "249.95", 1, "2016-07-10", "2016-08-01", -72_57, id="from the 10th"
        ),
        pytest.param(MONTHLY_TO_QUARTERLY, "29.95", 1, "2012-05-01", "2012-05-12", -19_32, id="a cheaper month"),
        pytest.param(PAUSED_AND_RESUMED, "2399.95", 12, "2012-05-01", "2012-05-12", -2327_62, id="a year"),
        pytest.param(ANNUAL_TO_ANNUAL, "2399.95", 12, "2015-01-01", "2015-03-15", -1919_96, id="a later end of a year"),
        pytest.param(UTTER_CHAOS, "12", 1, "2011-04-05", "2011-04-29", -2_40, id="from the 5th"),
    ],
)
def test_an_end_in_mid_cycle_gives_back_as_published(
    address: str, price: str, months: int, start: str, end: str, back_minor: int
) -> None:
    of = agreement(line(flat(price)), months=months, anchor=start, start=start, end=end, end_known=end)
    billed, back = list(month_by_month(snapshot(of), day("2017-01-01")))[:2]
    assert billed.total_minor == int(Decimal(price) * 100)
    assert (back.document, back.total_minor) == ("credit_note", back_minor), address


@pytest.mark.parametrize(
    ("address", "before", "after", "on", "more_minor"),
    [
        pytest.param(CHARGEBEE, "60", "30", "2012-04-21", -10_00, id="down after 20 days"),
        pytest.param(CHARGEBEE_ANSWER, "30", "15", "2012-04-05", -13_00, id="down for 26 days"),
        pytest.param(CHARGEBEE_ANSWER, "15", "30", "2012-04-05", 13_00, id="up for 26 days"),
    ],
)
def test_another_plan_in_mid_cycle_costs_as_much_more_or_less_as_published(
    address: str, before: str, after: str, on: str, more_minor: int
) -> None:
    # 1 April to 1 May; Chargebee, too, takes the days of the current cycle.
    changed = prices(flat(before), (on, flat(after), on))
    april = agreement(line(changed), start="2012-04-01", end="2012-05-01", anchor="2012-04-01")
    documents = list(month_by_month(snapshot(april), day("2012-05-01")))
    assert [document.total_minor for document in documents] == [int(before) * 100, more_minor], address


def test_a_smaller_quantity_in_mid_cycle_gives_back_as_published() -> None:
    # 3 units at 30 dollars until 10 April, 10 days of 30; 2 units for the other 20: 60 of 90 dollars less 40.
    april = agreement(line(per_unit("30")), start="2013-04-01", end="2013-05-01", anchor="2013-04-01")
    fewer = snapshot(april, steps(("2013-04-01", "3"), ("2013-04-11", "2", "2013-04-11")))
    assert [document.total_minor for document in month_by_month(fewer, day("2013-05-01"))] == [90_00, -20_00], CHARGEBEE


@pytest.mark.parametrize(("before", "after", "back", "anew"), [("1", "2", -3_87, 7_74), ("2", "1", -7_74, 3_87)])
def test_licences_that_were_added_or_removed_cost_as_microsoft_says(
    before: str, after: str, back: int, anew: int
) -> None:
    # Scenarios 2 and 4: 4 dollars a licence and month from 10 June, changed on 12 June for 29 of the 30 days. Microsoft
    # bills the old number back and the new one anew, a unit rounded first; Rollcall bills the difference, rounded once.
    facts = snapshot(
        agreement(line(per_unit("4"), count=LICENCES), start="2019-06-10", end="2019-07-10", anchor="2019-06-10")
    )
    counted = {LICENCES: steps(("2019-06-10", before), ("2019-06-11", after, "2019-06-12"))}
    june, july = month_by_month(replace(facts, stated=counted), day("2019-07-10"))
    assert (june.total_minor, july.total_minor) == (int(before) * 4_00, back + anew), MICROSOFT


@pytest.mark.parametrize(
    ("quantities", "total_minor"),
    [
        ([("2018-01-01", "10")], 600_00),
        ([("2018-01-01", "10"), ("2018-04-01", "13")], 600_00 + 135_00),
        ([("2018-01-01", "10"), ("2018-04-01", "13"), ("2018-08-18", "20")], 600_00 + 135_00 + 155_81),
    ],
)
def test_units_that_are_added_in_a_year_make_the_contract_worth_what_zuora_says(
    quantities: list[tuple[str, str]], total_minor: int
) -> None:
    # Zuora's "Tcv" counts the days that a month has, as Rollcall does; its "Tcb" there takes every month as 30 days.
    of = agreement(line(per_unit("5")), start="2018-01-01", end="2019-01-01", anchor="2018-01-01")
    documents = month_by_month(snapshot(of, steps(*quantities)), day("2019-01-01"))
    assert sum(document.total_minor for document in documents) == total_minor, ZUORA_QUANTITIES


def test_a_discount_makes_the_contract_worth_what_zuora_says() -> None:
    # 50 dollars a month for 2021, less 10 percent: 600 gross, 540 net.
    reduced = replace(line(flat("50")), discount=always(Reduction(percent=Decimal(10))))
    of = agreement(reduced, start="2021-01-01", end="2022-01-01", anchor="2021-01-01")
    charges = [charge for document in month_by_month(snapshot(of), day("2022-01-01")) for charge in document.charges]
    assert sum(charge.amount_minor for charge in charges if charge.item.kind == "line") == 600_00, ZUORA_DISCOUNT
    assert sum(charge.amount_minor for charge in charges) == 540_00, ZUORA_DISCOUNT


def test_a_contract_that_starts_between_its_billing_days_is_worth_what_salesforce_says() -> None:
    # 90 dollars a month from the 5th; 28 March 2025 to 4 February 2026: 8 of 31 days and 10 months.
    of = agreement(line(flat("90")), start="2025-03-28", end="2026-02-05", anchor="2025-04-05")
    documents = month_by_month(snapshot(of), day("2026-02-05"))
    assert sum(document.total_minor for document in documents) == 923_23, SALESFORCE
