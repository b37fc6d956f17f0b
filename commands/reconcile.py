"""Reconciliation on demand: the mismatches of some or all clients, as sentences with their money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.checks.reconcile import Duplicate, Mismatch, Pending, SourceState
from billing.people.links import Pair
from commands.actors import Actor, Clock
from commands.bill_dates import next_unbilled
from commands.change_cards import ChangeView, change_view
from commands.checks import check
from commands.clients import named
from commands.permissions import UseCase, require
from commands.run_cards import held_codes
from documents import mismatches
from documents.format import Format
from storage import changes, clients, directories, runs
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow


@dataclass(frozen=True, slots=True)
class Ways:
    """What somebody can do about a mismatch where it is shown.

    `pair` are the accounts of a probable duplicate, `change` is what waits for a decision, `held` is the directory's id
    and the seal of a reading that the safety catch holds, `run` the bill date of the run that is held by it.
    """

    pair: Pair | None = None
    change: ChangeView | None = None
    held: tuple[int, str] | None = None
    run: date | None = None


_NOWAYS = Ways()


@dataclass(frozen=True, slots=True)
class MismatchView:
    """One mismatch as it is shown."""

    client: str
    code: str
    effect: str
    amount_minor: int | None
    currency: str
    locale: str
    text: str
    remedy: str
    ways: Ways = _NOWAYS


def reconcile(
    database: Database, actor: Actor, clock: Clock, slugs: Sequence[str] = (), bill_date: date | None = None
) -> tuple[MismatchView, ...]:
    """Every mismatch of the clients (default: all) for a bill date (default: each client's next unbilled one)."""
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        rows = [named(session, slug) for slug in slugs] if slugs else clients.every(session)
        return tuple(view for row in rows for view in _of_client(session, actor, clock, row, bill_date))


def _of_client(
    session: Session, actor: Actor, clock: Clock, row: ClientRow, bill_date: date | None
) -> Sequence[MismatchView]:
    today = clock.today(row.timezone)
    on = bill_date or next_unbilled(session, id_of(row), clients.terms(session, row), today) or today
    checked = check(session, clock, row, on)
    ways = _Open(session, actor, row)
    return [
        MismatchView(
            client=found.client,
            code=found.code,
            effect=found.effect,
            amount_minor=found.amount_minor,
            currency=row.currency,
            locale=row.locale,
            text=mismatches.text(found, Format(row.locale, row.currency)),
            remedy=mismatches.remedy(found),
            ways=ways.about(found),
        )
        for found in checked.found
    ]


class _Open:
    """What is open at a client: a change, readings that are held, a run that it is held in."""

    def __init__(self, session: Session, actor: Actor, row: ClientRow) -> None:
        client_id = id_of(row)
        pending, run = changes.pending(session, client_id), runs.newest(session)
        entry = runs.client(session, run.bill_date, client_id) if run else None
        self._change = change_view(session, pending, actor) if pending else None
        self._directories = {each.name: each for each in directories.of_client(session, client_id)}
        self._run = run.bill_date if run else None
        self._holding = held_codes(entry) if entry else ()

    def about(self, found: Mismatch) -> Ways:
        """What can be done about one mismatch."""
        cause = found.cause
        return Ways(
            pair=cause.pair if isinstance(cause, Duplicate) else None,
            change=self._change if isinstance(cause, Pending) else None,
            held=self._held(cause) if isinstance(cause, SourceState) else None,
            run=self._run if found.effect == "hold" and found.code in self._holding else None,
        )

    def _held(self, source: SourceState) -> tuple[int, str] | None:
        row = self._directories.get(source.name)
        return (id_of(row), row.held_seal) if source.trips and row is not None and row.held_seal else None
