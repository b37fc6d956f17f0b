"""Every cent of an issued document, back to its approved change, its approver and what the directory showed."""

from collections.abc import Iterator
from dataclasses import dataclass

from billing.draft import Charge
from billing.errors import WrongInput
from billing.people import RosterPeople, Span
from commands import paper
from commands.actors import Actor
from commands.invoices import NoSuchInvoice
from commands.permissions import UseCase, require
from documents import wording
from documents.document import Document
from documents.format import Format, day, days
from documents.workings import workings
from storage import changes, directories, invoices
from storage.database import Database, Session
from storage.tables import AccountRow, ChangeRow, SeatRow


class NoSuchLine(WrongInput):
    """The document has no line with that position."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line of a document: its title with the amount, and how it came about, a sentence a step."""

    line: int
    title: str
    sentences: tuple[str, ...]


def explain(database: Database, actor: Actor, number: str, line: int | None = None) -> tuple[Explanation, ...]:
    """Explains every line of an issued document, or one (from 1)."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        row = invoices.by_number(session, number.strip().upper())
        if row is None:
            raise NoSuchInvoice(f"No document has the number {number!r}: rollcall invoices lists them.")
        document = paper.stored(session, row)
        charges = document.draft.charges
        if line is not None and not 1 <= line <= len(charges):
            raise NoSuchLine(f"{row.number_text} has lines 1 to {len(charges)}, not {line}.")
        chosen = [(at, charge) for at, charge in enumerate(charges, start=1) if line in {None, at}]
        sources = _Sources(session, row.client_id)
        return tuple(_explain(document, at, charge, sources) for at, charge in chosen)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where one seat comes from."""

    seat: SeatRow
    opened: ChangeRow | None
    closed: ChangeRow | None
    account: AccountRow | None
    directory: str


class _Sources:
    """The seats of a client with the changes and accounts behind them, read once."""

    def __init__(self, session: Session, client_id: int) -> None:
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
    sentences = [*workings(charge, style), *_taxed(charge)]
    for listed in _listed(document, charge):
        sentences += _people(document, listed, sources)
    if charge.measure is not None and not _listed(document, charge):
        sentences.append(f"The number of {charge.measure.name} is the one stated in the book; nobody was counted yet.")
    return Explanation(at, title, tuple(sentences))


def _taxed(charge: Charge) -> Iterator[str]:
    for rate in charge.rates:
        yield f"Taxed with {rate.name}, {rate.percent} %, category {charge.tax}."


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
