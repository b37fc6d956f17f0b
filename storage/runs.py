"""Billing runs, their clients, and overrides."""

from datetime import date

from sqlmodel import Session, col, select, update

from storage.tables import NoticeRow, OverrideRow, RunClientRow, RunRow


def get(session: Session, bill_date: date) -> RunRow | None:
    """The run of a bill date."""
    return session.get(RunRow, bill_date)


def newest(session: Session) -> RunRow | None:
    """The run with the latest bill date."""
    return session.exec(select(RunRow).order_by(col(RunRow.bill_date).desc())).first()


def put(session: Session, row: RunRow) -> None:
    """Stores a run."""
    session.add(row)
    session.flush()


def clients(session: Session, bill_date: date) -> list[RunClientRow]:
    """The clients of a run."""
    query = select(RunClientRow).where(RunClientRow.bill_date == bill_date).order_by(col(RunClientRow.client_id))
    return list(session.exec(query))


def client(session: Session, bill_date: date, client_id: int) -> RunClientRow | None:
    """One client of a run."""
    return session.get(RunClientRow, (bill_date, client_id))


def put_client(session: Session, row: RunClientRow) -> None:
    """Stores a client of a run."""
    session.add(row)
    session.flush()


def add_override(session: Session, row: OverrideRow) -> None:
    """Stores an override."""
    session.add(row)
    session.flush()


def overrides(session: Session, client_id: int) -> dict[str, date]:
    """The codes that somebody let through for a client, with the last day on which that counts."""
    rows = session.exec(select(OverrideRow).where(OverrideRow.client_id == client_id))
    found: dict[str, date] = {}
    for row in rows:
        found[row.code] = max(row.until, found.get(row.code, row.until))
    return found


def forget_invoice(session: Session, invoice_id: int) -> None:
    """Takes a draft that is going away out of every run that still points at it."""
    statement = update(RunClientRow).where(col(RunClientRow.invoice_id) == invoice_id)
    session.exec(statement.values(invoice_id=None).execution_options(synchronize_session="fetch"))


def never_told(session: Session, bill_date: date) -> bool:
    """Whether no card was ever asked for a run."""
    query = select(NoticeRow).where(NoticeRow.kind == "run", NoticeRow.subject == str(bill_date))
    return session.exec(query).first() is None
