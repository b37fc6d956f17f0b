"""Reconciliation on demand: the mismatches of some or all clients, as sentences with their money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.checks.reconcile import Duplicate
from billing.people.links import Pair
from commands.actors import Actor, Clock
from commands.bill_dates import next_unbilled
from commands.checks import check
from commands.clients import named
from commands.permissions import UseCase, require
from documents import mismatches
from documents.format import Format
from storage import clients
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow


@dataclass(frozen=True, slots=True)
class MismatchView:
    """One mismatch as it is shown; `pair` are the accounts of a probable duplicate, on which one may decide."""

    client: str
    code: str
    effect: str
    amount_minor: int | None
    currency: str
    locale: str
    text: str
    remedy: str
    pair: Pair | None = None


def reconcile(
    database: Database, actor: Actor, clock: Clock, slugs: Sequence[str] = (), bill_date: date | None = None
) -> tuple[MismatchView, ...]:
    """Every mismatch of the clients (default: all) for a bill date (default: each client's next unbilled one)."""
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        rows = [named(session, slug) for slug in slugs] if slugs else clients.every(session)
        return tuple(view for row in rows for view in _of_client(session, clock, row, bill_date))


def _of_client(session: Session, clock: Clock, row: ClientRow, bill_date: date | None) -> Sequence[MismatchView]:
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
            pair=found.cause.pair if isinstance(found.cause, Duplicate) else None,
        )
        for found in checked.found
    ]
