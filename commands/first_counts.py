"""First counts: the rosters on which no seat was ever opened, and from which day their first seats hold."""

from collections.abc import Iterable, Sequence
from datetime import date

from billing.errors import Refused
from billing.quantities import Measure
from rosters.changes import ChangeItem, movers
from storage import clients, snapshots
from storage.database import Session
from storage.tables import ClientRow


class FirstDayIsMissing(Refused):
    """Nobody said from which day a first count holds, and the days before it would cost nothing.

    `asks` is what a form says, which has a field for it and no options.
    """

    def __init__(self, slug: str, what: str, begins: date, counted: date) -> None:
        asked = (
            f"From which day does the first count hold? {slug} pays for {what} from {begins}, "
            f"the count was made on {counted}, and no number is stated for the days between."
        )
        self.asks = f"{asked} If it holds from {counted} on, nobody is billed for those."
        super().__init__(f"{asked} Say it: --effective {begins}, or --effective {counted} to bill nobody for them.")


def is_first_count(item: ChangeItem, fresh: frozenset[str]) -> bool:
    """Whether it is about what was never counted before: a roster without seats, a number that nobody stated."""
    return item.roster in fresh or (item.kind == "quantity" and item.before is None)


def uncounted(session: Session, client_id: int) -> frozenset[str]:
    """The rosters on which no seat was ever opened."""
    return frozenset(roster.name for roster in clients.rosters(session, client_id) if roster.counted_from is None)


def on_stated_day(
    items: Sequence[ChangeItem], fresh: frozenset[str], effective: date | None, *, first_count: bool
) -> tuple[ChangeItem, ...]:
    """The items with the day that the approver stated: a first count's own, or all where there is none.

    Somebody who moves to a roster that was never counted has a seat until then, so his days stay as they were seen.
    """
    if effective is None:
        return tuple(items)
    moving = movers(items)

    def applies(item: ChangeItem) -> bool:
        is_first = item.kind != "leave" and is_first_count(item, fresh) and item.person not in moving
        return not first_count or is_first

    return tuple(item._replace(effective=effective) if applies(item) else item for item in items)


def refuse_free_days(session: Session, client: ClientRow, items: Sequence[ChangeItem], fresh: frozenset[str]) -> None:
    """Days that are covered, but before the count and without a stated number, would silently be billed as nobody."""
    moving = movers(items)
    snapshot = snapshots.load(session, client)
    for item in items:
        if not is_first_count(item, fresh) or item.person in moving:
            continue
        measure = item.measure or Measure("roster", item.roster or "")
        lines = [(agreement, line) for agreement in snapshot.terms.agreements for line in agreement.lines]
        ours = [(line.start, a.start, a.bills_from) for a, line in lines if line.count == measure]
        begins = [max(day for day in days if day is not None) for days in ours]
        if begins and min(begins) < item.effective and measure not in snapshot.stated:
            raise FirstDayIsMissing(client.slug, measure.name, min(begins), item.effective)


def open_counts(session: Session, client_id: int, items: Iterable[ChangeItem], fresh: frozenset[str]) -> None:
    """Counts each of the rosters that get their first seats from the first of these seats' days on."""
    joining = [item for item in items if item.kind == "join"]
    for roster in clients.rosters(session, client_id):
        days = [item.effective for item in joining if item.roster == roster.name]
        if days and roster.name in fresh:
            roster.counted_from = min(days)
            session.add(roster)
    session.flush()
