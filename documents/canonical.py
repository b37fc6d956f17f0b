"""A document as JSON, and the hash that an approval and a frozen invoice are bound to."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from billing.calendar import Period
from billing.draft import Charge
from billing.money import plain, text_of
from billing.taxes import TaxTotal
from documents import wording
from documents.attendance import Attendance, attendances
from documents.document import Document
from documents.format import reading_order

Json = dict[str, Any]


def as_json(document: Document) -> Json:
    """The document in the shape that `preview`, `quote` and `invoice --format json` print.

    Amounts are texts with the currency's digits and keep their sign on a credit note too.
    """
    content = _content(document)
    for line, charge in zip(content["lines"], document.draft.charges, strict=True):
        # The hashes of documents that were issued before there was this key must still be those of the same documents.
        line.update(_tax_shares(charge, document.draft.currency))
    content["number"] = document.number
    content["issued_on"] = document.issued_on.isoformat() if document.issued_on else None
    content["people"] = _people(document, lambda entry: {"name": document.name_of(entry.person)}, _by_name)
    content["hash"] = content_hash(document)
    return {key: content[key] for key in _ORDER}


def content_hash(document: Document) -> str:
    """SHA-256 of the canonical JSON without number, date of issue and names.

    So a preview and the invoice that it becomes share a hash, and erasing a name breaks no proof.
    """
    content = _content(document)
    content["people"] = _people(document, lambda entry: {"person": entry.person}, _by_person)
    return sha256(canonical(content).encode()).hexdigest()


def canonical(content: Json) -> str:
    """The one way to write a JSON document as text: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


_ORDER = (
    *("document", "client", "number", "bill_date", "issued_on", "due_on", "currency"),
    *("lines", "subtotal", "taxes", "total", "people", "corrects", "notes", "hash"),
)


def _content(document: Document) -> Json:
    draft = document.draft
    return {
        "document": draft.document,
        "client": draft.client,
        "bill_date": draft.bill_date.isoformat(),
        "due_on": draft.due_on.isoformat(),
        "currency": draft.currency,
        "lines": [_line(charge, draft.currency) for charge in draft.charges],
        "subtotal": text_of(draft.subtotal_minor, draft.currency),
        "taxes": [_tax(tax, draft.currency) for tax in draft.taxes],
        "total": text_of(draft.total_minor, draft.currency),
        "corrects": list(draft.corrects),
        "notes": list(notes(document)),
    }


def notes(document: Document) -> tuple[str, ...]:
    """What a reader should know beside the figures, in sentences."""
    draft = document.draft
    reason = (wording.credit_reason(draft.reason),) if draft.reason else ()
    untaxed = (wording.tax_reason(category, why) for category, why in draft.tax_reasons)
    return (*reason, *untaxed, *map(wording.put_off, draft.put_off))


def _line(charge: Charge, currency: str) -> Json:
    return {
        "line": charge.item.name,
        "kind": charge.kind,
        "text": wording.sentence(charge, lambda minor: text_of(minor, currency)),
        **_from_to(charge.period),
        "quantity": None if charge.quantity is None else plain(charge.quantity),
        "amount": text_of(charge.amount_minor, currency),
        "tax": charge.tax,
    }


def _tax_shares(charge: Charge, currency: str) -> Json:
    """What falls on each category, where there are several; else nothing."""
    minor_by_category: dict[str, int] = {}
    for share in charge.tax_shares:
        minor_by_category[share.category] = minor_by_category.get(share.category, 0) + share.amount_minor
    if len(minor_by_category) == 1:
        return {}
    shares = [{"category": name, "amount": text_of(minor, currency)} for name, minor in minor_by_category.items()]
    return {"tax_shares": shares}


def _tax(tax: TaxTotal, currency: str) -> Json:
    return {
        "category": tax.category,
        "name": tax.name,
        "rate": plain(tax.percent),
        "base": text_of(tax.base_minor, currency),
        "amount": text_of(tax.amount_minor, currency),
    }


def _people(
    document: Document, identity: Callable[[Attendance], Json], order: Callable[[Json], tuple[Any, ...]]
) -> dict[str, list[Json]]:
    return {
        roster.roster: sorted(({**identity(entry), **_from_to(entry.days)} for entry in roster.people), key=order)
        for roster in attendances(document.draft)
    }


def _by_name(entry: Json) -> tuple[Any, ...]:
    return *reading_order(entry["name"]), entry["from"], entry["to"]


def _by_person(entry: Json) -> tuple[Any, ...]:
    return entry["person"], entry["from"]


def _from_to(period: Period) -> Json:
    return {"from": period.start.isoformat(), "to": period.end.isoformat()}
