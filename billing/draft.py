"""What a document says, as facts: charges, taxes, totals, people. No sentence is formed here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from billing.agreement import Reduction
from billing.calendar import Period
from billing.counting import Counting, Deferral
from billing.prices import Part
from billing.quantities import Measure, RosterPeople
from billing.taxes import TaxRate, TaxShare, TaxTotal


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which so many were wanted, and so many in force once a commitment has held back decreases."""

    period: Period
    wanted: Decimal
    in_force: Decimal


@dataclass(frozen=True, slots=True)
class Counted:
    """A line that doesn't simply count each day's own number: the rule, and the numbers before it."""

    counting: Counting
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Metered:
    """How many readings were added up, and the days of the first and the last (None: there was none)."""

    readings: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class TakenOff:
    """A discount: the texts and the sum of what is in its scope, what earlier discounts left of that, and the terms."""

    scope: tuple[str, ...]
    base_minor: int
    left_minor: int
    terms: tuple[tuple[Period, Reduction], ...]


@dataclass(frozen=True, slots=True)
class ToppedUp:
    """A minimum amount: what counts towards it, and the minimum of a cycle on which days."""

    net_minor: int
    terms: tuple[tuple[Period, int], ...]


Basis = Counted | Metered | TakenOff | ToppedUp


ItemKind = Literal["line", "one_off", "discount", "minimum"]
ChargeKind = Literal["recurring", "adjustment", "one_off", "discount", "minimum"]
DocumentKind = Literal["invoice", "credit_note"]


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """What is owed separately: a line, discount or minimum by its name, or a one-off by its date, text and ordinal."""

    agreement: str
    kind: ItemKind
    name: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Days of one service period with one quantity and one price.

    `cycle_amount` is what the priced quantity would cost for the whole cycle, in major units; the segment owes
    `cycle_amount x period.days / cycle_days`.
    """

    period: Period
    cycle_days: int
    quantity: Decimal
    priced: Decimal
    parts: tuple[Part, ...]
    cycle_amount: Fraction


@dataclass(frozen=True, slots=True)
class Move:
    """A cause of an adjustment: from a day on, the quantity or the price differed from what was billed.

    `days` of `cycle_days` are the days it held. People are ids; where only a number is known, both are empty.
    """

    day: date
    before: Decimal
    after: Decimal
    days: int
    cycle_days: int
    joined: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    price_changed: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount for one item and one service period.

    `cycle` is the whole cycle (the key under which it counts as billed), `period` the covered days inside it.
    `quantity` is the one in force on the period's last day, before minimum and included; None on adjustments,
    one-offs and flat lines without a count. `owed_minor - billed_minor` is the amount of what a run charges.
    `credits_line` is, on a credit that a person gave, the position (from 1) of the corrected line. `was` is, on an
    adjustment, what the amount rested on when it was billed last.
    """

    item: Item
    kind: ChargeKind
    text: str
    cycle: Period
    period: Period
    quantity: Decimal | None
    measure: Measure | None
    amount_minor: int
    tax: str
    rates: tuple[TaxRate, ...]
    owed_minor: int
    billed_minor: int
    segments: tuple[Segment, ...] = ()
    moves: tuple[Move, ...] = ()
    credits_line: int | None = None
    shares: tuple[TaxShare, ...] = ()
    basis: Basis | None = None
    was: Basis | None = None

    @property
    def matters(self) -> bool:
        """Whether it moves money, or a part of its amount from one tax category to another."""
        return self.amount_minor != 0 or bool(self.shares)

    @property
    def tax_shares(self) -> tuple[TaxShare, ...]:
        """The parts of the amount by the tax that they bear: one, unless `shares` says that there are several."""
        return self.shares or (TaxShare(self.tax, self.rates, self.amount_minor),)


@dataclass(frozen=True, slots=True)
class PutOff:
    """A decrease of a line that its commitment doesn't let through before the term ends, and its cost a month."""

    line: str
    measure: Measure
    deferral: Deferral
    monthly_minor: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as facts. A negative total makes it a credit note; amounts keep their sign.

    `people` lists, for every roster and period that the document bills or adjusts, who was there. `corrects` names the
    documents that a credit note corrects. `tax_reasons` says why a category bears no tax.
    """

    document: DocumentKind
    client: str
    bill_date: date
    due_on: date
    currency: str
    charges: tuple[Charge, ...]
    taxes: tuple[TaxTotal, ...]
    subtotal_minor: int
    total_minor: int
    people: tuple[RosterPeople, ...] = ()
    corrects: tuple[str, ...] = ()
    reason: str | None = None
    tax_reasons: tuple[tuple[str, str], ...] = ()
    put_off: tuple[PutOff, ...] = ()
