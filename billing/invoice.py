"""The invoice of one client on one bill date: owed - billed, for every item and every period up to it.

So a late approval, a back-dated change, a forgotten month and a second run all come out right by themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from billing.agreement import Agreement, Terms, next_bill_date
from billing.calendar import Period
from billing.charging import charge_of
from billing.counting import committed
from billing.draft import Charge, Draft, ItemKind, PutOff
from billing.errors import Refused
from billing.money import minor_of, quotient
from billing.owed import Counts, agreement_owed, cycle_amount, one_off_owed, tax_share, uncounted
from billing.quantities import RosterPeople
from billing.snapshot import BilledCharge, Snapshot
from billing.taxes import tax_totals

_ONE_DAY = timedelta(days=1)


class NotABillDate(Refused):
    """The client isn't billed on that day; the message names the next day on which it is."""


def draft_invoice(snapshot: Snapshot, bill_date: date) -> Draft | None:
    """The document that the client is owed on a bill date, or None when nothing is owed.

    Raises:
        NotABillDate: the client isn't billed on that day.

    """
    found = _found(snapshot, bill_date)
    if found is None:
        return None
    terms, counts, charges = found
    return total(terms, bill_date, charges, _people(counts, charges), tuple(_put_off(terms, counts, bill_date)))


def subtotal_minor(snapshot: Snapshot, bill_date: date) -> int:
    """What that document charges before tax, without anybody's name beside it; 0 where there is none."""
    found = _found(snapshot, bill_date)
    return 0 if found is None else sum(charge.amount_minor for charge in found[2])


def _found(snapshot: Snapshot, bill_date: date) -> tuple[Terms, Counts, tuple[Charge, ...]] | None:
    following = next_bill_date(snapshot.terms, bill_date)
    if following != bill_date:
        hint = f"the next is {following}" if following else "it has no agreement"
        raise NotABillDate(f"{snapshot.terms.slug} isn't billed on {bill_date}: {hint}.")
    if snapshot.billed_through is not None and bill_date < snapshot.billed_through:
        # A later invoice has caught up with this date; what was learnt between the two would only be taken back.
        return None
    terms = snapshot.terms.as_known(bill_date)
    known = snapshot if terms is snapshot.terms else replace(snapshot, terms=terms)
    counts = snapshot.counts(bill_date)
    charges = tuple(sorted(_charges(known, counts, bill_date), key=_reading_order))
    return (terms, counts, charges) if any(charge.matters for charge in charges) else None


def total(
    terms: Terms,
    bill_date: date,
    charges: tuple[Charge, ...],
    people: tuple[RosterPeople, ...],
    put_off: tuple[PutOff, ...] = (),
) -> Draft:
    """Charges added up into a document; a negative total makes it a credit note."""
    shares = [share for charge in charges for share in charge.tax_shares]
    taxes = tax_totals(shares)
    subtotal_minor = sum(charge.amount_minor for charge in charges)
    total_minor = subtotal_minor + sum(tax.amount_minor for tax in taxes)
    reasons = ((name, terms.tax_category(name).reason) for name in dict.fromkeys(share.category for share in shares))
    return Draft(
        document="invoice" if total_minor >= 0 else "credit_note",
        client=terms.slug,
        bill_date=bill_date,
        due_on=bill_date + timedelta(days=terms.terms_days),
        currency=terms.currency,
        charges=charges,
        taxes=taxes,
        subtotal_minor=subtotal_minor,
        total_minor=total_minor,
        people=people,
        tax_reasons=tuple((name, reason) for name, reason in reasons if reason),
        put_off=put_off,
    )


_DERIVED: frozenset[ItemKind] = frozenset({"discount", "minimum"})
"""The items that follow from the amounts of lines."""

_KINDS_IN_ORDER = ("recurring", "discount", "minimum", "adjustment", "one_off")


def _reading_order(charge: Charge) -> int:
    """What is charged for the first time comes first; within a kind, the agreement's own order stays."""
    return _KINDS_IN_ORDER.index(charge.kind)


_Key = tuple[ItemKind, str]
_Books = Mapping[_Key, Sequence[BilledCharge]]
"""What was billed to a client, in the order of issue, by item: its kind and name are its identity."""


def _charges(snapshot: Snapshot, counts: Counts, bill_date: date) -> Iterator[Charge]:
    books: dict[_Key, list[BilledCharge]] = {}
    for entry in snapshot.billed:
        books.setdefault((entry.item.kind, entry.item.name), []).append(entry)
    derived = [key for key in books if key[0] in _DERIVED]
    homes = dict(_homes(snapshot.terms)) if derived else {}
    for agreement in snapshot.terms.agreements:
        mine: list[_Key] = [("line", line.name) for line in agreement.lines]
        # What no terms have any more is given back under the agreement that it was billed under.
        mine += [key for key in derived if homes.get(key, books[key][0].item.agreement) == agreement.name]
        billed = {key: books[key] for key in mine if key in books}
        yield from _agreement_charges(snapshot.terms, agreement, counts, billed, bill_date)
    one_offs = _one_off_charges(snapshot.terms, counts, books, bill_date)
    yield from (charge for charge in one_offs if charge is not None and charge.matters)


def _homes(terms: Terms) -> Iterator[tuple[_Key, str]]:
    """The agreement that has each discount now; a line that moves takes its own discount along."""
    for agreement in terms.agreements:
        yield from ((("discount", line.name), agreement.name) for line in agreement.lines if line.discount)
        yield from ((("discount", each.name), agreement.name) for each in agreement.discounts)


