"""Importing a book: what would change, what that does to amounts, and the change itself. All or nothing."""

from dataclasses import replace

from billing.errors import Refused
from commands.actors import Actor, Clock
from commands.brought import IMPORT, Numbers
from commands.catalogue import APPROVALS, MONEY
from commands.import_book import ImportPlan, take_in
from commands.import_effects import plain, refusal
from commands.permissions import UseCase, require
from connectors.books.values import Book
from rosters.effects import BilledPeriodsWouldChange
from storage import audit, clients
from storage.database import Database, Session


class ClientIsThere(Refused):
    """A client that was to be new is there already."""


def plan_import(database: Database, actor: Actor, book: Book, clock: Clock) -> ImportPlan:
    """What the import would do: it is done for real and rolled back, so that plan and import can't differ."""
    with database.rehearse() as session:
        require(session, actor, UseCase.IMPORT)
        return take_in(session, actor, book, clock)


def apply_import(
    database: Database,
    actor: Actor,
    book: Book,
    clock: Clock,
    correct: str | None = None,
    *,
    only_new: bool = False,
) -> ImportPlan:
    """Imports the book; with `only_new` it may alter no client that is there.

    Raises:
        ClientIsThere: it would alter one.
        BilledPeriodsWouldChange: it would alter what was owed for periods already billed, and `correct` gives no
            reason for that.

    """
    with database.write("import") as session:
        require(session, actor, UseCase.IMPORT)
        if only_new:
            refuse_known(session, book)
        return import_in(session, actor, book, clock, correct)


def import_in(session: Session, actor: Actor, book: Book, clock: Clock, correct: str | None) -> ImportPlan:
    """As `apply_import`, inside a transaction, for whoever may."""
    before = Numbers(session, (client.slug for client in book.clients))
    plan = take_in(session, actor, book, clock)
    billed = [effect for effect in plan.effects if effect.billed]
    if billed and not (correct or "").strip():
        raise BilledPeriodsWouldChange(refusal(billed))
    if plan.digests:
        about = {"changes": plan.digests}
        audit.append(session, audit.HOUSE, clock.now(), actor.id, IMPORT, "digests", about)
    for subject in (APPROVALS, MONEY):
        altered = [change for change in plan.changes if change.startswith(f"{subject}: ")]
        if altered:
            audit.append(session, audit.HOUSE, clock.now(), actor.id, IMPORT, subject, {"changes": altered})
    for slug in [*(client.slug for client in book.clients), *plan.following]:
        said = [change for change in plan.changes if change.startswith(f"{slug}: ")]
        altered = [plain(effect) for effect in billed if effect.client == slug]
        if said or altered:
            data = {"changes": said, "altered": altered, "reason": correct, **before.brought(session, clock, slug)}
            audit.append(session, slug, clock.now(), actor.id, IMPORT, slug, data)
    return replace(plan, applied=True)


def refuse_known(session: Session, book: Book) -> None:
    """Raises ClientIsThere where a client of the book is stored."""
    stored = {row.slug: row.name for row in clients.every(session)}
    for client in book.clients:
        if client.slug in stored:
            raise ClientIsThere(
                f"There is a client {client.slug} already ({stored[client.slug]}): take another slug, or alter that "
                f"one by its book, rollcall export {client.slug} and rollcall import."
            )
