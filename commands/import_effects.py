"""What an import does to amounts: to billed periods, to the next invoice, and to what a month costs later on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from billing.agreement import Terms, next_bill_date
from billing.calendar import Dated, Period
from billing.invoice import draft_invoice
from billing.money import minor_of, text_of
from billing.snapshot import Snapshot
from commands.actors import Clock
from rosters.effects import alterations, monthly_amount
from storage.tables import ClientRow


@dataclass(frozen=True, slots=True)
class AmountEffect:
    """An amount that would differ, or be taxed otherwise: the categories are named where they differ.

    `billed` says that it belongs to a period that was already billed.
    """

    client: str
    currency: str
    locale: str
    item: str
    period: Period
    before_minor: int
    after_minor: int
    billed: bool
    before_tax: tuple[str, ...] = ()
    after_tax: tuple[str, ...] = ()

    def taxed(self, categories: tuple[str, ...]) -> str:
        """The words to put behind an amount whose tax would differ."""
        return f" (tax: {' and '.join(categories)})" if categories else ""


def effects_of(client: ClientRow, before: Snapshot | None, after: Snapshot, clock: Clock) -> Iterator[AmountEffect]:
    on = clock.today(client.timezone)
    currency = after.terms.currency
    if before is not None:
        for alteration in alterations(before, replace(after, billed=before.billed), on):
            yield AmountEffect(
                client.slug,
                currency,
                client.locale,
                alteration.item.name,
                alteration.period,
                alteration.before_minor,
                alteration.after_minor,
                billed=True,
                before_tax=alteration.before_tax,
                after_tax=alteration.after_tax,
            )
    following = tuple(_next_invoice(client, before, after, on))
    yield from following
    if before is not None:
        yield from _monthly(client, before, after, on, following)


def _next_invoice(client: ClientRow, before: Snapshot | None, after: Snapshot, on: date) -> Iterator[AmountEffect]:
    currency, bill_date = after.terms.currency, next_bill_date(after.terms, on)
    if bill_date is not None:
        names = ("next invoice", "next invoice with tax")
        for item, was, now in zip(names, _sums(before, bill_date), _sums(after, bill_date), strict=True):
            if was != now:
                day = Period(bill_date, bill_date.fromordinal(bill_date.toordinal() + 1))
                yield AmountEffect(client.slug, currency, client.locale, item, day, was, now, billed=False)
                return


def _monthly(
    client: ClientRow, before: Snapshot, after: Snapshot, on: date, following: Iterable[AmountEffect]
) -> Iterator[AmountEffect]:
    """What the numbers known by now cost a month from today, and from each coming day on which other terms begin.

    Only what differs by another amount than from the day before is told, and not what the next invoice shows alike:
    that of today's terms, or that of terms which begin on its day.
    """
    currency, told_minor = after.terms.currency, 0
    shown = {(day, each.after_minor - each.before_minor) for each in following for day in (on, each.period.start)}
    coming = {day for day in (*_beginnings(before.terms), *_beginnings(after.terms)) if day > on}
    for day in (on, *sorted(coming)):
        was, now = (minor_of(monthly_amount(facts, day), currency) for facts in (before, after))
        if now - was == told_minor:
            continue
        told_minor = now - was
        if (day, told_minor) not in shown:
            period = Period(day, day.fromordinal(day.toordinal() + 1))
            yield AmountEffect(client.slug, currency, client.locale, "a month from", period, was, now, billed=False)


def _beginnings(terms: Terms) -> Iterator[date]:
    """The days on which a term of lines, a discount or a minimum amount begins or ends."""
    for agreement in terms.agreements:
        dated: list[Dated[Any] | None] = [agreement.minimum_minor, *(each.reductions for each in agreement.discounts)]
        days = [agreement.start, agreement.end]
        for line in agreement.lines:
            dated += [line.price, line.included, line.minimum, line.discount]
            days += [line.start, line.end]
        days += [entry.since for term in dated if term is not None for entry in term.entries]
        yield from (day for day in days if day is not None)


def _sums(snapshot: Snapshot | None, bill_date: date) -> tuple[int, int]:
    """What an invoice comes to before tax and with it."""
    if snapshot is None or next_bill_date(snapshot.terms, bill_date) != bill_date:
        return 0, 0
    draft = draft_invoice(snapshot, bill_date)
    return (draft.subtotal_minor, draft.total_minor) if draft else (0, 0)


def plain(effect: AmountEffect) -> str:
    before, after = text_of(effect.before_minor, effect.currency), text_of(effect.after_minor, effect.currency)
    period = f"{effect.period.start} to {effect.period.end}"
    return (
        f"{effect.client}: {effect.item}, {period}: {before}{effect.taxed(effect.before_tax)} -> "
        f"{after} {effect.currency}{effect.taxed(effect.after_tax)}"
    )


def refusal(effects: Iterable[AmountEffect]) -> str:
    amounts = "; ".join(plain(effect) for effect in effects)
    return (
        f"This would alter what was owed for periods already billed: {amounts}. "
        "If that is meant, say why: --correct REASON."
    )
