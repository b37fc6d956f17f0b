"""What a client pays: agreements, their lines, and the terms around them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from billing.calendar import Cycle, Period
from billing.commitments import Commitment
from billing.counting import BY_DAY, Counting
from billing.dated import Dated, always
from billing.discounts import Discount, Reduction
from billing.errors import WrongInput
from billing.money import exact, whole
from billing.prices import Flat, PriceModel, Usage
from billing.quantities import Measure

Timing = Literal["advance", "arrears"]


class AgreementMakesNoSense(WrongInput):
    """Terms that contradict each other; the message names the place."""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One named tax, in percent."""

    name: str
    percent: Decimal

    def __post_init__(self) -> None:
        """Refuses a negative rate."""
        if exact(self.percent) < 0:
            raise AgreementMakesNoSense(f"The rate of {self.name} can't be negative ({self.percent}).")


@dataclass(frozen=True, slots=True)
class TaxCategory:
    """The taxes due on a category, or the reason why none is due (exempt, reverse charge)."""

    rates: Dated[tuple[TaxRate, ...]]
    reason: str | None = None


UNTAXED = TaxCategory(always(()))


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
    tax: str = "standard"
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
        price, included, minimum = self.price.as_known(on), self.included.as_known(on), self.minimum.as_known(on)
        discount = self.discount.as_known(on) if self.discount else None
        was = (self.price, self.included, self.minimum, self.discount)
        if all(one is other for one, other in zip((price, included, minimum, discount), was, strict=True)):
            return self
        return replace(self, price=price, included=included, minimum=minimum, discount=discount)


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

    def __post_init__(self) -> None:
        """Refuses two lines with one name and a tax category that is nowhere defined."""
        names = [line.name for line in self.lines()]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise AgreementMakesNoSense(f"{self.slug} has two lines named {twice}; a line's name is its identity.")
        known = {name for name, _ in self.taxes}
        used = {line.tax for line in self.lines()} | {item.tax for a in self.agreements for item in a.one_offs}
        missing = next((name for name in sorted(used) if name not in known), None)
        if known and missing is not None:
            have = ", ".join(sorted(known)) or "none"
            raise AgreementMakesNoSense(
                f"{self.slug} uses the tax category {missing}, which taxes doesn't define (there: {have})."
            )

    def lines(self) -> Iterator[Line]:
        """Every line of every agreement, in order."""
        for agreement in self.agreements:
            yield from agreement.lines

    def as_known(self, on: date) -> "Terms":
        """The terms as they were known on a day."""
        return replace(
            self,
            agreements=tuple(agreement.as_known(on) for agreement in self.agreements),
            taxes=tuple((name, replace(tax, rates=tax.rates.as_known(on))) for name, tax in self.taxes),
        )

    def tax_category(self, name: str) -> TaxCategory:
        """The category by its name; a client without any taxes pays none."""
        return dict(self.taxes).get(name, UNTAXED)

    def measures(self) -> Iterable[Measure]:
        """What the lines count, each once."""
        return dict.fromkeys(line.count for line in self.lines() if line.count is not None)
