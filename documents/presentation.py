"""One presentation of a document: ordered sections of finished strings, which a template only has to place."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Literal

from billing.agreement import Buyer, Seller
from billing.calendar import Period
from billing.draft import Charge
from billing.taxes import TaxTotal
from documents import wording
from documents.attendance import RosterAttendance, attendances
from documents.canonical import notes
from documents.document import Document
from documents.format import Format, country, day, days, one_line, part_of, reading_order
from documents.workings import workings

Paper = Literal["us-letter", "a4"]

_LETTER_COUNTRIES = frozenset({"US", "CA", "MX", "PH", "CL", "CO"})
# More people than these are only counted where there is little room.
_FEW = 40
_GROUPS = (
    *(("recurring", "Recurring"), ("discount", "Discounts"), ("minimum", "Minimum amounts")),
    *(("adjustment", "Adjustments"), ("one_off", "One-off")),
)


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer, as an address is written."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value: Due, 31 May 2027."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """One charge."""

    title: str
    detail: str
    quantity: str
    amount: str


@dataclass(frozen=True, slots=True)
class Group:
    """Charges of one kind; the title is empty where there is only one kind."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A name, and the days where they are not the whole period."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Names:
    """Everyone on a roster in the billed periods."""

    title: str
    detail: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Working:
    """How one amount came about, a sentence a line."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Presentation:
    """All that stands on a document, top to bottom. `stamp` is empty once it is issued.

    `sources` are for a reader within the house: where every amount comes from, on a page of its own.
    """

    paper: Paper
    heading: str
    stamp: str
    stamp_reason: str
    subject: str
    seller: Party
    buyer: Party
    facts: tuple[Fact, ...]
    headline: Fact
    groups: tuple[Group, ...]
    totals: tuple[Fact, ...]
    total: Fact
    notes: tuple[str, ...]
    names: tuple[Names, ...]
    workings: tuple[Working, ...]
    footer: str
    sources: tuple[Working, ...] = ()
    buyer_label: str = "Billed to"

    @property
    def counted(self) -> bool:
        """Whether anything on it has a quantity; else there is no column for it."""
        return any(row.quantity for group in self.groups for row in group.rows)


def present(document: Document, sources: tuple[Working, ...] = ()) -> Presentation:
    """The document as its reader sees it; amounts on a credit note are positive."""
    short, rosters = outlined(document), attendances(document.draft)
    people = (_people(document, roster) for roster in rosters)
    written = Format(document.locale, document.draft.currency)
    return replace(
        short,
        groups=_groups(document, written),
        names=tuple(replace(names, people=theirs) for names, theirs in zip(short.names, people, strict=True)),
        workings=_workings(document, written),
        sources=sources,
    )


def outlined(document: Document) -> Presentation:
    """The same without workings, and with the number of people in place of their names where these are many.

    That is what there is room for in a chat, and it takes no longer for thousands of people than for a few.
    """
    draft = document.draft
    written = Format(document.locale, draft.currency)
    heading = "Credit note" if document.is_credit_note else "Invoice"
    subject = f"{heading} {document.number}" if document.number else f"{heading} (preview)"
    total = Fact(_total_label(document), written.money(_sign(document) * draft.total_minor))
    return Presentation(
        paper=paper_size(document.seller),
        heading=heading,
        stamp="" if document.number else "DRAFT",
        stamp_reason="" if document.number else "Preview: not issued yet, nothing to pay.",
        subject=subject,
        seller=party(document.seller),
        buyer=party(document.buyer),
        facts=_facts(document),
        headline=Fact(_headline_label(document), total.value),
        groups=_groups(document, written, _FEW),
        totals=_totals(document, written),
        total=total,
        notes=notes(document),
        names=tuple(map(_names, attendances(draft))),
        workings=(),
        footer=f"{one_line(document.seller.name)} · {subject}",
    )


def _sign(document: Document) -> int:
    return -1 if document.is_credit_note else 1


def _total_label(document: Document) -> str:
    if document.is_credit_note:
        return "Total credit"
    return "Total due" if document.number else "Total"


def _headline_label(document: Document) -> str:
    payable = document.number and not document.is_credit_note
    return f"Total due by {day(document.draft.due_on)}" if payable else _total_label(document)


def paper_size(seller: Seller) -> Paper:
    """The paper that is usual where the seller is."""
    return "us-letter" if seller.country.upper() in _LETTER_COUNTRIES else "a4"


def party(of: Seller | Buyer) -> Party:
    """A name and address, a line each."""
    lines = [*of.address, country(of.country)] if of.country else list(of.address)
    if of.tax_id:
        lines.append(f"Tax ID {of.tax_id}")
    return Party(one_line(of.name), tuple(one_line(line) for line in lines))


def _facts(document: Document) -> tuple[Fact, ...]:
    draft = document.draft
    facts = [
        Fact("Number", document.number or "not issued yet"),
        Fact("Date", day(document.issued_on or draft.bill_date)),
    ]
    if not document.is_credit_note:
        facts.append(Fact("Due", day(draft.due_on)))
    facts.append(Fact("Currency", draft.currency))
    if document.buyer.reference:
        facts.append(Fact("Your reference", one_line(document.buyer.reference)))
    if draft.corrects:
        facts.append(Fact("Corrects", ", ".join(draft.corrects)))
    return tuple(facts)


def _groups(document: Document, written: Format, most_names: int | None = None) -> tuple[Group, ...]:
    charges = document.draft.charges
    several = len({charge.kind for charge in charges}) > 1
    return tuple(
        Group(title if several else "", rows)
        for kind, title in _GROUPS
        if (rows := tuple(_row(charge, document, written, most_names) for charge in charges if charge.kind == kind))
    )


def _row(charge: Charge, document: Document, written: Format, most_names: int | None) -> Row:
    moved = sum(len(move.joined) + len(move.left) for move in charge.moves)
    names = document.names if most_names is None or moved <= most_names else None
    return Row(
        title=wording.title(charge),
        detail=wording.detail(charge, written.money, names),
        quantity="" if charge.quantity is None else written.number(charge.quantity),
        amount=written.money(_sign(document) * charge.amount_minor),
    )


def _totals(document: Document, written: Format) -> tuple[Fact, ...]:
    sign = _sign(document)

    def tax_fact(tax: TaxTotal) -> Fact:
        base, amount = written.money(sign * tax.base_minor), written.money(sign * tax.amount_minor)
        return Fact(f"{one_line(tax.name)} {written.percent(tax.percent)} on {base}", amount)

    subtotal = Fact("Subtotal", written.money(sign * document.draft.subtotal_minor))
    return (subtotal, *(tax_fact(tax) for tax in document.draft.taxes))


def _names(roster: RosterAttendance) -> Names:
    number = len({entry.person for entry in roster.people})
    billed = ", ".join(days(period) for period in roster.billed)
    return Names(title=one_line(roster.roster), detail=f"{wording.users(number)}, {billed}", people=())


def _people(document: Document, roster: RosterAttendance) -> tuple[Person, ...]:
    people = [
        Person(one_line(document.name_of(person)), _when(tuple(entry.days for entry in theirs), roster))
        for person, theirs in groupby(roster.people, key=attrgetter("person"))
    ]
    return tuple(sorted(people, key=lambda person: (*reading_order(person.name), person.detail)))


def _when(spans: tuple[Period, ...], roster: RosterAttendance) -> str:
    if spans == roster.billed:
        return ""
    within = ((span, whole) for span in spans for whole in roster.billed if whole.within(span.start, span.end))
    return ", ".join(filter(None, (part_of(span, whole) for span, whole in within)))


def _workings(document: Document, written: Format) -> tuple[Working, ...]:
    found = [(charge, lines) for charge in document.draft.charges if (lines := workings(charge, written))]
    titles = Counter(wording.title(charge) for charge, _ in found)

    def title(charge: Charge) -> str:
        # Where several periods of one item are billed, only the days tell their figures apart.
        plain = wording.title(charge)
        return plain if titles[plain] == 1 else f"{plain}, {days(charge.period)}"

    return tuple(Working(title(charge), lines) for charge, lines in found)
