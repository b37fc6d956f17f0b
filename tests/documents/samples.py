"""Documents built by hand, with the figures of the worked examples."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.agreement import Buyer, Seller
from billing.calendar import Period
from billing.draft import Charge, Draft, Item, Move, Segment
from billing.prices import Part, added
from billing.quantities import Measure, RosterPeople, Span
from billing.taxes import TaxRate, TaxTotal
from documents.document import Document

APRIL = Period(date(2027, 4, 1), date(2027, 5, 1))
MAY = Period(date(2027, 5, 1), date(2027, 6, 1))
JUNE = Period(date(2027, 6, 1), date(2027, 7, 1))
JULY = Period(date(2027, 7, 1), date(2027, 8, 1))
JOINED = date(2027, 4, 11)

FULL = Measure("roster", "full")
SALES_TAX = TaxRate("Sales tax", Decimal("8.25"))
NORTHWIND = Seller(
    "Northwind IT", ("1 Main St", "Portland OR 97201"), "US", "12-3456789", invoice_series="NW", credit_series="NW"
)
ACME = Buyer("Acme Corp", ("9 High St", "Boston MA 02110"), "US", reference="PO 4711")

FIRST = "Ann Bo Cy Dee Eli Fay Gus Hal Ida Jo Kim Lou May Ned Ola".split()
LAST = ("Ames", "Brown", "Castillo")
NAMES = {
    number * len(FIRST) + place: f"{first} {last}"
    for number, last in enumerate(LAST)
    for place, first in enumerate(FIRST)
}
NEW = (0, 1, 2)

HOSTILE = (
    "<!channel> *free*",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "#set text(red); $x^2$ @label",
    "محمد علي",
    "דנה לוי",
    "\u202eevil\tname\n",
    "x" * 200,
    "日本 太郎",
    "😀 Smile",
    "สมชาย ใจดี",
)


def part(quantity: str, unit: str, fixed: str = "0") -> Part:
    return Part(Decimal(quantity), Decimal(unit), Decimal(fixed))


def segment(period: Period, cycle_days: int, quantity: str, *parts: Part) -> Segment:
    amount = added(parts)
    return Segment(period, cycle_days, Decimal(quantity), Decimal(quantity), parts, amount)


SEGMENT_42 = segment(Period(APRIL.start, JOINED), 30, "42", part("25", "45.00"), part("17", "40.00"))
SEGMENT_45 = segment(Period(JOINED, APRIL.end), 30, "45", part("25", "45.00"), part("20", "40.00"))


def recurring() -> Charge:
    """May of scenario 1: 45 users."""
    return Charge(
        item=Item("Managed services", "line", "managed-user"),
        kind="recurring",
        text="Managed user",
        cycle=MAY,
        period=MAY,
        quantity=Decimal(45),
        measure=FULL,
        amount_minor=192500,
        tax="standard",
        rates=(SALES_TAX,),
        owed_minor=192500,
        billed_minor=0,
        segments=(segment(MAY, 31, "45", part("25", "45.00"), part("20", "40.00")),),
    )


def adjustment(moves: tuple[Move, ...] | None = None) -> Charge:
    """April of scenario 1: three users joined on the 11th."""
    joined = Move(JOINED, Decimal(42), Decimal(45), days=20, cycle_days=30, joined=NEW)
    return replace(
        recurring(),
        kind="adjustment",
        cycle=APRIL,
        period=APRIL,
        quantity=None,
        amount_minor=8000,
        owed_minor=188500,
        billed_minor=180500,
        segments=(SEGMENT_42, SEGMENT_45),
        moves=(joined,) if moves is None else moves,
    )


def goodwill(amount_minor: int = -2500) -> Charge:
    """A one-off credit on 1 May."""
    return Charge(
        item=Item("Managed services", "one_off", "2027-05-01 Goodwill 1"),
        kind="one_off",
        text="Goodwill",
        cycle=Period(date(2027, 5, 1), date(2027, 5, 2)),
        period=Period(date(2027, 5, 1), date(2027, 5, 2)),
        quantity=None,
        measure=None,
        amount_minor=amount_minor,
        tax="standard",
        rates=(SALES_TAX,),
        owed_minor=amount_minor,
        billed_minor=0,
    )


def flat_stub() -> Charge:
    """June of scenario 10: a flat agreement that starts on the 21st."""
    stub = Period(date(2027, 6, 21), JUNE.end)
    return replace(
        recurring(),
        item=Item("Managed services", "line", "all-in"),
        text="All-in support",
        cycle=JUNE,
        period=stub,
        quantity=None,
        measure=None,
        amount_minor=366667,
        owed_minor=366667,
        segments=(segment(stub, 30, "0", part("0", "0", "11000.00")),),
    )


def roster_people(period: Period, people: Mapping[int, date]) -> RosterPeople:
    spans = tuple(Span(person, Period(max(start, period.start), period.end)) for person, start in people.items())
    return RosterPeople("full", period, spans)


def draft(*charges: Charge, tax_minor: int | None = None) -> Draft:
    """A draft on 1 May with the charges, those of scenario 1 by default; taxed at 8.25 %."""
    items = charges or (recurring(), adjustment())
    subtotal = sum(charge.amount_minor for charge in items)
    tax = 16541 if tax_minor is None else tax_minor
    since = {person: JOINED if person in NEW else APRIL.start for person in NAMES}
    return Draft(
        document="invoice",
        client="acme",
        bill_date=date(2027, 5, 1),
        due_on=date(2027, 5, 31),
        currency="USD",
        charges=items,
        taxes=(TaxTotal("standard", "Sales tax", Decimal("8.25"), subtotal, tax),) if tax else (),
        subtotal_minor=subtotal,
        total_minor=subtotal + tax,
        people=(roster_people(APRIL, since), roster_people(MAY, since)),
    )


def document(content: Draft | None = None) -> Document:
    """Scenario 1's invoice of 1 May 2027, not issued yet."""
    return Document(
        draft=content or draft(),
        seller=NORTHWIND,
        buyer=ACME,
        locale="en_US",
        number=None,
        issued_on=None,
        names=NAMES,
    )


def issued(content: Draft | None = None) -> Document:
    """The same with a number."""
    return replace(document(content), number="NW-000007", issued_on=date(2027, 5, 3))


def credit_note() -> Document:
    """50.00 given back on an invoice, with its share of the tax."""
    given = replace(goodwill(-5000), text="Goodwill for the outage")
    content = replace(
        draft(given, tax_minor=-413),
        document="credit_note",
        people=(),
        corrects=("NW-000007",),
        reason="Mail was down for a day",
    )
    return replace(issued(content), number="NW-000008")


def hostile() -> Document:
    """An invoice on which every text from outside is malicious or awkward."""
    names = dict(enumerate(HOSTILE))
    since = dict.fromkeys(names, APRIL.start)
    joined = Move(JOINED, Decimal(0), Decimal(len(names)), days=20, cycle_days=30, joined=tuple(names))
    content = replace(
        draft(replace(recurring(), text=HOSTILE[1]), adjustment((joined,)), replace(goodwill(), text="x" * 200)),
        people=(roster_people(MAY, since),),
    )
    buyer = Buyer(HOSTILE[2], (HOSTILE[3], HOSTILE[7]), "US", reference=HOSTILE[0])
    return replace(issued(content), names=names, buyer=buyer)
