"""What a client pays: the parties, agreements, their lines and discounts, and the days on which it is billed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from billing.calendar import Cycle, Dated, Period, always
from billing.counting import BY_DAY, Commitment, Counting
from billing.errors import WrongInput
from billing.money import exact, whole
from billing.prices import Flat, PriceModel, Usage
from billing.quantities import Measure
from billing.taxes import UNTAXED, TaxCategory


@dataclass(frozen=True, slots=True)
class Seller:
    """The MSP. Its two series number its invoices and credit notes; they may be one and the same."""

    name: str
    address: tuple[str, ...] = ()
    country: str = ""
    tax_id: str | None = None
    invoice_series: str = "INV"
    credit_series: str = "CN"


@dataclass(frozen=True, slots=True)
class Buyer:
    """A client as the addressee of a document; `reference` is the client's own, such as a purchase order."""

    name: str
    address: tuple[str, ...] = ()
    country: str = ""
    tax_id: str | None = None
    reference: str | None = None


Timing = Literal["advance", "arrears"]

STANDARD = always("standard")
"""The tax category of what doesn't name one."""

_WHOLE = 100


class AgreementMakesNoSense(WrongInput):
    """Terms that contradict each other; the message names the place."""


class DiscountMakesNoSense(WrongInput):
    """A discount that is negative, over 100 %, or both a percentage and an amount."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """Either `percent` of the scope, or `amount_minor` a whole cycle in minor units."""

    percent: Decimal | None = None
    amount_minor: int | None = None

    def __post_init__(self) -> None:
        """Refuses both or neither, and what is negative or more than everything."""
        if (self.percent is None) == (self.amount_minor is None):
            raise DiscountMakesNoSense("A discount is either a percentage or an amount: give one of them.")
        if self.percent is not None and not 0 <= exact(self.percent) <= _WHOLE:
            raise DiscountMakesNoSense(f"A discount of {self.percent} % is none: expected 0 to 100.")
        if self.amount_minor is not None and whole(self.amount_minor) < 0:
            raise DiscountMakesNoSense("A discount can't be negative; what is added to a bill is a line or a one-off.")


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount over an agreement's lines, or those of one vendor; None is the days on which there is none."""

    name: str
    reductions: Dated[Reduction | None]
    vendor: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One priced thing of an agreement; its name is its identity within the client."""

    name: str
    text: str
    price: Dated[PriceModel]
    count: Measure | None = None
    start: date | None = None
    end: date | None = None
    included: Dated[Decimal] = field(default_factory=lambda: always(Decimal(0)))
    minimum: Dated[Decimal] = field(default_factory=lambda: always(Decimal(0)))
    counting: Counting = BY_DAY
    commitment: Commitment | None = None
    discount: Dated[Reduction | None] | None = None
    tax: Dated[str] = STANDARD
    vendor: str | None = None
    product: str | None = None
    account: str | None = None

    def __post_init__(self) -> None:
        """Refuses a priced quantity without anything to count, dates the wrong way round, and numbers below 0."""
        if self.count is None and any(not isinstance(entry.value, Flat) for entry in self.price.entries):
            raise AgreementMakesNoSense(f"Line {self.name} has a price a unit but counts nothing: add count.")
        self._refuse_what_usage_excludes()
        if self.start and self.end and self.end <= self.start:
            raise AgreementMakesNoSense(f"Line {self.name} ends on {self.end}, not after it starts on {self.start}.")
        for what, term in (("minimum", self.minimum), ("included number", self.included)):
            below = next((entry.value for entry in term.entries if exact(entry.value) < 0), None)
            if below is not None:
                raise AgreementMakesNoSense(f"The {what} of line {self.name} can't be negative ({below}).")

    def _refuse_what_usage_excludes(self) -> None:
        if not self.metered and any(isinstance(entry.value, Usage) for entry in self.price.entries):
            raise AgreementMakesNoSense(
                f"Line {self.name} has a price for usage but no meter: write count: {{usage: …}}."
            )
        if self.metered and (self.counting != BY_DAY or self.commitment is not None):
            raise AgreementMakesNoSense(
                f"Line {self.name} adds up what a meter read, so basis, proration, removals and commitment don't apply."
            )

    @property
    def metered(self) -> bool:
        """Whether the line bills what a meter read, always in arrears."""
        return self.count is not None and self.count.kind == "usage"

    def as_known(self, on: date) -> "Line":
        """The line with the terms that were known on a day."""
        return replace(
            self,
            price=self.price.as_known(on),
            included=self.included.as_known(on),
            minimum=self.minimum.as_known(on),
            discount=self.discount.as_known(on) if self.discount else None,
            tax=self.tax.as_known(on),
        )

    def cut(self, period: Period) -> Sequence[tuple[Period, PriceModel, Decimal, Decimal]]:
        """The parts of the period on which one price, one minimum and one included number are in force."""
        return [
            (days, price, minimum, included)
            for with_price, price in self.price.cut(period)
            for with_minimum, minimum in self.minimum.cut(with_price)
            for days, included in self.included.cut(with_minimum)
        ]


@dataclass(frozen=True, slots=True)
class OneOff:
    """A charge or credit with a date, billed on the first bill date on or after it."""

    on: date
    text: str
    amount_minor: int
    tax: str = "standard"
    known: date | None = None

    def __post_init__(self) -> None:
        """Refuses an amount that isn't whole minor units."""
        whole(self.amount_minor)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A cycle, a timing, and lines. `end` is the first day that is no longer covered."""

    name: str
    start: date
    cycle: Cycle
    lines: tuple[Line, ...]
    timing: Timing = "advance"
    end: date | None = None
    end_known: date | None = None
    bills_from: date | None = None
    one_offs: tuple[OneOff, ...] = ()
    discounts: tuple[Discount, ...] = ()
    minimum_minor: Dated[int] | None = None
    template: str | None = None

    def __post_init__(self) -> None:
        """Refuses dates the wrong way round."""
        if self.end is not None and self.end <= self.start:
            raise AgreementMakesNoSense(
                f"Agreement {self.name} ends on {self.end}, not after it starts on {self.start}."
            )

    def as_known(self, on: date) -> "Agreement":
        """The agreement as it was known on a day."""
        learnt = self.end_known is None or self.end_known <= on
        return replace(
            self,
            end=self.end if learnt else None,
            lines=tuple(line.as_known(on) for line in self.lines),
            one_offs=tuple(item for item in self.one_offs if item.known is None or item.known <= on),
            discounts=tuple(replace(each, reductions=each.reductions.as_known(on)) for each in self.discounts),
            minimum_minor=self.minimum_minor.as_known(on) if self.minimum_minor else None,
        )

    def covered(self, line: Line, period: Period) -> Period | None:
        """The days of the period on which the line is in force."""
        inside = period.within(self.start, self.end)
        return inside.within(line.start, line.end) if inside else None

    def in_force(self, day: date) -> bool:
        """Whether the agreement covers the day."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Terms:
    """All that is agreed with one client: its currency, its taxes, its agreements, its day to be billed on."""

    slug: str
    currency: str
    agreements: tuple[Agreement, ...]
    taxes: tuple[tuple[str, TaxCategory], ...] = ()
    terms_days: int = 30
    bill_day: int | None = None
    learnt: bool = field(init=False, repr=False, compare=False)
    """Whether anything of it became known on some day; asked for each draft, so worked out once."""

    def __post_init__(self) -> None:
        """Refuses two lines with one name and a tax category that is nowhere defined."""
        object.__setattr__(self, "learnt", self._known(date.min) != (self.agreements, self.taxes))
        names = [line.name for line in self.lines()]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise AgreementMakesNoSense(f"{self.slug} has two lines named {twice}; a line's name is its identity.")
        known = {name for name, _ in self.taxes}
        used = {entry.value for line in self.lines() for entry in line.tax.entries}
        used |= {item.tax for a in self.agreements for item in a.one_offs}
        missing = next((name for name in sorted(used) if name not in known), None)
        if known and missing is not None:
            have = ", ".join(sorted(known))
            raise AgreementMakesNoSense(
                f"{self.slug} uses the tax category {missing}, which taxes doesn't define (there: {have})."
            )

    def lines(self) -> Iterator[Line]:
        """Every line of every agreement, in order."""
        for agreement in self.agreements:
            yield from agreement.lines

    def as_known(self, on: date) -> "Terms":
        """The terms as they were known on a day."""
        if not self.learnt:
            return self
        agreements, taxes = self._known(on)
        return replace(self, agreements=agreements, taxes=taxes)

    def _known(self, on: date) -> tuple[tuple[Agreement, ...], tuple[tuple[str, TaxCategory], ...]]:
        return (
            tuple(agreement.as_known(on) for agreement in self.agreements),
            tuple((name, replace(tax, rates=tax.rates.as_known(on))) for name, tax in self.taxes),
        )

    def tax_category(self, name: str) -> TaxCategory:
        """The category by its name; a client without any taxes pays none."""
        return next((category for known, category in self.taxes if known == name), UNTAXED)

    def measures(self) -> Iterable[Measure]:
        """What the lines count, each once."""
        return dict.fromkeys(line.count for line in self.lines() if line.count is not None)


