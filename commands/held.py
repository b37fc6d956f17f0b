"""What the safety catch holds back: the exact list, its seal, and the one pass that somebody may give it."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from documents.document import NAME_ERASED
from rosters.changes import ChangeItem
from storage import directories, identities
from storage.codec import decode, encode
from storage.database import Session
from storage.ids import id_of
from storage.tables import DirectoryRow, IdentityRow, PersonRow

# Whoever would newly join is only named by the reading that is held; more names than anybody reads aren't kept.
_MOST_NEW_NAMES = 500


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that a held reading would move, with its name for as long as nothing is stored.

    `what` is an account as DIRECTORY/OBJECT_ID, or a licence with the numbers before and after it.
    """

    kind: str
    roster: str | None
    what: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Stored:
    kind: str
    roster: str | None
    what: str
    identity: int | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave for one reading to move exactly what has this seal, until a moment, by somebody, for a reason."""

    seal: str
    by: str
    reason: str
    until: datetime


def moves_of(session: Session, items: Iterable[ChangeItem]) -> tuple[Move, ...]:
    """What items would move, with the names that the transaction knows."""
    items = tuple(items)
    accounts = directories.by_ids(session, (item.account for item in items if item.account is not None))
    names = identities.current_names(session, (item.person for item in items if item.person is not None))
    homes = {row.directory_id: directories.get(session, row.directory_id).name for row in accounts.values()}

    def move(item: ChangeItem) -> Move:
        if item.measure is not None:
            return Move(item.kind, None, f"{item.measure.name}: {item.before or 0} → {item.after or 0}")
        account = accounts.get(item.account or 0)
        what = f"{homes[account.directory_id]}/{account.object_id}" if account else f"person {item.person}"
        return Move(item.kind, item.roster, what, names.get(item.person or 0, NAME_ERASED))

    return tuple(move(item) for item in items)


def seal_of(moves: Iterable[Move]) -> str:
    """The same for the same list, whatever its order and whatever anybody is called."""
    rows = sorted(f"{move.kind}|{move.roster}|{move.what}" for move in moves)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def keep(session: Session, row: DirectoryRow, moves: Sequence[Move], on: date) -> None:
    """Keeps the list that is shown; a pass that was given for another list is void."""
    seal = seal_of(moves)
    if row.held_seal == seal:
        return
    forget(session, row)
    known = {
        f"{directory.name}/{account.object_id}": account.identity_id
        for account, directory, _ in directories.accounts_of_client(session, row.client_id)
    }
    stored, new = [], 0
    for move in moves:
        identity = known.get(move.what)
        if identity is None and move.name and new < _MOST_NEW_NAMES:
            identity, new = _newcomer(session, row, move, on), new + 1
        stored.append(_Stored(move.kind, move.roster, move.what, identity))
    row.held_seal, row.held_moves = seal, encode(tuple(stored), tuple[_Stored, ...])
    session.add(row)


def held(session: Session, row: DirectoryRow) -> tuple[Move, ...]:
    """The list that is kept, with the names as they are now."""
    if row.held_moves is None:
        return ()
    stored = decode(tuple[_Stored, ...], row.held_moves)
    names = identities.by_ids(session, (each.identity for each in stored if each.identity is not None))

    def name(each: _Stored) -> str:
        identity = names.get(each.identity or 0)
        return identity.name or NAME_ERASED if identity is not None else ""

    return tuple(Move(each.kind, each.roster, each.what, name(each)) for each in stored)


def forget(session: Session, row: DirectoryRow) -> None:
    """Drops the list, the names of those who were only in it, and the pass."""
    if row.held_moves is not None:
        stored = decode(tuple[_Stored, ...], row.held_moves)
        waiting = identities.by_ids(session, (each.identity for each in stored if each.identity is not None))
        identities.drop_newcomers(session, waiting.values())
    row.held_moves = row.held_seal = row.let_through = None
    session.add(row)


def pass_of(row: DirectoryRow, moves: Iterable[Move], now: datetime) -> Pass | None:
    """The pass that lets this list through, if somebody gave one and it hasn't expired."""
    given = decode(Pass, row.let_through) if row.let_through else None
    return given if given is not None and given.seal == seal_of(moves) and now < given.until else None


def _newcomer(session: Session, row: DirectoryRow, move: Move, on: date) -> int:
    person = PersonRow(client_id=row.client_id)
    session.add(person)
    session.flush()
    salt = secrets.token_hex(16)
    called = identities.digest(salt, move.name)
    identity = IdentityRow(
        person_id=id_of(person), name=move.name, mail="", upn="", salt=salt, digest=called, seen_on=on
    )
    session.add(identity)
    session.flush()
    return id_of(identity)
