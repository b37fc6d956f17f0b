"""From a draft to a frozen document: the number as late as possible, in the transaction that freezes it."""

import hashlib
import json
from dataclasses import dataclass

from billing.draft import Draft
from billing.snapshot import as_billed
from commands import paper
from commands.actors import Actor, Clock
from documents.canonical import content_hash
from documents.document import Document
from storage import audit, clients, facts, identities, invoices, series, snapshots
from storage.codec import encode
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow, InvoiceRow


@dataclass(frozen=True, slots=True)
class Correction:
    """What a credit note that a person gave corrects; a reversal lowers what counts as billed."""

    invoice_id: int
    reversal: bool


def put_draft(session: Session, client: ClientRow, draft: Draft) -> InvoiceRow:
    """Stores the client's one open draft; an older one is taken over, an equal one stays as it is.

    Seller and buyer are stored anew even under an equal hash, which doesn't cover them: what is issued must bear the
    address of today.
    """
    document = paper.preview_of(session, client, draft)
    seal = content_hash(document)
    row = invoices.draft_of(session, id_of(client)) or _row(client, document, seal, by_run=True)
    row.bill_date, row.document, row.hash = draft.bill_date, draft.document, seal
    row.content, row.seller, row.buyer = encode(draft), encode(document.seller), encode(document.buyer)
    row.locale, row.total_minor = document.locale, draft.total_minor
    return invoices.put(session, row)


def issue_draft(session: Session, actor: Actor, clock: Clock, client: ClientRow, row: InvoiceRow) -> str:
    """Numbers and freezes the client's draft, and counts its charges as billed."""
    return _freeze(session, actor, clock, client, row, invoices.content(row), None)


def issue_credit(
    session: Session, actor: Actor, clock: Clock, client: ClientRow, draft: Draft, correction: Correction
) -> str:
    """Numbers and freezes a credit note that a person gave."""
    document = paper.preview_of(session, client, draft)
    row = _row(client, document, content_hash(document), by_run=False)
    row.corrects_id, row.reversal = correction.invoice_id, correction.reversal
    return _freeze(session, actor, clock, client, row, draft, correction)


def _row(client: ClientRow, document: Document, seal: str, *, by_run: bool) -> InvoiceRow:
    draft = document.draft
    return InvoiceRow(
        client_id=id_of(client),
        bill_date=draft.bill_date,
        document=draft.document,
        by_run=by_run,
        hash=seal,
        content=encode(draft),
        seller=encode(document.seller),
        buyer=encode(document.buyer),
        locale=document.locale,
        total_minor=draft.total_minor,
    )


def _freeze(
    session: Session,
    actor: Actor,
    clock: Clock,
    client: ClientRow,
    row: InvoiceRow,
    draft: Draft,
    correction: Correction | None,
) -> str:
    seller = clients.seller(session)
    if seller is None:
        raise paper.SellerIsUnknown("Nobody knows yet who sends the invoices: import a book with seller: {name: …}.")
    # Before the document itself counts as issued.
    rests_on = snapshots.load(session, client) if correction is None else None
    name = seller.invoice_series if draft.document == "invoice" else seller.credit_series
    row.digests = json.dumps(identities.newest_digests(session, paper.people_on(draft)))
    row.series, row.number = name, series.take(session, name)
    row.number_text = number_text(name, row.number)
    row.state, row.issued_by = invoices.ISSUED, actor.id
    row.issued_on, row.issued_at = clock.today(client.timezone), clock.now()
    invoices.put(session, row)
    if correction is None or correction.reversal:
        reversal = correction is not None
        charges = as_billed(draft, row.number_text, reversal=reversal)
        invoices.add_charges(session, row, charges, draft)
    said = {"number": row.number_text, "hash": row.hash, "frozen": frozen_hash(row), "total": row.total_minor}
    if rests_on is not None:
        said["facts"] = facts.keep(session, id_of(row), rests_on)
    audit.append(session, client.slug, clock.now(), actor.id, "invoice.issue", row.number_text, said)
    return row.number_text


def number_text(series_name: str, number: int) -> str:
    """A number as printed: the series and six digits or more."""
    return f"{series_name}-{number:06d}"


def frozen_hash(row: InvoiceRow) -> str:
    """SHA-256 over everything that was frozen, names by digest only, so that erasure leaves the proof intact."""
    parts = [row.number_text, row.content, row.seller, row.buyer, row.locale, row.digests, str(row.issued_on)]
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()
