"""The versions of a client's rules: who counted by what, from which day on, and who brought that."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from rosters.rules import Roster
from rosters.split import Scope
from rosters.verdicts import FREE_LICENCES
from storage import clients, directories
from storage.codec import decode, encode
from storage.tables import RuleVersionRow


@dataclass(frozen=True, slots=True)
class Rules:
    """All that decides who counts: the rosters in their order, and the part of each directory that is the client's."""

    rosters: tuple[Roster, ...]
    scopes: tuple[tuple[str, Scope], ...] = ()


def in_force(session: Session, client_id: int) -> Rules:
    """The rules as the book last said them."""
    scopes = ((row.name, directories.scope_of(row)) for row in directories.of_client(session, client_id))
    return Rules(tuple(clients.rosters_of(session, client_id)), tuple(scopes))


def digest(session: Session, client_id: int) -> str:
    """What a client's rules are, those that this version of Rollcall brings along included, in one word."""
    return hashlib.sha256(repr((encode(in_force(session, client_id)), FREE_LICENCES)).encode()).hexdigest()


def newest(session: Session, client_id: int) -> RuleVersionRow | None:
    """The version in force; None where no book was imported since versions are kept."""
    query = select(RuleVersionRow).where(RuleVersionRow.client_id == client_id)
    return session.exec(query.order_by(col(RuleVersionRow.version).desc()).limit(1)).first()


def newest_number(session: Session, client_id: int) -> int | None:
    """The number of the version in force."""
    row = newest(session, client_id)
    return row.version if row else None


def by_number(session: Session, client_id: int, versions: Iterable[int]) -> dict[int, RuleVersionRow]:
    """Some versions of a client's rules."""
    query = select(RuleVersionRow).where(RuleVersionRow.client_id == client_id)
    return {row.version: row for row in session.exec(query.where(col(RuleVersionRow.version).in_(set(versions))))}


def keep(session: Session, client_id: int, on: date, at: datetime, by: str) -> None:
    """Keeps the rules in force as a new version, unless they are the newest one's."""
    rules, before = in_force(session, client_id), newest(session, client_id)
    if before is not None and decode(Rules, before.rules) == rules:
        return
    number = before.version + 1 if before else 1
    session.add(RuleVersionRow(client_id=client_id, version=number, since=on, at=at, by=by, rules=encode(rules, Rules)))
    session.flush()
