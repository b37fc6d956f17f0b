"""Credit notes that a person gives: whole, by line or by amount, never more than what is left.

The last credit takes the remainder, tax included, so that an invoice and its credit notes add up to zero.
"""

from collections import Counter
from dataclasses import replace
from datetime import date

from billing.draft import Charge, Draft
from billing.errors import Refused, WrongInput
from billing.money import allocate, percent_of, text_of
from billing.taxes import TaxRate, TaxShare, TaxTotal, sum_minor


class NothingLeftToCredit(Refused):
    """Everything on the invoice, or on that line, has been credited already."""


class CreditIsTooLarge(Refused):
    """More than what is left can't be given back: so much before tax, in minor units (None: as much, but its tax)."""

    def __init__(self, message: str, left_minor: int | None = None) -> None:
        """Keeps what is left."""
        super().__init__(message)
        self.left_minor = left_minor


class CreditWouldCost(Refused):
    """What is to be given back lowered the invoice through its tax, so the client would owe so much more without it."""

    def __init__(self, message: str, more_minor: int) -> None:
        """Keeps how much more."""
        super().__init__(message)
        self.more_minor = more_minor


class NoSuchLine(WrongInput):
    """The invoice has no line with that position."""


class OnlyInvoicesAreCredited(Refused):
    """A credit note is corrected by the next invoice, not by a further credit note."""


def credit(
    invoice: Draft,
    number: str,
    earlier: tuple[Draft, ...],
    on: date,
    reason: str,
    line: int | None = None,
    amount_minor: int | None = None,
) -> Draft:
    """A credit note over an issued invoice: all that is left of it, of one line (from 1), or an amount before tax.

    `earlier` are the credit notes that already correct it.
    """
    if amount_minor is not None and amount_minor <= 0:
        raise WrongInput("A credit is a positive amount: it says how much is given back, before tax.")
    if invoice.document != "invoice":
        raise OnlyInvoicesAreCredited(f"{number} is a credit note; only an invoice can be credited.")
    left = _left(invoice, earlier)
    # A line may be larger than the whole invoice, where others are negative: the whole bounds what it can give back.
    whole_minor = sum(map(sum_minor, left))
    if line is not None:
        if not 1 <= line <= len(left):
            raise NoSuchLine(f"{number} has lines 1 to {len(left)}, not {line}.")
        left = [shares if position == line else () for position, shares in enumerate(left, start=1)]
    left_minor = sum(map(sum_minor, left))
    # An invoice of less than nothing before tax, whose taxes make it something, can still be given back as a whole.
    if not any(left) or (left_minor < 0 and (line, amount_minor) != (None, None)):
        raise NothingLeftToCredit(f"Nothing is left to credit on {number}" + (f", line {line}." if line else "."))
    wanted_minor = left_minor if amount_minor is None else amount_minor
    if wanted_minor > min(whole_minor, left_minor):
        where = number if line is None or whole_minor < left_minor else f"{number}, line {line}"
        most_minor = max(min(whole_minor, left_minor), 0)
        raise CreditIsTooLarge(
            f"Only {text_of(most_minor, invoice.currency)} {invoice.currency} before tax is left on {where}, not "
            f"{text_of(wanted_minor, invoice.currency)}.",
            most_minor,
        )
    given = left if wanted_minor == left_minor else _parts(left, wanted_minor)
    charges = tuple(
        _credited(charge, shares, position)
        for position, (charge, shares) in enumerate(zip(invoice.charges, given, strict=True), start=1)
        if shares
    )
    note = _note(invoice, charges, _taxes(invoice, earlier, charges), on)
    if invoice.total_minor + sum(other.total_minor for other in (*earlier, note)) < 0:
        raise CreditIsTooLarge(f"With its tax that is more than what is left on {number}; credit all that is left.")
    if note.total_minor > 0:
        what = f"that part of {number}" if line is None else f"line {line} of {number}"
        more = f"{text_of(note.total_minor, invoice.currency)} {invoice.currency}"
        raise CreditWouldCost(
            f"Without {what} the client would owe {more} more, tax included; credit all that is left.", note.total_minor
        )
    return replace(note, corrects=(number,), reason=reason)


