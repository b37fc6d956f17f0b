"""Billing runs, their clients, and overrides."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select, update

from storage.conflicts import insert_into
from storage.tables import InvoiceRow, NoticeRow, OverrideRow, RunClientRow, RunRow

OPEN = ("drafted", "approved", "held")
"""What a client is in a run that has looked at it and not issued to it."""


@dataclass(frozen=True, slots=True)
class RunDocument:
    """What a run shows of a document: its hash, and once it is issued its number and the day."""

    hash: str
    number: str | None = None
    issued_on: date | None = None


def get(session: Session, bill_date: date) -> RunRow | None:
    """The run of a bill date."""
    return session.get(RunRow, bill_date)


def lock(session: Session, bill_date: date) -> RunRow | None:
    """The run, held by this transaction until it ends and read anew; its clients are held before it."""
    held = select(RunRow).where(RunRow.bill_date == bill_date).with_for_update()
    return session.exec(held.execution_options(populate_existing=True)).first()


def newest(session: Session) -> RunRow | None:
    """The run that was started last: not the one with the latest bill date, which may be a mistyped year."""
    latest = (col(RunRow.started_at).desc(), col(RunRow.bill_date).desc())
    return session.exec(select(RunRow).where(RunRow.state != "abandoned").order_by(*latest)).first()


def begin(session: Session, row: RunRow) -> bool:
    """Stores a new run; False when somebody else was first."""
    insert = insert_into(session, RunRow).values(**row.model_dump()).on_conflict_do_nothing()
    return session.execute(insert.returning(col(RunRow.bill_date))).first() is not None


def put(session: Session, row: RunRow) -> None:
    """Stores a run."""
    session.add(row)
    session.flush()


def clients(session: Session, bill_date: date) -> list[RunClientRow]:
    """The clients of a run."""
    query = select(RunClientRow).where(RunClientRow.bill_date == bill_date).order_by(col(RunClientRow.client_id))
    return list(session.exec(query))


def documents(session: Session, bill_date: date) -> dict[int, RunDocument]:
    """The documents of a run by invoice id, all at once and without what they say."""
    query = (
        columns(col(InvoiceRow.id), col(InvoiceRow.hash), col(InvoiceRow.number_text), col(InvoiceRow.issued_on))
        .join(RunClientRow, col(RunClientRow.invoice_id) == col(InvoiceRow.id))
        .where(col(RunClientRow.bill_date) == bill_date)
    )
    found = session.execute(query)
    return {row_id: RunDocument(seal, number, on) for row_id, seal, number, on in found if row_id is not None}


def drafts_elsewhere(session: Session, bill_date: date) -> dict[int, date]:
    """The bill date of the later run that has a client's draft, by client."""
    query = (
        columns(col(RunClientRow.client_id), col(RunClientRow.bill_date))
        .join(InvoiceRow, col(RunClientRow.invoice_id) == InvoiceRow.id)
        .where(col(InvoiceRow.state) == "draft", col(RunClientRow.bill_date) > bill_date)
    )
    return {row.client_id: row.bill_date for row in session.execute(query)}


def open_bill_dates(session: Session) -> dict[int, list[date]]:
    """By client, the bill dates of all runs that have drafted or held it and not issued to it, read at once."""
    found: dict[int, list[date]] = {}
    query = columns(col(RunClientRow.client_id), col(RunClientRow.bill_date)).where(col(RunClientRow.state).in_(OPEN))
    for client_id, bill_date in session.execute(query):
        found.setdefault(client_id, []).append(bill_date)
    return found


def open_bill_date(session: Session, client_id: int, after: date | None) -> date | None:
    """The latest bill date of a run that has drafted or held the client and not issued to it."""
    query = select(func.max(RunClientRow.bill_date)).where(
        RunClientRow.client_id == client_id, col(RunClientRow.state).in_(OPEN)
    )
    return session.exec(query if after is None else query.where(RunClientRow.bill_date > after)).one()


def client(session: Session, bill_date: date, client_id: int) -> RunClientRow | None:
    """One client of a run."""
    return session.get(RunClientRow, (bill_date, client_id))


def drop_client(session: Session, row: RunClientRow) -> None:
    """Takes a client out of a run."""
    session.delete(row)
    session.flush()


def put_client(session: Session, row: RunClientRow) -> None:
    """Stores a client of a run."""
    session.add(row)
    session.flush()


def add_override(session: Session, row: OverrideRow) -> bool:
    """Stores an override; False when the same one stands already."""
    same = {"client_id": row.client_id, "code": row.code, "by": row.by, "reason": row.reason, "until": row.until}
    if session.exec(select(OverrideRow.id).filter_by(**same).limit(1)).first() is not None:
        return False
    session.add(row)
    session.flush()
    return True


def overrides(session: Session, client_id: int) -> dict[str, OverrideRow]:
    """What somebody let through for a client: by code, the override that lasts longest."""
    rows = session.exec(select(OverrideRow).where(OverrideRow.client_id == client_id).order_by(col(OverrideRow.until)))
    return {row.code: row for row in rows}


def release_draft(session: Session, invoice_id: int, keeps: date) -> list[date]:
    """Takes a draft out of every run but the one that has it now, and says which runs lost it."""
    mine = (
        col(RunClientRow.invoice_id) == invoice_id,
        col(RunClientRow.bill_date) != keeps,
        col(RunClientRow.state).in_(("drafted", "approved")),
    )
    lost = list(session.exec(select(col(RunClientRow.bill_date)).where(*mine)))
    statement = update(RunClientRow).where(*mine)
    nothing = statement.values(state="nothing", invoice_id=None, total_minor=None, approved_hash=None)
    session.exec(nothing.execution_options(synchronize_session="fetch"))
    return lost


def never_told(session: Session, bill_date: date) -> bool:
    """Whether no card was ever asked for a run."""
    query = select(NoticeRow).where(NoticeRow.kind == "run", NoticeRow.subject == str(bill_date))
    return session.exec(query).first() is None
