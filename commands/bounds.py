"""The safety bounds of one client for one bill date: what billing needs to know of changes, imports and documents."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date

from billing.agreement import next_bill_date
from billing.calendar import add_months
from billing.draft import Draft
from billing.quantities import Measure
from billing.snapshot import Snapshot
from checks import bounds
from checks.bounds import Breach
from checks.gaps import search
from checks.moved import Approved, Reasons
from checks.records import THE_DRAFT, overlaps, records_of
from commands.import_parts import AGREEMENT, LINE, READINGS, STATED
from storage import audit, changes, invoices, records
from storage.database import Session
from storage.ids import id_of
from storage.tables import AuditRow, ClientRow

_APPROVED = {"change.approve", "change.undo"}
_OUTCOME = re.compile(r" (changed|is new|is gone)$")
# A change of the cycle before is compared too, and cycles of a year are common.
_MONTHS_COMPARED = 25


def breaches(
    session: Session, client: ClientRow, snapshot: Snapshot, draft: Draft | None, bill_date: date, today: date
) -> tuple[Breach, ...]:
    """Every bound that the client's draft hits; `draft` is None where nothing would be billed."""
    if next_bill_date(snapshot.terms, bill_date) != bill_date:
        return ()
    found = bounds.breaches(snapshot, draft, bill_date, today, Reasons())
    if any(breach.code == "R17" for breach in found):
        reasons = _reasons(session, client, bill_date)
        found = bounds.breaches(snapshot, draft, bill_date, today, reasons)
    unsound = _charged_again(session, client, draft) if draft else _left_out(session, client, snapshot, bill_date)
    return (*unsound, *found)


def _charged_again(session: Session, client: ClientRow, draft: Draft) -> tuple[Breach, ...]:
    """What the draft would charge a second time, whatever counts as billed: the documents themselves are asked."""
    firsts = [charge.cycle.start for charge in draft.charges if charge.kind != "adjustment"]
    if not firsts:
        return ()
    issued = records.of_client(session, id_of(client), since=min(firsts))
    found = overlaps((*issued, *records_of(draft)))
    return tuple(Breach("R15", each, each.amount_minor) for each in found if THE_DRAFT in each.numbers)


def _left_out(session: Session, client: ClientRow, snapshot: Snapshot, bill_date: date) -> tuple[Breach, ...]:
    """What should be charged although there is no draft."""
    found = search(snapshot, records.of_client(session, id_of(client)), bill_date)
    return tuple(Breach("R15", each, each.amount_minor) for each in found if each.kind == "gap")


def _reasons(session: Session, client: ClientRow, bill_date: date) -> Reasons:
    """What people did since the client's last document, and what they approved for the periods that are compared."""
    number = invoices.newest_of_runs(session, id_of(client))
    since = audit.since(session, client.slug, "invoice.issue", number or "")
    approved = {int(entry.subject.split(":")[0]) for entry in since if entry.action in _APPROVED}
    items = changes.approved_items(session, id_of(client), add_months(bill_date, -_MONTHS_COMPARED))
    measured = ((change, item, item.measure or Measure("roster", item.roster or "")) for change, item in items)
    approvals = (Approved(measure, item.effective, change in approved) for change, item, measure in measured)
    parts = tuple(part for entry in since for part in _imported(entry))
    return Reasons(
        lines=_named(parts, LINE),
        agreements=_named(parts, AGREEMENT),
        measures=_named(parts, STATED, READINGS),
        approved=tuple(approvals),
    )


def _imported(entry: AuditRow) -> Iterator[str]:
    """The parts of the client that an import altered, as the audit log names them."""
    if entry.action == "book.import":
        said: dict[str, list[str]] = json.loads(entry.data)
        for change in said["changes"]:
            yield _OUTCOME.sub("", change.removeprefix(f"{entry.subject}: "))


def _named(parts: Iterable[str], *kinds: str) -> frozenset[str]:
    return frozenset(part.removeprefix(kind) for part in parts for kind in kinds if part.startswith(kind))