def left_of_lines(invoice: Draft, earlier: tuple[Draft, ...]) -> tuple[int, ...]:
    """What is left to credit of each line before tax, in minor units."""
    return tuple(map(sum_minor, _left(invoice, earlier)))


def _note(invoice: Draft, charges: tuple[Charge, ...], taxes: list[TaxTotal], on: date) -> Draft:
    subtotal_minor = sum(charge.amount_minor for charge in charges)
    return replace(
        invoice,
        document="credit_note",
        bill_date=on,
        due_on=on,
        charges=charges,
        taxes=tuple(tax for tax in taxes if tax.base_minor or tax.amount_minor),
        subtotal_minor=subtotal_minor,
        total_minor=subtotal_minor + sum(tax.amount_minor for tax in taxes),
        people=(),
        put_off=(),
    )


def _left(invoice: Draft, earlier: tuple[Draft, ...]) -> list[tuple[TaxShare, ...]]:
    """What is left of each line, by the taxes that it bears."""
    given = Counter[tuple[int | None, str, tuple[TaxRate, ...]]]()
    for charge in (charge for note in earlier for charge in note.charges):
        for share in charge.tax_shares:
            given[charge.credits_line, share.category, share.rates] += share.amount_minor
    left = []
    for position, charge in enumerate(invoice.charges, start=1):
        rest = ((each, each.amount_minor + given[position, each.category, each.rates]) for each in charge.tax_shares)
        left.append(tuple(replace(share, amount_minor=minor) for share, minor in rest if minor))
    return left


def _parts(left: list[tuple[TaxShare, ...]], amount_minor: int) -> list[tuple[TaxShare, ...]]:
    """The amount split over the lines by what is left of each, and over the taxes of each."""
    parts = allocate(amount_minor, [max(sum_minor(shares), 0) for shares in left])
    return [_part(shares, part_minor) for shares, part_minor in zip(left, parts, strict=True)]


def _part(shares: tuple[TaxShare, ...], amount_minor: int) -> tuple[TaxShare, ...]:
    if amount_minor == 0:
        return ()
    if amount_minor == sum_minor(shares):
        return shares
    parts = allocate(amount_minor, [max(share.amount_minor, 0) for share in shares])
    return tuple(replace(share, amount_minor=part) for share, part in zip(shares, parts, strict=True) if part)


def _credited(charge: Charge, given: tuple[TaxShare, ...], position: int) -> Charge:
    shares = tuple(replace(share, amount_minor=-share.amount_minor) for share in given)
    main = max(shares, key=lambda share: abs(share.amount_minor))
    return replace(
        charge,
        kind="adjustment",
        quantity=None,
        amount_minor=sum_minor(shares),
        tax=main.category,
        rates=main.rates,
        owed_minor=charge.amount_minor + sum_minor(shares),
        billed_minor=charge.amount_minor,
        segments=(),
        moves=(),
        basis=None,
        was=None,
        credits_line=position,
        shares=shares if len(shares) > 1 else (),
    )


def _taxes(invoice: Draft, earlier: tuple[Draft, ...], charges: tuple[Charge, ...]) -> list[TaxTotal]:
    """Its share of each tax: rounded once, never past what is left, and all of that with the last of its base."""
    totals = []
    for tax in invoice.taxes:
        base_minor = sum(share.amount_minor for charge in charges for share in charge.tax_shares if _bears(share, tax))
        credited = [(t.base_minor, t.amount_minor) for note in earlier for t in note.taxes if _same(t, tax)]
        base_left = tax.base_minor + sum(base for base, _ in credited)
        tax_left = tax.amount_minor + sum(amount for _, amount in credited)
        low, high = sorted((0, -tax_left))
        last = base_left + base_minor == 0
        amount_minor = -tax_left if last else min(max(percent_of(base_minor, tax.percent), low), high)
        totals.append(replace(tax, base_minor=base_minor, amount_minor=amount_minor))
    return totals


def _bears(share: TaxShare, tax: TaxTotal) -> bool:
    return share.category == tax.category and any((r.name, r.percent) == (tax.name, tax.percent) for r in share.rates)


def _same(one: TaxTotal, other: TaxTotal) -> bool:
    return (one.category, one.name, one.percent) == (other.category, other.name, other.percent)
