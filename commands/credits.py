"""Credit notes that a person gives: a concession, or with `rebill` a reversal that the next run bills again."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from billing.credits import credit as credit_note
from billing.credits import left_of_lines
from billing.draft import Draft
from billing.errors import Refused
from billing.money import parse_minor
from commands import paper
from commands.actors import Actor, Clock
from commands.clients import ClientRef, named, ref
from commands.invoices import NoSuchInvoice
from commands.issuing import Correction, issue_credit
from commands.permissions import UseCase, may, require
from commands.reasons import require_reason
from documents.document import Document
from documents.wording import title
from storage import audit, clients, invoices
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow, InvoiceRow

_NUMBERS_AT_MOST = 12
_INVOICE = "invoice"


class CreditIsOutdated(Refused):
    """Somebody credited the invoice after it was shown."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be credited: all that is left of an invoice or of one line (from 1), or an amount of that before tax.

    `shown` is how many credit notes corrected the invoice when it was shown, if it was.
    """

    number: str
    line: int | None = None
    amount: str | Decimal | None = None
    shown: int | None = None


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A line of an invoice, its position from 1, and what is left of it before tax, in minor units."""

    position: int
    title: str
    left_minor: int


@dataclass(frozen=True, slots=True)
class CreditForm:
    """An invoice for somebody who is about to credit it; `left_minor` is before tax, `notes` how many correct it."""

    client: ClientRef
    number: str
    bill_date: date
    total_minor: int
    left_minor: int
    lines: tuple[CreditLine, ...]
    notes: int


@dataclass(frozen=True, slots=True)
class _Found:
    """An issued invoice with its client and the credit notes that correct it already."""

    row: InvoiceRow
    client: ClientRow
    draft: Draft
    earlier: tuple[Draft, ...]
    rows: tuple[InvoiceRow, ...]


def creditable(database: Database, actor: Actor, client: str) -> tuple[str, ...]:
    """The numbers of a client's newest invoices of which something is left, newest first; none for who may not."""
    with database.read() as session:
        if not may(session, actor, UseCase.CREDIT):
            return ()
        issued = invoices.listed(session, id_of(named(session, client)))
        numbers = [row.number_text or "" for row in issued if row.document == _INVOICE][-_NUMBERS_AT_MOST:]
        found = (_found(session, number) for number in reversed(numbers))
        return tuple(one.row.number_text or "" for one in found if any(left_of_lines(one.draft, one.earlier)))


def credit_form(database: Database, actor: Actor, number: str) -> CreditForm:
    """What is left of an invoice, line by line.

    Raises:
        NoSuchInvoice, NotAllowed: as named.

    """
    with database.read() as session:
        require(session, actor, UseCase.CREDIT)
        found = _found(session, number)
        left = left_of_lines(found.draft, found.earlier)
        lines = (
            CreditLine(position, title(charge), minor)
            for position, (charge, minor) in enumerate(zip(found.draft.charges, left, strict=True), start=1)
        )
        return CreditForm(
            client=ref(found.client),
            number=found.row.number_text or number,
            bill_date=found.row.bill_date,
            total_minor=found.draft.total_minor,
            left_minor=sum(left),
            lines=tuple(line for line in lines if line.left_minor),
            notes=len(found.earlier),
        )


def try_credit(database: Database, actor: Actor, clock: Clock, wanted: Wanted) -> Document:
    """The credit note as it would be issued; raises what `credit` would, but for its reason."""
    with database.read() as session:
        require(session, actor, UseCase.CREDIT)
        found = _found(session, wanted.number)
        if wanted.shown not in (None, len(found.earlier)):
            raise _outdated(found)
        return paper.preview_of(session, found.client, _draft(found, found.earlier, clock, wanted, ""))


def credit(
    database: Database, actor: Actor, clock: Clock, wanted: Wanted, *, rebill: bool = False, reason: str
) -> Document:
    """Issues a credit note.

    The same credit, asked for again after it was shown by whoever gave it, as after a restart, is the one that was
    given.

    Raises:
        NoSuchInvoice, NothingLeftToCredit, CreditIsTooLarge, CreditWouldCost, NoSuchLine: as named.
        CreditIsOutdated, ReasonIsMissing, NotAllowed: as named.

    """
    require_reason(reason, "the credit is given")
    with database.write("credit") as session:
        require(session, actor, UseCase.CREDIT)
        client = clients.lock(session, _numbered(session, wanted.number).client_id)
        found = _found(session, wanted.number)
        if wanted.shown not in (None, len(found.earlier)):
            return paper.stored(session, _given(found, actor, clock, wanted, reason, rebill=rebill))
        draft = _draft(found, found.earlier, clock, wanted, reason)
        issued = issue_credit(session, actor, clock, client, draft, Correction(id_of(found.row), reversal=rebill))
        said = {"corrects": found.row.number_text, "total": draft.total_minor, "rebill": rebill, "reason": reason}
        audit.append(session, client.slug, clock.now(), actor.id, "invoice.credit", issued, said)
        row = invoices.by_number(session, issued)
        if row is None:
            raise LookupError(issued)
        return paper.stored(session, row)


def _numbered(session: Session, number: str) -> InvoiceRow:
    row = invoices.by_number(session, number.strip().upper())
    if row is None:
        raise NoSuchInvoice(f"No document has the number {number!r}: rollcall invoices lists them.")
    return row


def _found(session: Session, number: str) -> _Found:
    row = _numbered(session, number)
    notes = tuple(invoices.notes_on(session, id_of(row)))
    client = clients.get(session, row.client_id)
    return _Found(row, client, invoices.content(row), tuple(map(invoices.content, notes)), notes)


def _draft(found: _Found, earlier: tuple[Draft, ...], clock: Clock, wanted: Wanted, reason: str) -> Draft:
    return credit_note(
        found.draft,
        found.row.number_text or "",
        earlier,
        clock.today(found.client.timezone),
        reason,
        line=wanted.line,
        amount_minor=None if wanted.amount is None else parse_minor(wanted.amount, found.client.currency),
    )


def _given(found: _Found, actor: Actor, clock: Clock, wanted: Wanted, reason: str, *, rebill: bool) -> InvoiceRow:
    """The credit note that came after what was shown, if it is what is wanted again."""
    shown = wanted.shown or 0
    again = _draft(found, found.earlier[:shown], clock, wanted, reason)
    for row, draft in zip(found.rows[shown:], found.earlier[shown:], strict=True):
        is_same = replace(again, bill_date=draft.bill_date, due_on=draft.due_on) == draft
        if is_same and (row.issued_by, row.reversal) == (actor.id, rebill):
            return row
    raise _outdated(found)


def _outdated(found: _Found) -> CreditIsOutdated:
    newest = found.rows[-1].number_text if found.rows else "none"
    return CreditIsOutdated(
        f"{found.row.number_text} was credited since it was shown to you (the newest credit note is {newest}), so "
        "nothing was done. Open the form again: it shows what is left."
    )
