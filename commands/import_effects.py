"""What an import does to amounts: to periods already billed, and to the next invoice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from billing.bill_dates import next_bill_date
from billing.calendar import Period
from billing.corrections import alterations
from billing.invoice import draft_invoice
from billing.money import text_of
from billing.snapshot import Snapshot
from commands.actors import Clock
from storage.tables import ClientRow


@dataclass(frozen=True, slots=True)
class AmountEffect:
    """An amount that would differ. `billed` says that it belongs to a period that was already billed."""

    client: str
    currency: str
    locale: str
    item: str
    period: Period
    before_minor: int
    after_minor: int
    billed: bool


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
            )
    bill_date = next_bill_date(after.terms, on)
    if bill_date is not None:
        was, now = _subtotal(before, bill_date), _subtotal(after, bill_date)
        if was != now:
            day = Period(bill_date, bill_date.fromordinal(bill_date.toordinal() + 1))
            yield AmountEffect(client.slug, currency, client.locale, "next invoice", day, was, now, billed=False)


def _subtotal(snapshot: Snapshot | None, bill_date: date) -> int:
    if snapshot is None or next_bill_date(snapshot.terms, bill_date) != bill_date:
        return 0
    draft = draft_invoice(snapshot, bill_date)
    return draft.subtotal_minor if draft else 0


def plain(effect: AmountEffect) -> str:
    before, after = text_of(effect.before_minor, effect.currency), text_of(effect.after_minor, effect.currency)
    period = f"{effect.period.start} to {effect.period.end}"
    return f"{effect.client}: {effect.item}, {period}: {before} -> {after} {effect.currency}"


def refusal(effects: Iterable[AmountEffect]) -> str:
    amounts = "; ".join(plain(effect) for effect in effects)
    return (
        f"This would alter what was owed for periods already billed: {amounts}. "
        "If that is meant, say why: --correct REASON."
    )
