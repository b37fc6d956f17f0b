"""Finding a client by what a person typed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

from rapidfuzz.distance import OSA
from rapidfuzz.utils import default_process

from billing.errors import Refused, WrongInput
from commands.actors import Actor
from commands.permissions import UseCase, may, require
from storage import clients
from storage.database import Database, Session
from storage.tables import ClientRow

_MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class ClientRef:
    """A client as other results refer to it."""

    id: int
    slug: str
    name: str
    currency: str
    timezone: str
    locale: str
    channel: str | None


class ClientIsUnknown(WrongInput):
    """No client has that slug, name or part of it."""


class ClientIsAmbiguous(Refused):
    """Several clients fit; `candidates` are those."""

    def __init__(self, message: str, candidates: tuple[ClientRef, ...]) -> None:
        """Keeps the candidates for a picker."""
        super().__init__(message)
        self.candidates = candidates


def ref(row: ClientRow) -> ClientRef:
    """The reference to a stored client."""
    if row.id is None:
        raise ValueError("A client has an id once it is stored.")
    return ClientRef(row.id, row.slug, row.name, row.currency, row.timezone, row.locale, row.channel)


def all_clients(database: Database) -> tuple[ClientRef, ...]:
    """Every client, by slug."""
    with database.read() as session:
        return tuple(ref(row) for row in clients.every(session))


def find(database: Database, actor: Actor, text: str) -> ClientRef:
    """The client that the text names: by slug, by name, by any part that only one has, or by a slip of it."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        return ref(named(session, text))


def likeliest(database: Database, actor: Actor, names: Sequence[str | None]) -> int | None:
    """Which of several readings of a name, the likeliest first, is to be taken, by its place.

    The first that is all of a client's name or slug, else the first that `find` knows or finds ambiguous, or that is
    None and so needs no client. None where there is no such, and for whoever may see no client.
    """
    with database.read() as session:
        if not may(session, actor, UseCase.SEE):
            return None
        rows = clients.every(session)
    whole = (place for place, name in enumerate(names) if name is not None and _called(rows, name))
    known = (place for place, name in enumerate(names) if name is None or _fitting(rows, name) or _near(rows, name))
    return next(chain(whole, known), None)


def led_by(database: Database, actor: Actor, text: str) -> tuple[ClientRef, str] | None:
    """The client whom the first words name, as many of them as do, and the words that are left; None without one."""
    words = text.split()
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        for many in range(len(words) - 1, 0, -1):
            with suppress(ClientIsUnknown, ClientIsAmbiguous):
                return ref(named_to_alter(session, " ".join(words[:many]))), " ".join(words[many:])
    return None


def named(session: Session, text: str) -> ClientRow:
    """As `find`, inside a transaction; for what only shows something.

    Raises:
        ClientIsUnknown: nobody fits; the message lists who there is.
        ClientIsAmbiguous: several fit.

    """
    rows = clients.every(session)
    fitting = _fitting(rows, text) or _near(rows, text)
    return _only(rows, text, fitting)


def named_to_alter(session: Session, text: str) -> ClientRow:
    """The client for what alters something: who is only nearly called so is asked about, not taken.

    Raises:
        ClientIsUnknown: nobody fits; the message says who may have been meant.
        ClientIsAmbiguous: several fit.

    """
    rows = clients.every(session)
    fitting = _fitting(rows, text)
    meant = [] if fitting else _near(rows, text)
    if meant:
        names = _listed([f"{row.slug} ({row.name})" for row in meant])
        raise ClientIsUnknown(f"No client is called {text!r}. Did you mean {names}? Then write its slug.")
    return _only(rows, text, fitting)


def _fitting(rows: list[ClientRow], text: str) -> list[ClientRow]:
    wanted = _folded(text)
    parts = [row for row in rows if wanted and (wanted in row.slug.casefold() or wanted in row.name.casefold())]
    return _called(rows, text) or parts


def _called(rows: list[ClientRow], text: str) -> list[ClientRow]:
    wanted = _folded(text)
    return [row for row in rows if wanted in {row.slug.casefold(), row.name.casefold()}]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _near(rows: list[ClientRow], text: str) -> list[ClientRow]:
    """Those each of whose typed words is a slip of a word of theirs: a letter in four amiss, two at most."""
    words = default_process(text).split()
    return [row for row in rows if words and all(_is_slip(word, f"{row.slug} {row.name}") for word in words)]


def _is_slip(word: str, of: str) -> bool:
    amiss = min(len(word) // 4, 2)
    return any(OSA.distance(word, each, score_cutoff=amiss) <= amiss for each in default_process(of).split())


def _only(rows: list[ClientRow], text: str, fitting: list[ClientRow]) -> ClientRow:
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        have = _listed([row.slug for row in rows]) if rows else "none yet: rollcall import BOOK --apply brings them"
        raise ClientIsUnknown(f"No client is called {text!r}. There: {have}.")
    candidates = tuple(ref(row) for row in fitting)
    names = _listed([f"{row.slug} ({row.name})" for row in fitting])
    raise ClientIsAmbiguous(f"{text!r} fits {len(fitting)} clients: {names}. Write the slug of one.", candidates)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(names[:_MOST_LISTED]) + more