def _agreement_charges(
    terms: Terms, agreement: Agreement, counts: Counts, billed: _Books, bill_date: date
) -> Iterator[Charge]:
    found: dict[_Key, list[Charge]] = {("line", line.name): [] for line in agreement.lines}
    for cycle in _our_cycles(agreement, bill_date, billed):
        within = {key: [each for each in entries if cycle.covers(each.start)] for key, entries in billed.items()}
        for owed in _owed_now(terms, agreement, cycle, counts, within, bill_date):
            key = (owed.item.kind, owed.item.name)
            charge = charge_of(counts, owed, within.get(key, ()))
            # What costs nothing is shown once, on the invoice of its period; an empty month isn't made up for.
            costly = [each for each in found.get(key, ()) if each.matters]
            found[key] = [*costly, charge] if charge is not None else costly
    return chain.from_iterable(found.values())


def _our_cycles(agreement: Agreement, bill_date: date, billed: _Books) -> Iterator[Period]:
    """Every cycle's period up to the bill date, also those before the agreement in which something was billed."""
    earliest = min([agreement.start, *(entry.start for entries in billed.values() for entry in entries)])
    for cycle in agreement.cycle.periods(earliest, bill_date):
        if agreement.bills_from is None or max(cycle.start, agreement.start) >= agreement.bills_from:
            yield cycle


def _owed_now(
    terms: Terms, agreement: Agreement, cycle: Period, counts: Counts, billed: _Books, bill_date: date
) -> Iterator[Charge]:
    """All that may be billed for a cycle by now, at its amount; nothing where its days or its terms are gone.

    In advance, a stub at the start is billed with the period that begins on the first boundary after it.
    """
    closed, in_advance = cycle.end <= bill_date, agreement.timing == "advance"
    if not (closed or in_advance):
        # What was billed in advance, before that was altered, stays as it is until the cycle is over.
        return

    def before_its_end(item: _Key) -> bool:
        return in_advance and (cycle.start >= agreement.start or bool(billed.get(item)))

    lines = agreement.lines
    due = {one.name for one in lines if closed or (not one.metered and before_its_end(("line", one.name)))}
    waits = not closed and (
        not before_its_end(("minimum", agreement.name))
        or any(one.name not in due and agreement.covered(one, cycle) for one in lines)
    )
    found = set[_Key]()
    for owed in agreement_owed(terms, agreement, cycle, counts, due):
        key = (owed.item.kind, owed.item.name)
        found.add(key)
        # What is missing to a minimum amount is known once everything that counts towards it is.
        if not (waits and key[0] == "minimum"):
            yield owed
    for key, before in billed.items():
        if before and key not in found and (key[0] in _DERIVED or key[1] in due):
            # What was billed elsewhere says nothing of taxes, its line does.
            taxes = {("line", line.name): line.tax.at(cycle.start) for line in lines}
            yield _nothing(terms, cycle, before[-1], taxes.get(key, before[-1].tax))


def _nothing(terms: Terms, cycle: Period, last: BilledCharge, tax: str) -> Charge:
    """An item that was billed for a cycle and is owed no more."""
    share = tax_share(terms, tax, cycle.start, 0)
    return uncounted(last.item, last.item.name, cycle, cycle, (share,))


def _one_off_charges(terms: Terms, counts: Counts, books: _Books, bill_date: date) -> Iterator[Charge | None]:
    billed = {name: entries for (kind, name), entries in books.items() if kind == "one_off"}
    first_days = {agreement.name: agreement.bills_from for agreement in terms.agreements}
    for owed in one_off_owed(terms):
        ours_from = first_days[owed.item.agreement]
        if ours_from is not None and owed.period.start < ours_from:
            # As with a period of that time, it is neither billed by us nor, where it was once, given back.
            billed.pop(owed.item.name, None)
        elif owed.period.start <= bill_date:
            yield charge_of(counts, owed, billed.pop(owed.item.name, ()))
    for before in billed.values():
        day = Period(before[0].start, before[0].start + _ONE_DAY)
        yield charge_of(counts, _nothing(terms, day, before[-1], before[-1].tax), before)


def _people(counts: Counts, charges: tuple[Charge, ...]) -> tuple[RosterPeople, ...]:
    found: dict[tuple[str, Period], RosterPeople] = {}
    for charge in charges:
        if charge.measure is not None and charge.measure.kind == "roster":
            key = (charge.measure.name, charge.period)
            if key not in found:
                found[key] = RosterPeople(*key, counts.spans(charge.measure, charge.period))
    return tuple(people for people in found.values() if people.spans)


def _put_off(terms: Terms, counts: Counts, bill_date: date) -> Iterator[PutOff]:
    """The decreases that commitments hold back on the bill date."""
    for line, months in ((line, owner.cycle.months) for owner in terms.agreements for line in owner.lines):
        if line.commitment is None or line.count is None or line.count not in counts.quantities:
            continue
        timeline = counts.quantities[line.count]
        _, deferrals = committed(timeline, line.commitment, bill_date)
        last = [each for each in deferrals if each.on <= bill_date < each.until][-1:]
        for each in (deferral for deferral in last if timeline.at(bill_date) == deferral.wanted):
            kept = cycle_amount(line, bill_date, each.in_force) - cycle_amount(line, bill_date, each.wanted)
            monthly_minor = minor_of(quotient(kept, months), terms.currency)
            yield PutOff(line.name, line.count, each, monthly_minor)
