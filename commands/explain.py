"""Every cent of an issued document, back to its approved change, its approver and what the directory showed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from billing.basis import Metered
from billing.calendar import Period
from billing.draft import Charge
from billing.errors import WrongInput
from billing.money import plain
from billing.people import RosterPeople, Span
from billing.quantities import Measure, Reading, Step, Timeline, stated
from commands import paper
from commands.actors import Actor, Clock
from commands.clients import named
from commands.invoices import NoSuchInvoice, document_of, preview_in
from commands.permissions import UseCase, require
from documents import wording
from documents.document import Document
from documents.format import Format, day, days, one_line
from documents.workings import workings
from storage import changes, clients, directories, invoices, snapshots
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import AccountRow, ChangeRow, ClientRow, SeatRow


class NoSuchLine(WrongInput):
    """The document has no line with that position."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line of a document: its title with the amount, and how it came about, a sentence a step."""

    line: int
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A document of a client, and where the amounts of its lines come from."""

    document: Document
    lines: tuple[Explanation, ...]


def explain(database: Database, actor: Actor, number: str, line: int | None = None) -> tuple[Explanation, ...]:
    """Explains every line of an issued document, or one (from 1)."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        row = invoices.by_number(session, number.strip().upper())
        if row is None:
            raise NoSuchInvoice(f"No document has the number {number!r}: rollcall invoices lists them.")
        client = clients.get(session, row.client_id)
        return _lines(session, client, paper.stored(session, row), line)


def explain_client(
    database: Database, actor: Actor, clock: Clock, client: str, number: str | None = None, line: int | None = None
) -> Explained:
    """Explains a client's document by its number, or its newest invoice; before the first, the invoice as it stands.

    Raises:
        NoSuchInvoice, NoSuchLine: as named, with what there is.

    """
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        row = named(session, client)
        if number is None and invoices.newest_invoice(session, id_of(row)) is None:
            document = preview_in(session, clock, row).document
            if document is None:
                raise NoSuchInvoice(f"No invoice was issued to {row.name} yet, and nothing is owed so far.")
        else:
            document = document_of(session, row, number)
        return Explained(document, _lines(session, row, document, line))


