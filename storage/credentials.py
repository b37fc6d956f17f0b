"""When what the house signs in by expires, as last seen."""

from sqlmodel import Session, col, select

from storage.tables import CredentialRow


def find(session: Session, name: str) -> CredentialRow | None:
    """What is known of a credential."""
    return session.exec(select(CredentialRow).where(CredentialRow.name == name)).first()


def get(session: Session, name: str) -> CredentialRow:
    """The credential with this name."""
    return session.exec(select(CredentialRow).where(CredentialRow.name == name)).one()


def expiring(session: Session) -> list[CredentialRow]:
    """What expires within the month of which its channel was told, the first to expire first."""
    told = select(CredentialRow).where(col(CredentialRow.told).is_(True))
    return list(session.exec(told.order_by(col(CredentialRow.expires))))


def put(session: Session, row: CredentialRow) -> None:
    """Stores what was seen."""
    session.add(row)
    session.flush()
