"""Changes and their items, as they wait and as they were decided."""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

from sqlalchemy import and_, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select, update

from billing.quantities import Measure, MeasureKind
from rosters.changes import ChangeItem, ItemKind, Items
from rosters.origins import READ, Cause, Origin
from storage import bulk
from storage.tables import ChangeItemRow, ChangeRow, RejectionRow

PENDING = "pending"


def pending(session: Session, client_id: int) -> ChangeRow | None:
    """The client's one pending change."""
    return session.exec(select(ChangeRow).where(ChangeRow.client_id == client_id, ChangeRow.state == PENDING)).first()


def newest(session: Session, change_id: int) -> ChangeRow | None:
    """The newest revision of a change."""
    query = select(ChangeRow).where(ChangeRow.id == change_id).order_by(col(ChangeRow.revision).desc())
    return session.exec(query).first()


def get(session: Session, change_id: int, revision: int) -> ChangeRow | None:
    """One revision of a change."""
    return session.get(ChangeRow, (change_id, revision))


def every(session: Session, client_id: int | None, *, only_pending: bool) -> list[ChangeRow]:
    """Changes in the order in which they were proposed."""
    query = select(ChangeRow).order_by(col(ChangeRow.id), col(ChangeRow.revision))
    if client_id is not None:
        query = query.where(ChangeRow.client_id == client_id)
    if only_pending:
        query = query.where(ChangeRow.state == PENDING)
    return list(session.exec(query))


def clients_that_wait(session: Session) -> set[int]:
    """The clients with a change that waits."""
    return set(session.exec(select(ChangeRow.client_id).where(ChangeRow.state == PENDING).distinct()))


def undo_open(session: Session) -> list[ChangeRow]:
    """The decided changes whose cards offer to undo them."""
    return list(session.exec(select(ChangeRow).where(col(ChangeRow.undo_open).is_(True))))


def first_proposed(session: Session) -> dict[int, date]:
    """The day on which each pending change was proposed for the first time, in whatever revision."""
    waiting = select(ChangeRow.id).where(ChangeRow.state == PENDING)
    first = columns(col(ChangeRow.id), func.min(col(ChangeRow.proposed_on))).where(col(ChangeRow.id).in_(waiting))
    return {row[0]: row[1] for row in session.execute(first.group_by(col(ChangeRow.id)))}


def add(session: Session, row: ChangeRow, items: Sequence[ChangeItem], origin: Origin = READ) -> ChangeRow:
    """Stores a revision with its items; `origin` is what those came of that don't say it."""
    session.add(row)
    session.flush()
    of, stored = (row.id, row.revision, bulk.flag(session, value=False)), 0
    seats, others = defaultdict[_Same, list[Any]](list), defaultdict[_Same, list[Any]](list)
    for first, run in Items.of(items).alike:
        seat, rest = _in_common(first, first.origin or origin)
        # Most are seats that nobody moved by hand, and an empty column takes longer than none.
        same = others[*of, *seat, *rest] if any(rest) else seats[*of, *seat]
        for item in run:
            stored += 1
            same += (stored, item.person, item.account)
    bulk.insert_alike(session, ChangeItemRow, (*_OF, *_SEAT), _WHOM, seats)
    bulk.insert_alike(session, ChangeItemRow, (*_OF, *_SEAT, *_REST), _WHOM, others)
    return row


_OF = ("change_id", "revision", "excepted")
_SEAT = ("kind", "effective", "roster", "cause")
_REST = ("proposed_by", "measure_kind", "measure_name", "before", "after")
_WHOM = ("position", "person_id", "account_id")
_Same = tuple[Any, ...]


def _in_common(item: ChangeItem, origin: Origin) -> tuple[tuple[str | None, ...], tuple[str | None, ...]]:
    measure = item.measure
    of_measure = (measure.kind, measure.name) if measure else (None, None)
    seat = (item.kind, item.effective.isoformat(), item.roster, origin.cause.value)
    return seat, (origin.by, *of_measure, _text(item.before), _text(item.after))


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def decide(
    session: Session, row: ChangeRow, state: str, by: str | None, at: datetime, on: date, reason: str | None
) -> bool:
    """Moves a pending revision to another state; False when somebody else was first."""
    statement = (
        update(ChangeRow)
        .where(col(ChangeRow.id) == row.id, col(ChangeRow.revision) == row.revision, col(ChangeRow.state) == PENDING)
        .values(state=state, decided_by=by, decided_at=at, decided_on=on, reason=reason)
        .execution_options(synchronize_session=False)
    )
    done = session.exec(statement).rowcount == 1
    session.expire(row)
    return done