def _lines(session: Session, client: ClientRow, document: Document, line: int | None) -> tuple[Explanation, ...]:
    charges = document.draft.charges
    if line is not None and not 1 <= line <= len(charges):
        raise NoSuchLine(f"{document.number or 'The invoice'} has lines 1 to {len(charges)}, not {line}.")
    sources = _Sources(session, client)
    return tuple(
        _explain(document, at, charge, sources) for at, charge in enumerate(charges, start=1) if line in {None, at}
    )


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where one seat comes from."""

    seat: SeatRow
    opened: ChangeRow | None
    closed: ChangeRow | None
    account: AccountRow | None
    directory: str


class _Sources:
    """The seats of a client with the changes and accounts behind them, and its stated numbers, read once."""

    def __init__(self, session: Session, client: ClientRow) -> None:
        client_id = id_of(client)
        facts = snapshots.load(session, client)
        self.stated, self.readings = facts.stated, facts.readings
        self._seats = changes.seats(session, client_id)
        self._changes = {
            row.id: row for row in changes.every(session, client_id, only_pending=False) if row.state == "approved"
        }
        self._accounts: dict[int, tuple[AccountRow, str]] = {}
        for account, directory, _ in directories.accounts_of_client(session, client_id):
            self._accounts.setdefault(account.person_id, (account, directory.name))

    def of(self, roster: str, span: Span) -> _Origin | None:
        """The seat that gives a person these days on a roster."""
        for seat in self._seats:
            reaches = seat.starts < span.period.end and (seat.ends is None or seat.ends > span.period.start)
            if seat.roster == roster and seat.person_id == span.person and reaches:
                account, directory = self._accounts.get(span.person, (None, ""))
                opened, closed = self._changes.get(seat.opened_by), self._changes.get(seat.closed_by or 0)
                return _Origin(seat, opened, closed, account, directory)
        return None


def _explain(document: Document, at: int, charge: Charge, sources: _Sources) -> Explanation:
    style = Format(document.locale, document.draft.currency)
    title = f"{wording.sentence(charge, document.names)}: {style.money(charge.amount_minor)}"
    sentences = [*workings(charge, style), *_taxed(charge, style)]
    listed = _listed(document, charge)
    for entry in listed:
        sentences += _people(document, entry, sources)
    if charge.measure is not None and not listed:
        sentences += _numbers(document, charge, charge.measure, sources)
    return Explanation(at, title, tuple(sentences))


def _taxed(charge: Charge, style: Format) -> Iterator[str]:
    """Each tax, and where there are several parts, on which of them it falls."""
    for part in charge.tax_shares:
        of = f" on {style.money(part.amount_minor)} of it" if charge.shares else ""
        for rate in part.rates:
            yield f"Taxed with {rate.name}, {style.percent(rate.percent)}, category {part.category}{of}."


def _numbers(document: Document, charge: Charge, measure: Measure, sources: _Sources) -> Iterator[str]:
    """Where a number comes from that no person stands for."""
    if measure.kind == "fixed":
        yield f"The number {measure.name} is fixed in the agreement."
    elif measure.kind == "usage":
        yield from _readings(charge, sources.readings.get(measure.name, ()))
    else:
        known = stated(sources.stated.get(measure, ()), document.draft.bill_date)
        yield from (_statement(step) for step in _within(charge.period, known))
        uncounted = "; nobody was counted yet" if measure.kind == "roster" else ""
        yield f"The number of {wording.counted_name(measure)} is the one stated in the book{uncounted}."


def _within(period: Period, timeline: Timeline) -> Iterator[Step]:
    """The steps of a period, and the one that is in force when it begins."""
    before = [step for step in timeline.steps if step.on <= period.start]
    yield from before[-1:]
    yield from (step for step in timeline.steps if period.start < step.on < period.end)


def _statement(step: Step) -> str:
    learnt = f", known since {day(step.known)}" if step.known else ""
    return f"{plain(step.quantity)} from {day(step.on)}{learnt}."


def _readings(charge: Charge, readings: Iterable[Reading]) -> Iterator[str]:
    """Every reading of the period as it is stored now."""
    found = sorted((each for each in readings if charge.period.covers(each.on)), key=lambda each: (each.on, each.key))
    for each in found:
        yield f"{plain(each.amount)} read on {day(each.on)}, key {one_line(each.key)}."
    counted = charge.basis.readings if isinstance(charge.basis, Metered) else len(found)
    if counted != len(found):
        yield f"{counted} readings were known when this was drafted, {len(found)} are now; the next run bills the rest."


def _listed(document: Document, charge: Charge) -> list[RosterPeople]:
    if charge.measure is None:
        return []
    name = charge.measure.name
    return [entry for entry in document.draft.people if (entry.roster, entry.period) == (name, charge.period)]


def _people(document: Document, listed: RosterPeople, sources: _Sources) -> Iterator[str]:
    for span in listed.spans:
        said = f"{document.name_of(span.person)}, {days(span.period)}"
        origin = sources.of(listed.roster, span)
        yield f"{said}: {_story(origin)}" if origin else f"{said}."


def _story(origin: _Origin) -> str:
    told = [f"on {origin.seat.roster} from {day(origin.seat.starts)} by change {origin.seat.opened_by}"]
    told += _decision(origin.opened)
    if origin.seat.ends is not None:
        told.append(f"until {day(origin.seat.ends)} by change {origin.seat.closed_by}")
        told += _decision(origin.closed)
    if origin.account is not None:
        seen = f"account {origin.account.object_id} in {origin.directory}, first seen {day(origin.account.first_seen)}"
        told.append(seen)
    return ", ".join(told) + "."


def _decision(change: ChangeRow | None) -> list[str]:
    if change is None or change.decided_on is None:
        return []
    return [f"approved by {change.decided_by} on {day(change.decided_on)}"]
