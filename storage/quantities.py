"""The numbers of a client that people stated: the book's, and those of approved changes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import get_args

from sqlmodel import Session, col, delete, select

from billing.quantities import Measure, MeasureKind, Step
from storage.tables import QuantityRow


def stated(session: Session, client_id: int) -> dict[Measure, tuple[Step, ...]]:
    """The stated numbers, by what they count, in the order in which they were stated: the book's, then the approved."""
    found: dict[Measure, list[Step]] = {}
    for row in _numbers(session, client_id):
        found.setdefault(_measure(row), []).append(_step(row))
    return {measure: tuple(steps) for measure, steps in found.items()}


def approved_through(session: Session, client_id: int) -> dict[Measure, date]:
    """The last day from which an approved number holds, by what it counts."""
    found: dict[Measure, date] = {}
    for row in _numbers(session, client_id):
        if row.change_id is not None:
            found[_measure(row)] = max(row.on, found.get(_measure(row), row.on))
    return found


def put_stated(session: Session, client_id: int, steps: Iterable[tuple[Measure, Step]]) -> None:
    """Stores the numbers that a book states, in place of its former ones; what was approved stays.

    A book that was written from here has the approved numbers too; they aren't stored twice.
    """
    session.exec(
        delete(QuantityRow).where(col(QuantityRow.client_id) == client_id, col(QuantityRow.change_id).is_(None))
    )
    approved = {(_measure(row), _step(row)) for row in _numbers(session, client_id)}
    for position, (measure, step) in enumerate(steps):
        if (measure, step) not in approved:
            session.add(_quantity(client_id, position, measure, step))
    session.flush()


def add_approved(session: Session, client_id: int, change_id: int, steps: Iterable[tuple[Measure, Step]]) -> None:
    """Stores the numbers of an approved change behind all others."""
    before = len(_numbers(session, client_id))
    for position, (measure, step) in enumerate(steps, start=before):
        row = _quantity(client_id, position, measure, step)
        row.change_id = change_id
        session.add(row)
    session.flush()


def approved_last(session: Session, client_id: int, change_id: int) -> bool:
    """Whether no later change states another of the numbers that this one does."""
    rows = _numbers(session, client_id)
    ours = {_measure(row) for row in rows if row.change_id == change_id}
    return not any((row.change_id or 0) > change_id and _measure(row) in ours for row in rows)


def forget_approved(session: Session, client_id: int, change_id: int) -> None:
    """Drops the numbers of an approved change, as if it had never been."""
    ours = (col(QuantityRow.client_id) == client_id, col(QuantityRow.change_id) == change_id)
    session.exec(delete(QuantityRow).where(*ours))


def _numbers(session: Session, client_id: int) -> list[QuantityRow]:
    rows = session.exec(select(QuantityRow).where(QuantityRow.client_id == client_id))
    return sorted(rows, key=lambda row: (row.change_id is not None, row.change_id or 0, row.position))


def _quantity(client_id: int, position: int, measure: Measure, step: Step) -> QuantityRow:
    return QuantityRow(
        client_id=client_id,
        position=position,
        kind=measure.kind,
        name=measure.name,
        on=step.on,
        quantity=str(step.quantity),
        known=step.known,
    )


def _measure(row: QuantityRow) -> Measure:
    return Measure(_measure_kind(row.kind), row.name)


def _step(row: QuantityRow) -> Step:
    return Step(row.on, Decimal(row.quantity), row.known)


def _measure_kind(text: str) -> MeasureKind:
    kinds: dict[str, MeasureKind] = {kind: kind for kind in get_args(MeasureKind)}
    return kinds[text]
