"""The head count of a client over twelve months, as it is billed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.quantities import Step
from commands.actors import Actor, Clock
from commands.clients import named
from commands.headcounts import Month, months, roster_counts, twelve_months
from commands.permissions import UseCase, require
from documents.charts import Chart, Curve
from documents.format import Format
from storage import clients, snapshots
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The chart of a client's rosters, and the same by month: each month's counts are in the order of the curves."""

    client: str
    client_name: str
    chart: Chart
    months: tuple[Month, ...]


def history(database: Database, actor: Actor, clock: Clock, client: str) -> HistoryView:
    """How many people were billed on each day of twelve calendar months up to today."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        row = named(session, client)
        return history_of(session, row, clock.today(row.timezone), {})


def history_of(session: Session, client: ClientRow, today: date, proposed: Mapping[str, Step]) -> HistoryView:
    """The same inside a transaction, with the number that a change proposes for a roster, and from which day."""
    snapshot, period = snapshots.load(session, client), twelve_months(today)
    names = [roster.name for roster in clients.rosters(session, id_of(client))]
    counts = roster_counts(snapshot, names, period)
    known = {count.roster for count in counts}
    curves = [Curve(count.roster, count.steps, _shown(proposed.get(count.roster), period.start)) for count in counts]
    # A roster that was never counted is billed for nobody yet; its first number comes with the proposal.
    nobody = (Step(today, Decimal(0)),)
    curves += [
        Curve(roster, nobody, _shown(step, period.start)) for roster, step in proposed.items() if roster not in known
    ]
    style = Format(client.locale, client.currency)
    chart = Chart(period.start, today, tuple(curves), style)
    return HistoryView(client.slug, client.name, chart, months(snapshot, counts, period))


def _shown(step: Step | None, first_day: date) -> Step | None:
    """A proposal that waits for longer than the chart goes back begins with the chart."""
    return None if step is None else Step(max(step.on, first_day), step.quantity)
