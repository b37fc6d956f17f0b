"""Secrets as they are kept: encrypted, by name. Nothing here knows a key."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from storage.conflicts import insert_into
from storage.tables import SecretRow


def every(session: Session) -> list[SecretRow]:
    """All secrets, by name."""
    return list(session.exec(select(SecretRow).order_by(col(SecretRow.name))))


def find(session: Session, name: str) -> SecretRow | None:
    """The secret with this name, if there is one."""
    return session.get(SecretRow, name)


def locked(session: Session, name: str | None = None) -> list[SecretRow]:
    """The secret with this name, or all of them, by name; nobody else alters them until this transaction ends."""
    query = select(SecretRow).order_by(col(SecretRow.name)).with_for_update()
    return list(session.exec(query if name is None else query.where(SecretRow.name == name)))


def put(session: Session, name: str, encrypted: str, key_id: str, at: datetime, by: str) -> None:
    """Stores a secret, in place of the one before."""
    values: Mapping[str, object] = {"encrypted": encrypted, "key_id": key_id, "updated_at": at, "updated_by": by}
    # Two may store the same new name at the same time; the later one wins.
    statement = insert_into(session, SecretRow).values(name=name, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=dict(values)))


def remove(session: Session, name: str) -> bool:
    """Forgets a secret; False when there was none."""
    row = find(session, name)
    if row is None:
        return False
    session.delete(row)
    return True
