"""What each document of a run rests on, kept with it: of what is stored elsewhere, an import may alter all but seats.

Earlier documents are named, not repeated: what they charged is in them, under the names that its items had by then.
"""

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, select

from billing.agreement import Agreement, Terms
from billing.draft import Draft, Item
from billing.quantities import Measure, Reading, Seats, Step, stays_of
from billing.snapshot import BilledCharge, Snapshot, as_billed
from billing.taxes import TaxCategory
from storage.codec import decode, encode
from storage.tables import FactsRow


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The items of an earlier document's charges, in its order; a reversal takes back what it names."""

    number: str
    reversal: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    slug: str
    currency: str
    agreements: tuple[Agreement, ...]
    taxes: tuple[tuple[str, TaxCategory], ...]
    terms_days: int
    bill_day: int | None
    stated: tuple[tuple[Measure, tuple[Step, ...]], ...]
    stays: tuple[tuple[str, date, date | None, tuple[int, ...]], ...]
    counted: tuple[tuple[str, date], ...]
    readings: tuple[tuple[str, tuple[Reading, ...]], ...]
    elsewhere: tuple[BilledCharge, ...]
    earlier: tuple[_Earlier, ...]
    billed_through: date | None


def keep(session: Session, invoice_id: int, snapshot: Snapshot) -> str:
    """Keeps what a document rests on, once and for all; returns its SHA-256."""
    content = zlib.compress(encode(_facts(snapshot)).encode())
    session.add(FactsRow(invoice_id=invoice_id, content=content))
    session.flush()
    return _digest(content)


def digests(session: Session) -> dict[int, str]:
    """What the audit log seals of each document's facts, by the document's id."""
    rows = session.exec(select(FactsRow.invoice_id, FactsRow.content).execution_options(yield_per=500))
    return {invoice_id: _digest(content) for invoice_id, content in rows}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def stored(session: Session, invoice_id: int) -> bytes | None:
    """What was kept of a document; None for one that was issued before anything was."""
    row = session.get(FactsRow, invoice_id)
    return None if row is None else row.content


def snapshot_of(content: bytes, documents: Mapping[str, Draft]) -> Snapshot:
    """The facts again; `documents` are the earlier ones by number.

    Raises:
        KeyError: an earlier document isn't among them.
        ValueError: the content can't be read, or doesn't go with them.

    """
    try:
        facts = decode(_Facts, zlib.decompress(content).decode())
    except zlib.error as error:
        raise ValueError("what it rests on can't be read.") from error
    terms = (facts.slug, facts.currency, facts.agreements, facts.taxes, facts.terms_days, facts.bill_day)
    return Snapshot(
        terms=Terms(*terms),
        stated=dict(facts.stated),
        seats=Seats({(roster, start, end): people for roster, start, end, people in facts.stays}),
        counted=dict(facts.counted),
        billed=(*facts.elsewhere, *(charge for each in facts.earlier for charge in _charged(each, documents))),
        billed_through=facts.billed_through,
        readings=dict(facts.readings),
    )


def _facts(snapshot: Snapshot) -> _Facts:
    terms = snapshot.terms
    return _Facts(
        slug=terms.slug,
        currency=terms.currency,
        agreements=terms.agreements,
        taxes=terms.taxes,
        terms_days=terms.terms_days,
        bill_day=terms.bill_day,
        stated=tuple(snapshot.stated.items()),
        stays=tuple((*days, tuple(people)) for days, people in stays_of(snapshot.seats).items()),
        counted=tuple(snapshot.counted.items()),
        readings=tuple(snapshot.readings.items()),
        elsewhere=tuple(charge for charge in snapshot.billed if charge.number is None),
        earlier=tuple(_earlier(snapshot)),
        billed_through=snapshot.billed_through,
    )


def _earlier(snapshot: Snapshot) -> Iterator[_Earlier]:
    found: dict[tuple[str, bool], list[Item]] = {}
    for charge in snapshot.billed:
        if charge.number is not None:
            found.setdefault((charge.number, charge.reversal), []).append(charge.item)
    yield from (_Earlier(number, reversal, tuple(items)) for (number, reversal), items in found.items())


def _charged(earlier: _Earlier, documents: Mapping[str, Draft]) -> Iterator[BilledCharge]:
    charges = as_billed(documents[earlier.number], earlier.number, reversal=earlier.reversal)
    yield from (replace(charge, item=item) for charge, item in zip(charges, earlier.items, strict=True))
