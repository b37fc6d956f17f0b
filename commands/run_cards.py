"""A billing run as its card and the command line show it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from storage import clients, runs
from storage.database import Session
from storage.runs import RunDocument
from storage.tables import ClientRow, RunClientRow, RunRow

_NO_DOCUMENT = RunDocument("")
# A run that was given up: it has no clients any more.
ABANDONED = "abandoned"
# What is held or still waits to be issued isn't billed yet, and everybody sees that.
SEARCHED = ("issued", "nothing")


@dataclass(frozen=True, slots=True)
class OverrideView:
    """Who let a hold through, why, and the last day on which that counts."""

    code: str
    by: str
    reason: str
    until: date


@dataclass(frozen=True, slots=True)
class FindingView:
    """Days of a line (or another item, by its name) that were left out or billed twice, and what to do, in sentences.

    `kind` is "gap", "overlap", "uncounted" or "unprinted"; or "late", once a client, for all that its next run bills.
    """

    kind: str
    line: str
    start: date
    end: date
    text: str


@dataclass(frozen=True, slots=True)
class RunClientView:
    """One client of a run. `causes` says in sentences what holds it, `overrides` what somebody let through.

    `late` says what the draft catches up with, as long as it isn't issued.

    `findings` is what was left out or billed twice, None where nobody has looked: that is done once all is issued.

    `later_draft` is the bill date of the later run that has the client's draft, which bills this date's periods too;
    `issued_early_on` is the day of issue where that was before the bill date.
    """

    client: str
    client_name: str
    currency: str
    locale: str
    state: str
    held: tuple[str, ...]
    causes: tuple[str, ...]
    total_minor: int | None
    number: str | None
    overrides: tuple[OverrideView, ...] = ()
    later_draft: date | None = None
    issued_early_on: date | None = None
    findings: tuple[FindingView, ...] | None = None
    late: str | None = None


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as its card shows it; `seal` says exactly what was shown, for an approval to bind to."""

    bill_date: date
    state: str
    clients: tuple[RunClientView, ...]
    started_by: str
    approved_by: str | None
    issued_by: str | None
    seal: str
    abandoned_by: str | None = None
    abandoned_because: str | None = None


def run_view(session: Session, run: RunRow) -> RunView:
    """The run as it is now, the clients by slug."""
    known = {row.id: row for row in clients.every(session)}
    rows = sorted(runs.clients(session, run.bill_date), key=lambda row: known[row.client_id].slug)
    stored, elsewhere = runs.documents(session, run.bill_date), runs.drafts_elsewhere(session, run.bill_date)
    documents = [stored.get(row.invoice_id, _NO_DOCUMENT) if row.invoice_id else _NO_DOCUMENT for row in rows]
    views = [
        _client_view(row, known[row.client_id], document, elsewhere.get(row.client_id))
        for row, document in zip(rows, documents, strict=True)
    ]
    return RunView(
        bill_date=run.bill_date,
        state=run.state,
        clients=tuple(views),
        started_by=run.started_by,
        approved_by=run.approved_by,
        issued_by=run.issued_by,
        seal=_seal(views, (document.hash for document in documents)),
        abandoned_by=run.abandoned_by,
        abandoned_because=run.abandoned_because,
    )


def _seal(views: Iterable[RunClientView], hashes: Iterable[str]) -> str:
    """Other documents are another seal, also where their totals are the same."""
    shown = [
        f"{view.client}|{view.state}|{view.total_minor}|{','.join(view.held)}|{document_hash}"
        for view, document_hash in zip(views, hashes, strict=True)
    ]
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:16]


def _client_view(row: RunClientRow, client: ClientRow, document: RunDocument, drafted_on: date | None) -> RunClientView:
    held, issued_on = json.loads(row.held), document.issued_on
    return RunClientView(
        client=client.slug,
        client_name=client.name,
        currency=client.currency,
        locale=client.locale,
        state=row.state,
        held=tuple(code for code, _ in held),
        causes=tuple(cause for _, cause in held),
        total_minor=row.total_minor,
        number=document.number,
        overrides=tuple(
            OverrideView(code, by, reason, date.fromisoformat(until))
            for code, by, reason, until in json.loads(row.overridden)
        ),
        later_draft=drafted_on if row.state == "nothing" else None,
        issued_early_on=issued_on if issued_on is not None and issued_on < row.bill_date else None,
        findings=_findings(row),
        late=None if row.state in SEARCHED else row.late,
    )


def held_codes(row: RunClientRow) -> tuple[str, ...]:
    """The codes of what holds a client in a run."""
    return tuple(code for code, _ in json.loads(row.held)) if row.state == "held" else ()


def _findings(row: RunClientRow) -> tuple[FindingView, ...] | None:
    if row.findings is None or row.state not in SEARCHED:
        return None
    return tuple(
        FindingView(kind, line, date.fromisoformat(start), date.fromisoformat(end), text)
        for kind, line, start, end, text in json.loads(row.findings)
    )
