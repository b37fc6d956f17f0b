"""Shapes of what is agreed: lines, agreements, one-offs, the catalogue."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from billing.money import plain
from billing.quantities import Measure
from connectors.books.document import Block
from connectors.books.fields import Day, Exact, Quantity, Text, unexpected
from connectors.books.price_shapes import Amounts, Categories, Costs, Counts, Prices, Reductions, ReductionShape
from connectors.books.shape import Shape


class ProductShape(Shape):
    """An entry of the catalogue."""

    thing: ClassVar = "a product"
    code: Text
    text: Text
    vendor: Text | None = None
    price: Prices | None = None
    cost: Costs | None = None
    tax: Categories | None = None
    account: Text | None = None
    ids: dict[Text, Text] | None = None


class MeasureShape(Shape):
    """What is counted: exactly one of the keys."""

    thing: ClassVar = "what a line counts"
    roster: Text | None = None
    licence: Text | None = None
    device: Text | None = None
    fixed: Quantity | None = None
    usage: Text | None = None

    def measure(self) -> Measure:
        """The measure as billing knows it; a fixed number is written as its name."""
        if self.roster is not None:
            return Measure("roster", self.roster)
        if self.licence is not None:
            return Measure("licence", self.licence)
        if self.device is not None:
            return Measure("device", self.device)
        if self.usage is not None:
            return Measure("usage", self.usage)
        return Measure("fixed", plain(self.fixed or Decimal(0)))


def _one_key(value: object) -> object:
    if isinstance(value, Block) and sum(found is not None for found in value.values()) != 1:
        raise unexpected("exactly one of roster, licence, device, usage, fixed")
    return value


OneMeasure = Annotated[MeasureShape, BeforeValidator(_one_key)]


def _basis(value: object) -> object:
    """The day of `{on_day: N}` as a number; the words stay as they are."""
    if isinstance(value, Block) and list(value) == ["on_day"]:
        day = value["on_day"]
        if isinstance(day, int) and not isinstance(day, bool):
            return day
    elif value in ("daily", "peak"):
        return value
    raise unexpected("daily, peak, or {on_day: N} with a day from 1 to 31")


Basis = Annotated[Literal["daily", "peak"] | int, BeforeValidator(_basis)]


class CommitmentShape(Shape):
    """A licence term."""

    thing: ClassVar = "a commitment"
    since: Day = Field(alias="from")
    until: Day
    renews_months: Annotated[int, Field(le=120)] | None = None
    window_days: Annotated[int, Field(le=366)] = 7


class LineShape(Shape):
    """One priced thing; what it doesn't say, its product says."""

    thing: ClassVar = "a line"
    name: Text
    was: Text | None = None
    product: Text | None = None
    text: Text | None = None
    vendor: Text | None = None
    account: Text | None = None
    since: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    count: OneMeasure | None = None
    price: Prices | None = None
    included: Counts | None = None
    minimum: Counts | None = None
    cost: Costs | None = None
    tax: Categories | None = None
    basis: Basis | None = None
    proration: Literal["daily", "next_period", "full_period"] | None = None
    removals: Literal["credit", "keep"] | None = None
    commitment: CommitmentShape | None = None
    discount: Reductions | None = None


class CycleShape(Shape):
    """How long the periods are, and where they are counted from."""

    thing: ClassVar = "a cycle"
    months: Annotated[int, Field(ge=1, le=120)] = 1
    anchor: Day | None = None


class OneOffShape(Shape):
    """A charge or a credit with a date."""

    thing: ClassVar = "a one-off"
    on: Day
    text: Text
    amount: Exact
    tax: Text = "standard"
    known: Day | None = None
    confirmed: bool | None = None


class DiscountShape(ReductionShape):
    """A discount over an agreement, or over what it has of one vendor."""

    thing: ClassVar = "a discount over an agreement"
    name: Text | None = None
    vendor: Text | None = None


class TemplateShape(Shape):
    """What agreements have in common."""

    thing: ClassVar = "a template"
    name: Text
    cycle: CycleShape | None = None
    timing: Literal["advance", "arrears"] = "advance"
    lines: list[LineShape] | None = None
    discounts: list[DiscountShape] | None = None
    minimum_amount: Amounts | None = None


class AgreementShape(Shape):
    """A cycle, a timing, and lines."""

    thing: ClassVar = "an agreement"
    name: Text
    template: Text | None = None
    without: list[Text] | None = None
    start: Day
    end: Day | None = None
    end_known: Day | None = None
    bills_from: Day | None = None
    cycle: CycleShape | None = None
    timing: Literal["advance", "arrears"] = "advance"
    lines: list[LineShape] | None = None
    discounts: list[DiscountShape] | None = None
    minimum_amount: Amounts | None = None
    one_off: list[OneOffShape] | None = None
