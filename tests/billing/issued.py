"""What runs have issued, as the checks read it, and what they find, in short."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from billing.calendar import always
from billing.draft import Draft
from billing.invoice import draft_invoice
from billing.prices import Usage
from billing.quantities import Measure, Reading
from billing.snapshot import Snapshot, as_billed
from checks.bounds import Breach, breaches
from checks.moved import Reasons
from checks.records import Finding, Record, records_of
from tests.billing.build import day, line, per_unit, snapshot, steps

MONTHLY = snapshot(line(per_unit("10")), steps(("2027-01-01", "3")))
THREE_MONTHS = ("2027-01-01", "2027-02-01", "2027-03-01")
NO_REASONS = Reasons()


def issued(facts: Snapshot, *bill_dates: str) -> tuple[Snapshot, list[Record]]:
    """The facts and the records after a run on each of the days."""
    found: list[Record] = []
    for on in map(day, bill_dates):
        draft = draft_invoice(facts, on)
        if draft is not None:
            facts, more = bill(facts, draft)
            found += more
    return facts, found


def bill(facts: Snapshot, draft: Draft) -> tuple[Snapshot, list[Record]]:
    number = f"NW-{draft.bill_date}"
    after = replace(facts, billed=facts.billed + as_billed(draft, number), billed_through=draft.bill_date)
    return after, [replace(record, number=number) for record in records_of(draft)]


def told(found: Iterable[Finding]) -> list[tuple[str, str, str, str]]:
    return [(each.kind, each.name, str(each.period.start), str(each.period.end)) for each in found]


def without(records: Iterable[Record], name: str, start: str) -> list[Record]:
    return [each for each in records if (each.name, str(each.period.start)) != (name, start)]


def after(facts: Snapshot, *bill_dates: str) -> Snapshot:
    """The facts once each of the days was billed."""
    for on in map(day, bill_dates):
        draft = draft_invoice(facts, on)
        billed = as_billed(draft, f"NW-{on}") if draft is not None else ()
        facts = replace(facts, billed=facts.billed + billed, billed_through=on)
    return facts


def hits(facts: Snapshot, on: str, *, today: str | None = None, reasons: Reasons = NO_REASONS) -> list[Breach]:
    draft = draft_invoice(facts, day(on))
    hit = breaches(facts, draft, day(on), day(today or on), reasons)
    return [each for each in hit if each.code != "R16"]


def codes(facts: Snapshot, on: str, *, today: str | None = None, reasons: Reasons = NO_REASONS) -> list[str]:
    return [each.code for each in hits(facts, on, today=today, reasons=reasons)]


def metered(*on: str) -> Snapshot:
    storage = line(always(Usage(Decimal(1))), name="storage", count=Measure("usage", "GB"))
    readings = tuple(Reading(day(text), Decimal(10 * number), text) for number, text in enumerate(on, start=1))
    return replace(snapshot(storage), readings={"GB": readings})
