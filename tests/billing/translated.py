"""Plain data made into the facts that the rules take."""

from datetime import date
from decimal import Decimal
from typing import TypeVar

from billing.agreement import Agreement, Discount, Line, OneOff, Reduction, Terms
from billing.calendar import Cycle, Dated, Entry
from billing.counting import Commitment, Counting
from billing.draft import Item
from billing.money import parse_minor
from billing.prices import Flat, Graduated, Package, PerUnit, PriceModel, Tier, Usage, Volume
from billing.quantities import Measure, MeasureKind, Reading, Seat, Step
from billing.snapshot import BilledCharge, Snapshot
from billing.taxes import TaxCategory, TaxRate
from tests.billing.day_by_day import Plain

Value = TypeVar("Value")


def facts_of(client: Plain) -> Snapshot:
    """A client's facts."""
    currency = client["currency"]
    stated: dict[Measure, tuple[Step, ...]] = {}
    for entry in client["quantities"]:
        measure = _measure(entry["of"])
        step = Step(entry["on"], Decimal(entry["quantity"]), entry["known"])
        stated[measure] = (*stated.get(measure, ()), step)
    readings = (Reading(each["on"], Decimal(each["amount"]), str(n)) for n, each in enumerate(client["usage"]))
    return Snapshot(
        terms=Terms(
            slug="acme",
            currency=currency,
            agreements=tuple(_agreement(each, currency) for each in client["agreements"]),
            taxes=tuple((name, _category(entries)) for name, entries in client["taxes"].items()),
            bill_day=client["bill_day"],
        ),
        stated=stated,
        seats=tuple(Seat(each["roster"], each["person"], each["from"], each["until"]) for each in client["seats"]),
        counted=client["counted"],
        billed=tuple(
            BilledCharge(Item("", "line", each["line"]), each["from"], parse_minor(each["amount"], currency))
            for each in client["billed"]
        ),
        readings={"GB": tuple(readings)},
    )


def _agreement(of: Plain, currency: str) -> Agreement:
    return Agreement(
        name=of["name"],
        start=of["start"],
        cycle=Cycle(of["cycle"]["months"], of["cycle"]["anchor"]),
        lines=tuple(_line(each, currency) for each in of["lines"]),
        timing=of["timing"],
        end=of["end"],
        end_known=of["end_known"],
        bills_from=of["bills_from"],
        one_offs=tuple(
            OneOff(each["on"], each["text"], parse_minor(each["amount"], currency), each["tax"], each["known"])
            for each in of["one_off"]
        ),
        discounts=tuple(
            Discount(each["name"], _reductions(each["terms"], currency), each["vendor"]) for each in of["discounts"]
        ),
        minimum_minor=_minimum(of["minimum_amount"], currency) if of["minimum_amount"] else None,
    )


def _line(of: Plain, currency: str) -> Line:
    term = of["commitment"]
    return Line(
        name=of["name"],
        text=of["name"],
        price=Dated(tuple(Entry(_price(each), *_when(each)) for each in of["price"])),
        count=_measure(of["count"]) if of["count"] else None,
        start=of["from"],
        end=of["until"],
        included=Dated(tuple(Entry(Decimal(each["value"]), *_when(each)) for each in of["included"])),
        minimum=Dated(tuple(Entry(Decimal(each["value"]), *_when(each)) for each in of["minimum"])),
        counting=Counting(
            of["basis"]["on_day"] if isinstance(of["basis"], dict) else of["basis"], of["proration"], of["removals"]
        ),
        commitment=Commitment(term["from"], term["until"], term["renews_months"], term["window_days"])
        if term
        else None,
        discount=_reductions(of["discount"], currency) if of["discount"] else None,
        tax=Dated(tuple(Entry(each["value"], *_when(each)) for each in of["tax"])),
        vendor=of["vendor"],
    )


def _when(entry: Plain) -> tuple[date | None, date | None]:
    return entry.get("from"), entry.get("known")


def _measure(count: Plain) -> Measure:
    kinds: tuple[MeasureKind, ...] = ("roster", "licence", "device", "usage", "fixed")
    return next(Measure(kind, count[kind]) for kind in kinds if kind in count)


def _minimum(entries: list[Plain], currency: str) -> Dated[int]:
    return Dated(tuple(Entry(parse_minor(each["value"], currency), *_when(each)) for each in entries))


def _reductions(entries: list[Plain], currency: str) -> Dated[Reduction | None]:
    return Dated(tuple(Entry(_reduction(each, currency), *_when(each)) for each in entries))


def _reduction(entry: Plain, currency: str) -> Reduction | None:
    if "percent" in entry:
        return Reduction(percent=Decimal(entry["percent"]))
    return Reduction(amount_minor=parse_minor(entry["amount"], currency)) if "amount" in entry else None


def _category(entries: list[Plain]) -> TaxCategory:
    return TaxCategory(
        Dated(
            tuple(
                Entry(tuple(TaxRate(rate["name"], Decimal(rate["rate"])) for rate in each["rates"]), *_when(each))
                for each in entries
            )
        )
    )


def _price(of: Plain) -> PriceModel:
    match of["model"]:
        case "flat":
            return Flat(Decimal(of["amount"]))
        case "per_unit":
            return PerUnit(Decimal(of["unit"]))
        case "usage":
            return Usage(Decimal(of["unit"]))
        case "package":
            return Package(Decimal(of["size"]), Decimal(of["price"]))
    tiers = (
        Tier(Decimal(each["unit"]), Decimal(each["up_to"]) if each["up_to"] else None, Decimal(each["flat"]))
        for each in of["tiers"]
    )
    return Graduated(tuple(tiers)) if of["model"] == "graduated" else Volume(tuple(tiers))
