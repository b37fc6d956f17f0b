"""Credit notes that a person gives: a concession, or with `rebill` a reversal that the next run bills again."""

from billing.credits import credit as credit_note
from billing.money import parse_minor
from commands import paper
from commands.actors import Actor, Clock
from commands.invoices import NoSuchInvoice
from commands.issuing import Correction, issue_credit
from commands.permissions import UseCase, require
from commands.reasons import require_reason
from documents.document import Document
from storage import audit, clients, invoices
from storage.database import Database


def credit(
    database: Database,
    actor: Actor,
    clock: Clock,
    number: str,
    *,
    line: int | None = None,
    amount: str | None = None,
    rebill: bool = False,
    reason: str,
) -> Document:
    """Issues a credit note over all that is left of an invoice, of one line, or over an amount before tax.

    Raises:
        NoSuchInvoice, NothingLeftToCredit, CreditIsTooLarge, CreditWouldCost, NoSuchLine: as named.
        ReasonIsMissing, NotAllowed: as named.

    """
    require_reason(reason, "the credit is given")
    with database.write("credit") as session:
        require(session, actor, UseCase.CREDIT)
        found = invoices.by_number(session, number.strip().upper())
        if found is None or found.id is None:
            raise NoSuchInvoice(f"No document has the number {number!r}: rollcall invoices lists them.")
        client = clients.lock(session, found.client_id)
        earlier = tuple(invoices.content(row) for row in invoices.notes_on(session, found.id))
        draft = credit_note(
            invoices.content(found),
            found.number_text or number,
            earlier,
            clock.today(client.timezone),
            reason,
            line=line,
            amount_minor=None if amount is None else parse_minor(amount, client.currency),
        )
        issued = issue_credit(session, actor, clock, client, draft, Correction(found.id, reversal=rebill))
        said = {"corrects": found.number_text, "total": draft.total_minor, "rebill": rebill, "reason": reason}
        audit.append(session, client.slug, clock.now(), actor.id, "invoice.credit", issued, said)
        row = invoices.by_number(session, issued)
        if row is None:
            raise LookupError(issued)
        return paper.stored(session, row)
