"""What so many more or fewer would cost a client, before anything is done: computed, shown, never stored."""

from datetime import date
from decimal import Decimal

from billing.errors import Refused, WrongInput
from billing.quantities import Measure
from billing.snapshot import Snapshot
from commands.actors import Actor, Clock
from commands.bill_dates import next_unbilled
from commands.clients import named
from commands.paper import seller_of
from commands.permissions import UseCase, require
from documents import wording
from documents.quotes import QuotePaper
from rosters.quote import Question, quote_for
from storage import clients, snapshots
from storage.database import Database
from storage.ids import id_of

_QUOTED = ("roster", "licence", "device")


class NothingOfThatName(WrongInput):
    """No line counts anything of that name, or several do."""


class ClientIsNotBilled(Refused):
    """Without an agreement nothing has a price."""


def quote(
    database: Database,
    actor: Actor,
    clock: Clock,
    client: str,
    units: Decimal,
    of: str,
    start: date | None = None,
    end: date | None = None,
) -> QuotePaper:
    """What so many units more (below 0: fewer) would cost, from a day on (default: today) until another.

    Raises:
        NothingOfThatName, ClientIsNotBilled, QuoteMakesNoSense, NotThatMany, NothingCountsThat: with what is possible.

    """
    with database.read() as session:
        require(session, actor, UseCase.SEE_MONEY)
        row = named(session, client)
        snapshot, today = snapshots.load(session, row), clock.today(row.timezone)
        measure = _measure(snapshot, of)
        bill_date = next_unbilled(session, id_of(row), snapshot.terms, today)
        if bill_date is None:
            raise ClientIsNotBilled(f"{row.name} has no agreement, so nothing has a price.")
        found = quote_for(snapshot, Question(measure, units, start or today, end), bill_date)
        return QuotePaper(row.slug, found, seller_of(session), clients.buyer(row), row.locale, today)


def _measure(snapshot: Snapshot, of: str) -> Measure:
    """What a person means: a roster, a licence or a device kind that a line counts, by its name."""
    there = [measure for measure in snapshot.terms.measures() if measure.kind in _QUOTED]
    wanted = " ".join(of.split()).casefold()
    fitting = [each for each in there if wanted in {each.name.casefold(), wording.counted_name(each).casefold()}]
    if len(fitting) == 1:
        return fitting[0]
    have = ", ".join(f"{each.name} ({each.kind})" for each in there) or "nothing that is counted"
    if fitting:
        raise NothingOfThatName(f"{of!r} is counted in several ways: {have}. Give one of them another name.")
    raise NothingOfThatName(f"Nothing called {of!r} is billed by its number. There: {have}.")
