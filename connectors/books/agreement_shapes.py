"""Shapes of what is agreed: lines, agreements, one-offs, the catalogue."""

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from billing.money import plain
from billing.quantities import Measure
from connectors.books.document import Block
from connectors.books.fields import Count, Day, Exact, Text, only, unexpected
from connectors.books.price_shapes import Costs, Counts, Prices
from connectors.books.shape import Shape


class ProductShape(Shape):
    """An entry of the catalogue."""

    thing: ClassVar = "a product"
    code: Text
    text: Text
    vendor: Text | None = None
    price: Prices | None = None
    cost: Costs | None = None
    tax: Text = "standard"
    account: Text | None = None
    ids: dict[Text, Text] | None = None


class MeasureShape(Shape):
    """What is counted: exactly one of the keys."""

    thing: ClassVar = "what a line counts"
    roster: Text | None = None
    licence: Text | None = None
    device: Text | None = None
    fixed: Count | None = None
    usage: Annotated[Any, only(None, "usage is not in this version; possible: roster, licence, device, fixed")] = None

    def measure(self) -> Measure:
        """The measure as billing knows it; a fixed number is written as its name."""
        if self.roster is not None:
            return Measure("roster", self.roster)
        if self.licence is not None:
            return Measure("licence", self.licence)
        if self.device is not None:
            return Measure("device", self.device)
        return Measure("fixed", plain(self.fixed or Decimal(0)))


def _one_key(value: object) -> object:
    if isinstance(value, Block) and sum(found is not None for found in value.values()) != 1:
        raise unexpected("exactly one of roster, licence, device, fixed")
    return value


OneMeasure = Annotated[MeasureShape, BeforeValidator(_one_key)]


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
    tax: Text | None = None
    basis: Annotated[Literal["daily"], only("daily", "this version counts daily; leave out basis or write daily")] = (
        "daily"
    )
    proration: Annotated[
        Literal["daily"], only("daily", "this version prorates daily; leave out proration or write daily")
    ] = "daily"
    removals: Annotated[
        Literal["credit"], only("credit", "this version credits removals; leave out removals or write credit")
    ] = "credit"
    commitment: Annotated[
        Any, only(None, "commitments are not in this version; leave out commitment or write null")
    ] = None
    discount: Annotated[Any, only(None, "discounts are not in this version; leave out discount or write null")] = None


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


class AgreementShape(Shape):
    """A cycle, a timing, and lines."""

    thing: ClassVar = "an agreement"
    name: Text
    start: Day
    end: Day | None = None
    end_known: Day | None = None
    bills_from: Day | None = None
    cycle: CycleShape | None = None
    timing: Literal["advance", "arrears"] = "advance"
    lines: list[LineShape] | None = None
    discounts: Annotated[Any, only([], "discounts are not in this version; leave out discounts or write []")] = None
    minimum_amount: Annotated[
        Any, only(None, "minimum amounts are not in this version; leave out minimum_amount or write null")
    ] = None
    one_off: list[OneOffShape] | None = None
