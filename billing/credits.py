"""Credit notes that a person gives: whole, by line or by amount, never more than what is left.

The last credit takes the remainder, tax included, so that an invoice and its credit notes add up to zero.
"""

from collections import Counter
from dataclasses import replace
from datetime import date

from billing.agreement import TaxRate
from billing.draft import Charge, Draft
from billing.errors import Refused, WrongInput
from billing.money import allocate, percent_of, text_of
from billing.taxes import TaxShare, TaxTotal


class NothingLeftToCredit(Refused):
    """Everything on the invoice, or on that line, has been credited already."""


class CreditIsTooLarge(Refused):
    """More than what is left can't be given back."""


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
    whole_minor = sum(left)
    if line is not None:
        if not 1 <= line <= len(left):
            raise NoSuchLine(f"{number} has lines 1 to {len(left)}, not {line}.")
        left = [amount if position == line else 0 for position, amount in enumerate(left, start=1)]
    if not any(left) or sum(left) < 0:
        raise NothingLeftToCredit(f"Nothing is left to credit on {number}" + (f", line {line}." if line else "."))
    wanted_minor = sum(left) if amount_minor is None else amount_minor
    given = _part(left, wanted_minor, min(whole_minor, sum(left)), invoice.currency, number)
    charges = tuple(
        _credited(charge, -minor, position, earlier)
        for position, (charge, minor) in enumerate(zip(invoice.charges, given, strict=True), start=1)
        if minor
    )
    note = _note(invoice, charges, _taxes(invoice, earlier, charges), on)
    if invoice.total_minor + sum(other.total_minor for other in (*earlier, note)) < 0:
        raise CreditIsTooLarge(f"With its tax that is more than what is left on {number}; credit all that is left.")
    return replace(note, corrects=(number,), reason=reason)


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
    )


def _left(invoice: Draft, earlier: tuple[Draft, ...]) -> list[int]:
    left = [charge.amount_minor for charge in invoice.charges]
    for note in earlier:
        for charge in note.charges:
            if charge.credits_line is not None:
                left[charge.credits_line - 1] += charge.amount_minor
    return left


def _part(left: list[int], amount_minor: int, available_minor: int, currency: str, number: str) -> list[int]:
    """The amount split over the lines by what is left of each."""
    if amount_minor > available_minor:
        raise CreditIsTooLarge(
            f"Only {text_of(max(available_minor, 0), currency)} {currency} before tax is left on {number}, "
            f"not {text_of(amount_minor, currency)}."
        )
    if amount_minor == sum(left):
        return left
    return allocate(amount_minor, [max(minor, 0) for minor in left])


def _credited(charge: Charge, amount_minor: int, position: int, earlier: tuple[Draft, ...]) -> Charge:
    return replace(
        charge,
        kind="adjustment",
        quantity=None,
        amount_minor=amount_minor,
        owed_minor=charge.amount_minor + amount_minor,
        billed_minor=charge.amount_minor,
        segments=(),
        moves=(),
        basis=None,
        credits_line=position,
        shares=_shares(charge, amount_minor, position, earlier),
    )


def _shares(charge: Charge, amount_minor: int, position: int, earlier: tuple[Draft, ...]) -> tuple[TaxShare, ...]:
    """A part of a charge that bears several taxes bears them as what is left of it; the last takes all of each."""
    given = Counter[tuple[str, tuple[TaxRate, ...]]]()
    for other in (other for note in earlier for other in note.charges if other.credits_line == position):
        for share in other.shares:
            given[share.category, share.rates] += share.amount_minor
    left = [abs(share.amount_minor + given[share.category, share.rates]) for share in charge.shares]
    parts = allocate(amount_minor, left) if left else []
    return tuple(replace(share, amount_minor=part) for share, part in zip(charge.shares, parts, strict=True))


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
