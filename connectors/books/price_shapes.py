"""Shapes of what may change on a date: prices, head counts, costs, tax rates."""

from collections.abc import Callable, Sequence
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import BeforeValidator, Field

from billing.calendar import Dated, Entry
from billing.errors import WrongInput
from billing.prices import Flat, Graduated, Package, PerUnit, PriceModel, Tier, Usage, Volume
from connectors.books.document import Block, Items
from connectors.books.fields import Count, Day, Exact, Text, one_or_list
from connectors.books.problems import at
from connectors.books.shape import Shape

Value = TypeVar("Value")


class EntryShape(Shape):
    """One entry of a dated list."""

    since: Day | None = Field(default=None, alias="from")
    known: Day | None = None


EntryType = TypeVar("EntryType", bound=EntryShape)


class PriceEntryShape(EntryShape):
    """A price of any model; `confirmed` says that a figure that looks like a slip of the keyboard is meant."""

    confirmed: bool | None = None


class FlatShape(PriceEntryShape):
    """One amount a cycle."""

    thing: ClassVar = "a flat price"
    model: Literal["flat"]
    amount: Exact

    def priced(self) -> PriceModel:
        """The price as billing knows it."""
        return Flat(self.amount)


class PerUnitShape(PriceEntryShape):
    """An amount for each unit."""

    thing: ClassVar = "a price per unit"
    model: Literal["per_unit", "usage"]
    unit: Exact

    def priced(self) -> PriceModel:
        """The price as billing knows it."""
        return PerUnit(self.unit) if self.model == "per_unit" else Usage(self.unit)


class PackageShape(PriceEntryShape):
    """An amount for each package of units that was started."""

    thing: ClassVar = "a package price"
    model: Literal["package"]
    size: Exact
    each: Exact = Field(alias="price")

    def priced(self) -> PriceModel:
        """The price as billing knows it."""
        return Package(self.size, self.each)


class TierShape(Shape):
    """A tier; `up_to` is inclusive."""

    thing: ClassVar = "a tier"
    up_to: Exact | None = None
    unit: Exact
    flat: Exact | None = None

    def tier(self) -> Tier:
        """The tier as billing knows it."""
        with at(self.line()):
            return Tier(self.unit, self.up_to) if self.flat is None else Tier(self.unit, self.up_to, self.flat)


class TieredShape(PriceEntryShape):
    """Tiers, priced each for itself or all at the one that is reached."""

    thing: ClassVar = "a tiered price"
    model: Literal["graduated", "volume"]
    tiers: list[TierShape]

    def priced(self) -> PriceModel:
        """The price as billing knows it."""
        tiers = tuple(tier.tier() for tier in self.tiers)
        with at(self.line("tiers")):
            return Graduated(tiers) if self.model == "graduated" else Volume(tiers)


class CountShape(EntryShape):
    """A head count from a day on."""

    thing: ClassVar = "an entry with a quantity"
    quantity: Count


class CostShape(EntryShape):
    """What a unit costs the MSP from a day on."""

    thing: ClassVar = "an entry with a cost"
    unit: Count
    confirmed: bool | None = None


class AmountShape(EntryShape):
    """An amount of money from a day on."""

    thing: ClassVar = "an entry with an amount"
    amount: Count
    confirmed: bool | None = None


class CategoryShape(EntryShape):
    """A tax category from a day on."""

    thing: ClassVar = "an entry with a tax category"
    category: Text


class ReductionShape(EntryShape):
    """A discount from a day on, and until another."""

    thing: ClassVar = "a discount"
    percent: Exact | None = None
    amount: Exact | None = None
    until: Day | None = None
    confirmed: bool | None = None


class RateShape(EntryShape):
    """One named tax."""

    thing: ClassVar = "a tax rate"
    name: Text
    rate: Exact
    confirmed: bool | None = None


def _as_entries(key: str) -> BeforeValidator:
    def listed(value: object) -> object:
        if isinstance(value, Items):
            return value
        entry = Block(0)
        entry.place(key, value, 0, 0)
        return Items([entry], [0])

    return BeforeValidator(listed)


AnyPrice = FlatShape | PerUnitShape | TieredShape | PackageShape
Prices = Annotated[list[Annotated[AnyPrice, Field(discriminator="model")]], one_or_list]
Counts = Annotated[list[CountShape], _as_entries("quantity")]
Costs = Annotated[list[CostShape], _as_entries("unit")]
Categories = Annotated[list[CategoryShape], _as_entries("category")]
Amounts = Annotated[list[AmountShape], _as_entries("amount")]
Reductions = Annotated[list[ReductionShape], one_or_list]


class DateIsMissing(WrongInput):
    """Only the first entry of a dated list may leave out its day."""


def dated(
    entries: Sequence[EntryType], value: Callable[[EntryType], Value], line: int, before: Value | None = None
) -> Dated[Value]:
    """The entries as a dated term, in the file's order; `before` is in force until the first is, and is known."""
    for entry in entries[1:]:
        if entry.since is None:
            with at(entry.line()):
                raise DateIsMissing("the key 'from' is missing; only the first entry of a list may be without it.")
    made = tuple(Entry(value(entry), entry.since, entry.known) for entry in entries)
    if before is not None and (entries[0].since, entries[0].known) != (None, None):
        made = (Entry(before), *made)
    with at(line):
        return Dated(made)
