"""The audit log: reading it, and proving that nothing in it and nothing issued was altered."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from commands.actors import Actor
from commands.clients import named
from commands.issuing import frozen_hash
from commands.permissions import UseCase, require
from storage import audit, facts, identities, invoices
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import AuditHeadRow, InvoiceRow


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry as it is shown."""

    at: str
    actor: str
    action: str
    subject: str
    chain: str
    data: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was checked, and every problem in a sentence."""

    chains: int
    entries: int
    invoices: int
    problems: tuple[str, ...]


def entries(database: Database, actor: Actor, client: str | None = None, limit: int = 50) -> tuple[AuditEntry, ...]:
    """The newest entries, of one client's chain or of all."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        chain = named(session, client).slug if client else None
        rows = audit.latest(session, chain, limit)
        return tuple(AuditEntry(r.at, r.actor, r.action, r.subject, r.chain, r.data) for r in rows)


def verify(database: Database) -> AuditReport:
    """Recomputes every seal of every chain, and compares every issued document with what was sealed at its issue."""
    with database.read() as session:
        heads = audit.chains(session)
        counted = 0
        problems: list[str] = []
        sealed: dict[str, str] = {}
        for head in heads:
            checked = _Chain(session, head)
            problems += list(checked)
            counted += checked.length
            sealed |= checked.issued
        problems += [f"Chain {chain}: its head is missing." for chain in audit.headless(session)]
        issued = invoices.issued(session)
        counted_as_billed, kept = invoices.counted(session), facts.digests(session)
        for row in issued:
            problems += [
                *_document(row, sealed),
                *_facts(row, sealed, kept.get(id_of(row))),
                *_charges(row, counted_as_billed.get(id_of(row), [])),
            ]
        problems += [
            *_gaps(issued),
            *(f"{number} is in the audit log but not issued." for number in _lost(issued, sealed)),
        ]
        problems += [f"The name with digest {digest[:12]}… was altered." for digest in identities.altered(session)]
    return AuditReport(len(heads), counted, len(issued), tuple(problems))


class _Chain:
    """One chain walked from its first entry: problems as they are met, and the documents it saw issued."""

    def __init__(self, session: Session, head: AuditHeadRow) -> None:
        self._session, self._head = session, head
        self.length = 0
        self.issued: dict[str, str] = {}

    def __iter__(self) -> Iterator[str]:
        previous, chain = "", self._head.chain
        for entry in audit.entries(self._session, chain):
            self.length += 1
            if entry.seq != self.length:
                yield f"Chain {chain}: entry {self.length} is missing."
                self.length = entry.seq
            if entry.previous != previous or entry.hash != audit.seal(entry):
                yield f"Chain {chain}: entry {entry.seq} ({entry.action} {entry.subject}) was altered."
            if entry.action == "invoice.issue":
                self.issued[entry.subject] = entry.data
            previous = entry.hash
        if (self.length, previous) != (self._head.seq, self._head.hash):
            yield f"Chain {chain}: the newest entries are missing."


def _document(row: InvoiceRow, sealed: dict[str, str]) -> Iterator[str]:
    data = sealed.get(row.number_text or "")
    if data is None:
        yield f"{row.number_text} was issued without an audit entry."
    elif frozen_hash(row) not in data or row.hash not in data:
        yield f"{row.number_text} was altered after it was issued."
    draft = invoices.content(row)
    if (row.bill_date, row.document) != (draft.bill_date, draft.document):
        yield f"{row.number_text} is filed under another bill date or kind than it states."
    if row.total_minor != draft.total_minor or draft.subtotal_minor != sum(c.amount_minor for c in draft.charges):
        yield f"{row.number_text}: its lines don't add up to its total."


def _facts(row: InvoiceRow, sealed: dict[str, str], kept: str | None) -> Iterator[str]:
    """What a run's document rests on; older ones were sealed without it."""
    data = sealed.get(row.number_text or "")
    if data is not None and json.loads(data).get("facts") != kept:
        yield f"{row.number_text}: what it rests on was altered."


def _charges(row: InvoiceRow, counted: list[tuple[date, int, bool]]) -> Iterator[str]:
    """A run's documents and reversals count as billed with every charge; a concession with none."""
    charges = invoices.content(row).charges if row.by_run or row.reversal else ()
    if counted != [(charge.period.start, charge.amount_minor, row.reversal) for charge in charges]:
        yield f"{row.number_text}: what counts as billed isn't what it charged."


def _lost(issued: list[InvoiceRow], sealed: dict[str, str]) -> list[str]:
    return sorted(set(sealed) - {row.number_text for row in issued})


def _gaps(issued: list[InvoiceRow]) -> Iterator[str]:
    by_series: dict[str, list[int]] = {}
    for row in issued:
        by_series.setdefault(row.series or "", []).append(row.number or 0)
    for name, numbers in sorted(by_series.items()):
        missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
        if missing:
            yield f"Series {name} has gaps: {', '.join(map(str, missing[:10]))}."
