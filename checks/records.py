"""Issued charges laid side by side, and what is charged twice among them.

They come from the documents and from what counts as billed, which must say the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Literal

from billing.calendar import Period
from billing.draft import ChargeKind, Draft, ItemKind

# What is printed without counting as billed would be charged again; what counts without being printed, never.
FindingKind = Literal["gap", "overlap", "uncounted", "unprinted"]

# What stands in place of a number on the records of a draft.
THE_DRAFT = "this draft"


@dataclass(frozen=True, slots=True)
class Record:
    """One charge as it stands on an issued document. `kind` is None, and so is `number`, where it was billed elsewhere.

    `counts` says whether it also counts as billed, and `printed` whether a document shows it: one without the other is
    a fault.
    """

    item: ItemKind
    name: str
    period: Period
    amount_minor: int
    kind: ChargeKind | None = None
    number: str | None = None
    reversal: bool = False
    counts: bool = True
    printed: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """Days of an item that no charge covers, that two cover, or whose charge is either not printed or doesn't count.

    `amount_minor` is of the missing or the second charge; where it is missing, what it would be at the least.
    """

    kind: FindingKind
    item: ItemKind
    name: str
    period: Period
    amount_minor: int
    numbers: tuple[str, ...] = ()


Key = tuple[ItemKind, str]
Books = Mapping[Key, Sequence[Record]]


def unmatched(records: Iterable[Record]) -> Iterator[Finding]:
    """Charges that the documents and what counts as billed don't both have."""
    for each in records:
        if each.counts != each.printed:
            kind: FindingKind = "uncounted" if each.printed else "unprinted"
            yield Finding(kind, *key_of(each), each.period, each.amount_minor, numbers_of(each))


def overlaps(records: Iterable[Record]) -> tuple[Finding, ...]:
    """Every second charge for days of an item that were charged already."""
    return tuple(found for key, entries in by_item(records).items() for found in _overlaps(key, entries))


def records_of(draft: Draft) -> Iterator[Record]:
    """A draft's charges as they would stand on its document."""
    for charge in draft.charges:
        yield Record(charge.item.kind, charge.item.name, charge.period, charge.amount_minor, charge.kind, THE_DRAFT)


def by_item(records: Iterable[Record]) -> dict[Key, list[Record]]:
    books: dict[Key, list[Record]] = {}
    for each in records:
        books.setdefault(key_of(each), []).append(each)
    return books


def key_of(record: Record) -> Key:
    return record.item, record.name


def standing_of(entries: Sequence[Record]) -> Iterator[list[Record]]:
    """The charges that stand, by their first day; what a reversal took back to nothing stands no more."""
    for _, same_day in groupby(sorted(entries, key=_first_day), key=_first_day):
        standing: list[Record] = []
        taken_back = False
        for each in same_day:
            if taken_back and sum(other.amount_minor for other in standing) == 0:
                standing = []
            standing.append(each)
            taken_back = taken_back or each.reversal
        if not (taken_back and sum(other.amount_minor for other in standing) == 0):
            yield standing


def _first_day(record: Record) -> date:
    return record.period.start


def _overlaps(key: Key, entries: Sequence[Record]) -> Iterator[Finding]:
    """Two first charges on one day. An adjustment isn't one; what it gave back lies bare for another charge."""
    spans: list[tuple[date, date, Record]] = []
    for standing in standing_of(entries):
        firsts = [each for each in standing if each.kind not in {None, "adjustment"} and not each.reversal]
        before = [each for each in standing if each.kind is None][:1]
        yield from (_twice(key, one, two) for one, two in pairwise([*before, *firsts]))
        if firsts and sum(each.amount_minor for each in standing):
            spans.append((firsts[0].period.start, min(each.period.end for each in standing), firsts[0]))
    yield from (_twice(key, one, two) for (_, end, one), (start, _, two) in pairwise(spans) if start < end)


def _twice(key: Key, one: Record, two: Record) -> Finding:
    both = one.period.within(two.period.start, two.period.end) or two.period
    return Finding("overlap", *key, both, two.amount_minor, (*numbers_of(one), *numbers_of(two)))


def numbers_of(record: Record) -> tuple[str, ...]:
    return (record.number,) if record.number else ()
