"""Issued charges as the documents print them and as they count as billed, laid side by side."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from billing.calendar import Period
from billing.draft import ChargeKind, ItemKind
from checks.records import Record
from storage.invoices import ISSUED
from storage.tables import ChargeRow, InvoiceRow

_ITEM_KINDS: dict[str, ItemKind] = {kind: kind for kind in get_args(ItemKind)}
_CHARGE_KINDS: dict[str, ChargeKind] = {kind: kind for kind in get_args(ChargeKind)}
# What stands on no document as a charge of its own kind; what counts without being printed is one at first sight.
_UNPRINTED: ChargeKind = "recurring"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a charge stands: on which document, and at which position from 1. Elsewhere is document 0."""

    invoice_id: int
    position: int


def of_client(session: Session, client_id: int, since: date | None = None) -> tuple[Record, ...]:
    """Every charge of a client in the order of issue; `since` leaves out documents of earlier bill dates.

    Reversals are never left out. What was billed elsewhere comes first. A line goes by its name of today where it
    counts as billed.
    """
    printed = dict(_printed(session, client_id, since))
    found: list[tuple[_Place, Record]] = []
    query = (
        columns(
            *(col(ChargeRow.invoice_id), col(ChargeRow.position), col(ChargeRow.item_kind), col(ChargeRow.item)),
            *(col(ChargeRow.starts), col(ChargeRow.ends), col(ChargeRow.amount_minor), col(ChargeRow.reversal)),
            col(InvoiceRow.number_text),
        )
        .join(InvoiceRow, col(ChargeRow.invoice_id) == col(InvoiceRow.id), isouter=True)
        .where(col(ChargeRow.client_id) == client_id)
        .order_by(col(ChargeRow.id))
    )
    if since is not None:
        query = query.where(or_(col(ChargeRow.invoice_id).is_(None), _since(since)))
    for invoice_id, position, kind, name, starts, ends, amount_minor, reversal, number in session.execute(query):
        place = _Place(invoice_id or 0, position)
        on_paper = printed.get(place)
        same = on_paper is not None and (on_paper.period.start, on_paper.amount_minor) == (starts, amount_minor)
        if on_paper is not None and same:
            del printed[place]
        record = Record(
            item=_ITEM_KINDS[kind],
            name=name,
            period=Period(starts, ends),
            amount_minor=amount_minor,
            kind=None if invoice_id is None else on_paper.kind if on_paper is not None else _UNPRINTED,
            number=number,
            reversal=reversal,
            printed=same or invoice_id is None,
        )
        found.append((place, record))
    found += printed.items()
    return tuple(record for _, record in sorted(found, key=lambda each: (each[0].invoice_id, each[0].position)))


def _since(first: date) -> ColumnElement[bool]:
    # What was issued ahead of its bill date may have been taken back before that day too.
    return or_(col(InvoiceRow.bill_date) >= first, col(InvoiceRow.reversal).is_(True))


def _printed(session: Session, client_id: int, since: date | None) -> Iterator[tuple[_Place, Record]]:
    """The charges of the documents that count: a run's, and reversals. Concessions are no part of what is billed."""
    query = columns(
        col(InvoiceRow.id), col(InvoiceRow.number_text), col(InvoiceRow.reversal), col(InvoiceRow.content)
    ).where(
        col(InvoiceRow.client_id) == client_id,
        col(InvoiceRow.state) == ISSUED,
        or_(col(InvoiceRow.by_run).is_(True), col(InvoiceRow.reversal).is_(True)),
    )
    if since is not None:
        query = query.where(_since(since))
    for invoice_id, number, reversal, content in session.execute(query):
        # Only a few keys of each charge are looked at, so the values that they make up aren't built.
        charges: list[dict[str, Any]] = json.loads(content)["charges"]
        for position, charge in enumerate(charges, start=1):
            yield _Place(invoice_id or 0, position), _as_record(charge, number, reversal=reversal)


def _as_record(charge: dict[str, Any], number: str | None, *, reversal: bool) -> Record:
    days = charge["period"]
    return Record(
        item=_ITEM_KINDS[charge["item"]["kind"]],
        name=charge["item"]["name"],
        period=Period(date.fromisoformat(days["start"]), date.fromisoformat(days["end"])),
        amount_minor=charge["amount_minor"],
        kind=_CHARGE_KINDS[charge["kind"]],
        number=number,
        reversal=reversal,
        counts=False,
    )
