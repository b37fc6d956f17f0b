"""Every cent of an issued document, back to its approved change, its approver and what the directory showed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billing.draft import Charge, Counted, Metered
from billing.errors import WrongInput
from billing.quantities import RosterPeople
from commands import paper
from commands.actors import Actor, Clock
from commands.clients import named
from commands.invoices import NoSuchInvoice, document_of, preview_in
from commands.origins import Origins
from commands.permissions import UseCase, require
from documents import wording
from documents.document import Document
from documents.format import Format, one_line
from documents.sources import Source, in_full
from documents.workings import workings
from storage import clients, invoices
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow

_NAMED_AT_MOST = 10


class NoSuchLine(WrongInput):
    """The document has no line with that position or name."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line of a document, and how it came about.

    `heading` is its title with the amount and without names; `workings` are the figures, `sources` what stands behind
    its number, `taxes` what falls on it, and `sentences` all of that in full, for an auditor.
    """

    line: int
    name: str
    heading: str
    title: str
    workings: tuple[str, ...]
    sources: tuple[Source, ...]
    taxes: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A document of a client, and where the amounts of its lines come from: of all, or of those that were asked for."""

    document: Document
    lines: tuple[Explanation, ...]
    asked: str | None = None


def explain(database: Database, actor: Actor, number: str, line: str | None = None) -> tuple[Explanation, ...]:
    """Explains every line of an issued document, or those with a position (from 1) or a name."""
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        row = invoices.by_number(session, number.strip().upper())
        if row is None:
            raise NoSuchInvoice(f"No document has the number {number!r}: rollcall invoices lists them.")
        client = clients.get(session, row.client_id)
        return _lines(session, client, paper.stored(session, row), line)


def explain_client(database: Database, actor: Actor, clock: Clock, client: str, asked: str = "") -> Explained:
    """Explains a client's newest invoice; before the first, the invoice as it stands.

    `asked` are a document's number, a line of the newest by position or name, or both.

    Raises:
        NoSuchInvoice, NoSuchLine: as named, with what there is.

    """
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        row = named(session, client)
        first, _, rest = asked.partition(" ")
        has_number = invoices.by_number(session, first.upper()) is not None
        number, line = (first, rest) if has_number else (None, asked)
        if number is None and invoices.newest_invoice(session, id_of(row)) is None:
            document = preview_in(session, clock, row).document
            if document is None:
                raise NoSuchInvoice(f"No invoice was issued to {row.name} yet, and nothing is owed so far.")
        else:
            document = document_of(session, row, number)
        try:
            lines = _lines(session, row, document, line or None)
        except NoSuchLine as unknown:
            if has_number or line.isdigit():
                raise
            either = f"No document has that number either: /invoice {row.slug} history lists them."
            raise NoSuchLine(f"{unknown} {either}") from unknown
        return Explained(document, lines, line or None)


def _lines(session: Session, client: ClientRow, document: Document, line: str | None) -> tuple[Explanation, ...]:
    wanted = _wanted(document, line)
    origins = Origins(session, client)
    found: list[Explanation] = []
    for at in sorted(wanted):
        found.append(_explain(document, at, origins, found))
    return tuple(found)


def _wanted(document: Document, line: str | None) -> frozenset[int]:
    """The positions of the lines that were asked for."""
    charges = dict(enumerate(document.draft.charges, start=1))
    if line is None:
        return frozenset(charges)
    if line.isascii() and line.isdigit():
        found = {at for at in charges if at == int(line)}
    else:
        word = line.casefold()
        found = {at for at, charge in charges.items() if word in {charge.item.name.casefold(), charge.text.casefold()}}
    if found:
        return frozenset(found)
    called = document.number or "The invoice"
    if line.isascii() and line.isdigit():
        raise NoSuchLine(f"{called} has lines 1 to {len(charges)}, not {line}.")
    names = list(dict.fromkeys(charge.item.name for charge in charges.values()))
    more = f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else ""
    raise NoSuchLine(f"{called} has no line {line!r}. Its lines: {', '.join(names[:_NAMED_AT_MOST])}{more}.")


def _explain(document: Document, at: int, origins: Origins, before: Sequence[Explanation]) -> Explanation:
    charge = document.draft.charges[at - 1]
    style = Format(document.locale, document.draft.currency)
    amount = style.money(charge.amount_minor)
    sources = tuple(origins.of(charge, _listed(document, charge), document.draft.bill_date))
    figures = (*workings(charge, style), *_remarks(document, charge, origins))
    taxes = tuple(_taxed(charge, style))
    same = next((other.line for other in before if sources and other.sources == sources), None)
    full = [sentence for source in sources for sentence in in_full(source, document.name_of)]
    full = full if same is None else [f"Counted as on line {same}."]
    return Explanation(
        line=at,
        name=charge.item.name,
        heading=f"{wording.sentence(charge, style.money)}: {amount}",
        title=f"{wording.sentence(charge, style.money, document.names)}: {amount}",
        workings=figures,
        sources=sources,
        taxes=taxes,
        sentences=(*figures, *taxes, *full),
    )


def _listed(document: Document, charge: Charge) -> RosterPeople | None:
    if charge.measure is None or charge.measure.kind != "roster":
        return None
    wanted = (charge.measure.name, charge.period)
    return next((entry for entry in document.draft.people if (entry.roster, entry.period) == wanted), None)


def _taxed(charge: Charge, style: Format) -> Iterator[str]:
    """Each tax, and where there are several parts, on which of them it falls."""
    for part in charge.tax_shares:
        of = f" on {style.money(part.amount_minor)} of it" if charge.shares else ""
        for rate in part.rates:
            yield f"Taxed with {rate.name}, {style.percent(rate.percent)}, category {part.category}{of}."


def _remarks(document: Document, charge: Charge, origins: Origins) -> Iterator[str]:
    """What a commitment puts off, what was read since, and that nobody was counted by name."""
    if isinstance(charge.basis, Counted) and any(each.in_force != each.wanted for each in charge.basis.stretches):
        yield from (wording.put_off(each) for each in document.draft.put_off if each.line == charge.item.name)
    if charge.measure is not None and charge.measure.kind == "roster" and _listed(document, charge) is None:
        yield f"Nobody was counted by name on {one_line(charge.measure.name)}."
    if isinstance(charge.basis, Metered) and charge.measure is not None:
        counted, now = charge.basis.readings, len(origins.readings(charge.measure.name, charge.period))
        if counted != now:
            yield f"Readings known when this was drafted: {counted} of {now}; a later run bills the rest"