def approve_first(session: Session, row: ChangeRow, approval: str) -> None:
    """Keeps the first of two approvals of a pending revision, in place of one that there was."""
    row.first_approval = approval
    session.add(row)
    session.flush()


def item_rows(session: Session, change_id: int, revision: int) -> list[ChangeItemRow]:
    """A revision's items in order."""
    query = (
        select(ChangeItemRow)
        .where(ChangeItemRow.change_id == change_id, ChangeItemRow.revision == revision)
        .order_by(col(ChangeItemRow.position))
    )
    return list(session.exec(query))


def rejected_before(session: Session, client_id: int, people: AbstractSet[int], numbers: AbstractSet[Measure]) -> bool:
    """Whether anything about these people, or about what is counted here, was ever rejected, left out or undone."""
    of = (col(ChangeItemRow.change_id) == ChangeRow.id, col(ChangeItemRow.revision) == ChangeRow.revision)
    left_out = and_(col(ChangeRow.state) == "approved", col(ChangeItemRow.excepted).is_(True))
    undone = col(ChangeRow.undone).is_not(None)
    what = columns(col(ChangeItemRow.person_id), col(ChangeItemRow.measure_kind), col(ChangeItemRow.measure_name))
    found = session.execute(
        what.join(ChangeRow, and_(*of))
        .where(col(ChangeRow.client_id) == client_id, or_(col(ChangeRow.state) == "rejected", left_out, undone))
        .distinct()
    )
    known = {(measure.kind, measure.name) for measure in numbers}
    return any(row[0] in people or (row[1], row[2]) in known for row in found)


def approved(session: Session, client_id: int) -> dict[int, ChangeRow]:
    """The approved revision of each change of a client that was approved, by the change's id."""
    rows = session.exec(select(ChangeRow).where(ChangeRow.client_id == client_id, ChangeRow.state == "approved"))
    return {row.id: row for row in rows}


def every_item(session: Session, client_id: int) -> list[tuple[ChangeRow, ChangeItemRow]]:
    """Every item of every revision of a client's changes, in the order in which they were proposed."""
    of = (col(ChangeItemRow.change_id) == ChangeRow.id, col(ChangeItemRow.revision) == ChangeRow.revision)
    order = (col(ChangeRow.id), col(ChangeRow.revision), col(ChangeItemRow.position))
    query = select(ChangeRow, ChangeItemRow).join(ChangeItemRow, and_(*of)).where(ChangeRow.client_id == client_id)
    return list(session.exec(query.order_by(*order)))


def as_item(row: ChangeItemRow) -> ChangeItem:
    """A stored item as billing knows it."""
    return ChangeItem(
        kind=_kind(row.kind),
        effective=row.effective,
        roster=row.roster,
        person=row.person_id,
        account=row.account_id,
        measure=_measure(row),
        before=None if row.before is None else Decimal(row.before),
        after=None if row.after is None else Decimal(row.after),
        origin=Origin(Cause(row.cause), row.proposed_by),
    )


def refused_item(row: RejectionRow) -> ChangeItem:
    """A refusal as the item that was refused, without the number before it."""
    return ChangeItem(
        kind=_kind(row.kind),
        effective=row.effective,
        roster=row.roster,
        person=row.person_id,
        account=row.account_id,
        measure=_measure(row),
        after=None if row.after is None else Decimal(row.after),
    )


def _kind(text: str) -> ItemKind:
    kinds: dict[str, ItemKind] = {kind: kind for kind in get_args(ItemKind)}
    return kinds[text]


def _measure(row: ChangeItemRow | RejectionRow) -> Measure | None:
    kinds: dict[str, MeasureKind] = {kind: kind for kind in get_args(MeasureKind)}
    return Measure(kinds[row.measure_kind], row.measure_name or "") if row.measure_kind else None


def items(session: Session, row: ChangeRow) -> tuple[ChangeItem, ...]:
    """A revision's items as billing knows them."""
    return tuple(as_item(item) for item in item_rows(session, row.id, row.revision))


def approved_items(session: Session, client_id: int, effective_from: date) -> list[tuple[int, ChangeItem]]:
    """What was approved for a client and holds from some day on, or later: each item with the id of its change."""
    query = (
        select(ChangeItemRow)
        .join(
            ChangeRow, (col(ChangeRow.id) == ChangeItemRow.change_id) & (ChangeRow.revision == ChangeItemRow.revision)
        )
        .where(ChangeRow.client_id == client_id, ChangeRow.state == "approved")
        .where(ChangeItemRow.effective >= effective_from, col(ChangeItemRow.excepted).is_(False))
    )
    return [(row.change_id, as_item(row)) for row in session.exec(query)]
