"""What the examples of the help are about: a client, a roster, a person and a day that there are."""

from dataclasses import dataclass
from datetime import date

from commands.actors import Actor, Clock
from commands.bill_dates import next_unbilled
from commands.permissions import UseCase, may
from rosters.effects import counted_on
from storage import clients, identities
from storage.database import Database
from storage.ids import id_of


@dataclass(frozen=True, slots=True)
class Examples:
    """A client by its slug, and what there is of it, as far as whoever asks may ask about that.

    `roster` is the first that a line counts, `who` is somebody's name, `bill_date` the next on which a run may start.
    """

    client: str
    roster: str | None = None
    who: str | None = None
    bill_date: date | None = None


def at_hand(database: Database, actor: Actor, clock: Clock, channel: str | None) -> Examples | None:
    """Of the client whose channel it is, else of the first; None without one, and for whoever may see none."""
    with database.read() as session:
        rows = clients.every(session) if may(session, actor, UseCase.SEE) else []
        if not rows:
            return None
        row = next((row for row in rows if channel is not None and row.channel == channel), rows[0])
        terms, today = clients.terms(session, row), clock.today(row.timezone)
        rosters = (measure.name for measure in counted_on(terms, today) if measure.kind == "roster")
        return Examples(
            row.slug,
            next(rosters, None) if may(session, actor, UseCase.SEE_MONEY) else None,
            identities.anybody(session, id_of(row)),
            next_unbilled(session, id_of(row), terms, today) if may(session, actor, UseCase.RUN) else None,
        )