_MONTHLY = 1
# A month with 31 days, so that a bill day of any number can be its anchor.
_ANCHOR_YEAR_AND_MONTH = (2000, 1)


def bill_dates(terms: Terms, start: date | None = None) -> Iterator[date]:
    """Every day from `start` on (default: the first ever) on which the client is billed, without end.

    The client's own day of each month where it has one; else the boundaries of each agreement's cycle on or after its
    start, and monthly ones for longer cycles.
    """
    cycles = [(_billing_cycle(terms, agreement), agreement.start) for agreement in terms.agreements]
    if not cycles:
        return
    day = min(begins for _, begins in cycles) if start is None else start
    while True:
        day = min(cycle.first_boundary(max(begins, day)) for cycle, begins in cycles)
        yield day
        day += timedelta(days=1)


def next_bill_date(terms: Terms, on_or_after: date) -> date | None:
    """The first bill date on or after a day; None for a client without an agreement."""
    return next(bill_dates(terms, on_or_after), None)


def _billing_cycle(terms: Terms, agreement: Agreement) -> Cycle:
    if terms.bill_day is None:
        return Cycle(_MONTHLY, agreement.cycle.anchor)
    return Cycle(_MONTHLY, date(*_ANCHOR_YEAR_AND_MONTH, terms.bill_day))
