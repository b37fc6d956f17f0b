"""Reconciliation on demand: the mismatches of some or all clients, as sentences with their money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checks.mismatches import Duplicate, Mismatch, Pending, SourceState
from commands.actors import Actor, Clock
from commands.bill_dates import next_unbilled
from commands.change_cards import ChangeView, change_view
from commands.checks import check
from commands.clients import named
from commands.permissions import UseCase, require
from commands.run_cards import held_codes
from documents import mismatches
from documents.format import Format
from rosters.links import Pair
from storage import changes, clients, directories, runs
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow, RunRow


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
    ways: Ways = Ways()


def reconcile(
    database: Database, actor: Actor, clock: Clock, slugs: Sequence[str] = (), bill_date: date | None = None
) -> tuple[MismatchView, ...]:
    """Every mismatch of the clients (default: all) for a bill date (default: each client's next unbilled one)."""
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        rows = [named(session, slug) for slug in slugs] if slugs else clients.every(session)
        openings = _Openings(session, actor, runs.newest(session))
        return tuple(view for row in rows for view in _of_client(session, openings, clock, row, bill_date))


def _of_client(
    session: Session, openings: "_Openings", clock: Clock, row: ClientRow, bill_date: date | None
) -> Sequence[MismatchView]:
    today = clock.today(row.timezone)
    on = bill_date or next_unbilled(session, id_of(row), clients.terms(session, row), today) or today
    checked = check(session, clock, row, on)
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
            ways=openings.about(row, found),
        )
        for found in checked.found
    ]


class _Openings:
    """What is open at a client, looked up for those mismatches that are about it."""

    def __init__(self, session: Session, actor: Actor, run: RunRow | None) -> None:
        self._session, self._actor, self._run = session, actor, run

    def about(self, client: ClientRow, found: Mismatch) -> Ways:
        """What can be done about one mismatch."""
        cause = found.cause
        return Ways(
            pair=cause.pair if isinstance(cause, Duplicate) else None,
            change=self._change(client) if isinstance(cause, Pending) else None,
            held=self._held(client, cause.name) if isinstance(cause, SourceState) and cause.trips else None,
            run=self._holding(client, found.code) if found.effect == "hold" else None,
        )

    def _change(self, client: ClientRow) -> ChangeView | None:
        pending = changes.pending(self._session, id_of(client))
        return change_view(self._session, pending, self._actor) if pending else None

    def _held(self, client: ClientRow, directory: str) -> tuple[int, str] | None:
        rows = directories.of_client(self._session, id_of(client))
        row = next((each for each in rows if each.name == directory), None)
        return (id_of(row), row.held_seal) if row is not None and row.held_seal else None

    def _holding(self, client: ClientRow, code: str) -> date | None:
        """The bill date of the newest run, where it holds the client by this."""
        if self._run is None:
            return None
        entry = runs.client(self._session, self._run.bill_date, id_of(client))
        return self._run.bill_date if entry is not None and code in held_codes(entry) else None
