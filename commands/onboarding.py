"""A new client by a form: what it can choose from, a look at its directory, and its import."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from commands.actors import Actor, Clock
from commands.catalogue import stored
from commands.clients import ClientRef, ref
from commands.import_files import FileLook, look_at
from commands.imports import ClientIsThere, apply_import, plan_import, refuse_known
from commands.permissions import UseCase, require
from commands.sync import Sources
from connectors.books.forms import SLUG, FormIsWrong, client_by_form
from connectors.books.values import Book, Catalogue, catalogue
from storage import clients
from storage.database import Database, Session


@dataclass(frozen=True, slots=True)
class Choices:
    """What a new client can be given: the templates of the house, and the currency and zone that most others have.

    `taken` are the channels that other clients have.
    """

    templates: tuple[str, ...]
    currency: str | None
    timezone: str | None
    taken: frozenset[str] = frozenset()


def choices(database: Database, actor: Actor) -> Choices:
    """What the form offers, for whoever may add a client."""
    with database.read() as session:
        require(session, actor, UseCase.IMPORT)
        rows = clients.every(session)
        _, templates = stored(session)
    return Choices(
        templates=tuple(template.name for template in templates),
        currency=_most([row.currency for row in rows]),
        timezone=_most([row.timezone for row in rows]),
        taken=frozenset(row.channel for row in rows if row.channel is not None),
    )


def faults(database: Database, actor: Actor, answers: Mapping[str, str]) -> Mapping[str, str]:
    """What is wrong with the answers, by field, before anything is stored."""
    with database.read() as session:
        require(session, actor, UseCase.IMPORT)
        try:
            refuse_known(session, client_by_form(answers, _catalogue(session)))
        except FormIsWrong as wrong:
            return wrong.faults
        except ClientIsThere as there:
            return {SLUG: str(there)}
    return {}


async def look(
    database: Database, actor: Actor, sources: Sources, now: Callable[[], datetime], answers: Mapping[str, str]
) -> FileLook | None:
    """How many accounts the directory has, and how many would count by the rule; None without a directory."""
    book = await asyncio.to_thread(_filled_in, database, actor, answers)
    (client,) = book.clients
    return await look_at(client, client.directories[0], sources, now) if client.directories else None


def add(database: Database, actor: Actor, clock: Clock, answers: Mapping[str, str]) -> ClientRef:
    """Stores the client.

    Raises:
        FormIsWrong, ClientIsThere, SellerIsMissing, NotAllowed: as named.

    """
    book = _filled_in(database, actor, answers)
    try:
        apply_import(database, actor, book, clock, only_new=True)
    except ClientIsThere:
        # The same form, sent off again after a restart, has done already what it asks for.
        if plan_import(database, actor, book, clock).changes:
            raise
    with database.read() as session:
        row = clients.by_slug(session, book.clients[0].slug)
    if row is None:
        raise ValueError("What was imported is stored.")
    return ref(row)


def _filled_in(database: Database, actor: Actor, answers: Mapping[str, str]) -> Book:
    with database.read() as session:
        require(session, actor, UseCase.IMPORT)
        return client_by_form(answers, _catalogue(session))


def _catalogue(session: Session) -> Catalogue:
    return catalogue(*stored(session))


def _most(values: list[str]) -> str | None:
    return max(sorted(set(values)), key=values.count, default=None)
