"""When what the house signs in by expires, as last seen."""

from sqlmodel import Session, select

from storage.tables import CredentialRow


def find(session: Session, name: str) -> CredentialRow | None:
    """What is known of a credential."""
    return session.exec(select(CredentialRow).where(CredentialRow.name == name)).first()


def get(session: Session, name: str) -> CredentialRow:
    """The credential with this name."""
    return session.exec(select(CredentialRow).where(CredentialRow.name == name)).one()


def put(session: Session, row: CredentialRow) -> None:
    """Stores what was seen."""
    session.add(row)
    session.flush()
