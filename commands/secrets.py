"""Stored secrets: kept, listed, removed and re-encrypted; their values go to a directory and nowhere else."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from billing.errors import Refused, WrongInput
from commands.actors import Actor, Clock
from commands.keys import Keys, Sealed
from commands.permissions import UseCase, require
from connectors.directories.kinds import SECRET_NAME, secrets_named
from storage import audit, clients, directories, secrets
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import SecretRow

_LONGEST = 64 * 1024


class SecretNameIsWrong(WrongInput):
    """A name that no book could write."""


class SecretIsEmpty(WrongInput):
    """Nothing to keep."""


class SecretIsTooLong(WrongInput):
    """More than any password, key or token has."""


class SecretIsUnknown(WrongInput):
    """No secret of that name is stored."""


class SecretIsInUse(Refused):
    """A directory couldn't be read any more without it."""


@dataclass(frozen=True, slots=True)
class SecretView:
    """A stored secret as it may be shown; `opens` says whether one of the keys does."""

    name: str
    updated_at: datetime
    updated_by: str
    key_id: str
    opens: bool
    named_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rotated:
    """The names of the secrets that are under the newest key now, and of those that already were."""

    moved: tuple[str, ...]
    already: tuple[str, ...]
    key_id: str


def set_secret(database: Database, actor: Actor, keys: Keys, name: str, value: str, clock: Clock | None = None) -> bool:
    """Stores a secret, and says whether it took the place of another value.

    Raises:
        SecretNameIsWrong, SecretIsEmpty, SecretIsTooLong, SecretKeyIsMissing: it can't be stored like that.

    """
    if not re.fullmatch(SECRET_NAME, name):
        # What was written is not repeated: it may be the secret itself, in the wrong place.
        raise SecretNameIsWrong(
            "That can't be the name of a secret: expected up to 100 letters, digits, dots, dashes and underscores, "
            "such as acme-ad."
        )
    if not value.strip():
        raise SecretIsEmpty(f"The value for {name} is empty: expected a password, a key or a token.")
    if len(value) > _LONGEST:
        raise SecretIsTooLong(f"The value for {name} is longer than {_LONGEST // 1024} KB: expected a secret.")
    sealed = keys.seal(value)
    with database.write("secret") as session:
        require(session, actor, UseCase.KEEP_SECRETS)
        before = secrets.find(session, name)
        now = (clock or Clock()).now()
        secrets.put(session, name, sealed.text, sealed.key_id, now, actor.id)
        audit.append(session, audit.HOUSE, now, actor.id, "secret.set", name, {"key": sealed.key_id})
    return before is not None


def list_secrets(database: Database, actor: Actor, keys: Keys) -> tuple[SecretView, ...]:
    """Every secret without its value, by name."""
    with database.read() as session:
        require(session, actor, UseCase.KEEP_SECRETS)
        users = _users(session)
        return tuple(
            SecretView(
                row.name, row.updated_at, row.updated_by, row.key_id, keys.opens(_sealed(row)), users.get(row.name, ())
            )
            for row in secrets.every(session)
        )


def remove_secret(database: Database, actor: Actor, name: str, clock: Clock | None = None) -> None:
    """Forgets a secret.

    Raises:
        SecretIsUnknown, SecretIsInUse: there is none, or a directory names it.

    """
    with database.write("secret") as session:
        require(session, actor, UseCase.KEEP_SECRETS)
        named_by = _users(session).get(name, ())
        if secrets.find(session, name) is None:
            raise _unknown(name)
        if named_by:
            raise SecretIsInUse(
                f"{', '.join(named_by)} can't be read without the secret {name}. Let the book name another one there, "
                "import it, and remove this one then."
            )
        secrets.remove(session, name)
        audit.append(session, audit.HOUSE, (clock or Clock()).now(), actor.id, "secret.remove", name, {})


def rotate_secrets(
    database: Database, actor: Actor, keys: Keys, name: str | None = None, clock: Clock | None = None
) -> Rotated:
    """Encrypts a secret, or all of them, by the newest key; values stay as they are. All or nothing.

    Raises:
        SecretIsUnknown, SecretKeyIsMissing, SecretCannotBeOpened: nothing was altered.

    """
    newest = keys.newest
    with database.write("secret") as session:
        require(session, actor, UseCase.KEEP_SECRETS)
        rows = secrets.locked(session, name)
        if name is not None and not rows:
            raise _unknown(name)
        moved: list[str] = []
        for row in rows:
            sealed = keys.rotate(row.name, _sealed(row))
            if row.key_id == newest:
                continue
            row.encrypted, row.key_id = sealed.text, sealed.key_id
            session.add(row)
            moved.append(row.name)
            now = (clock or Clock()).now()
            audit.append(session, audit.HOUSE, now, actor.id, "secret.rotate", row.name, {"key": newest})
        already = tuple(row.name for row in rows if row.name not in moved)
    return Rotated(tuple(moved), already, newest)


def open_secret(database: Database, keys: Keys, name: str) -> str:
    """The plain text, for the directory that names it.

    Raises:
        SecretIsUnknown, SecretCannotBeOpened: the message says what to do.

    """
    with database.read() as session:
        row = secrets.find(session, name)
        if row is None:
            raise _unknown(name)
        return keys.open(name, _sealed(row))


def not_stored(session: Session, settings: Mapping[str, object]) -> Iterator[str]:
    """The secrets that a directory's settings name and that aren't stored."""
    for name in dict.fromkeys(secrets_named(settings)):
        if secrets.find(session, name) is None:
            yield name


def _users(session: Session) -> dict[str, tuple[str, ...]]:
    """The directories that name each secret, as `client/directory`."""
    users: dict[str, tuple[str, ...]] = {}
    for client in clients.every(session):
        for row in directories.of_client(session, id_of(client)):
            for name in dict.fromkeys(secrets_named(json.loads(row.settings))):
                users[name] = (*users.get(name, ()), f"{client.slug}/{row.name}")
    return users


def _sealed(row: SecretRow) -> Sealed:
    return Sealed(row.encrypted, row.key_id)


def _unknown(name: str) -> SecretIsUnknown:
    return SecretIsUnknown(f"There is no secret named {name}: rollcall secret set {name} stores it.")
