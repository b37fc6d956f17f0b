"""Importing a book: what would change, what that does to amounts, and the change itself. All or nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from billing.calendar import Period
from billing.corrections import BilledLineIsMissing, BilledPeriodsWouldChange, missing_lines
from billing.draft import Item
from billing.errors import Refused, WrongInput
from billing.quantities import Step
from billing.snapshot import Snapshot
from commands.actors import Actor, Clock
from commands.digest_schedules import put_digests
from commands.import_effects import AmountEffect, effects_of, plain, refusal
from commands.import_parts import described, differences
from commands.permissions import UseCase, require
from commands.rejudging import rejudge
from connectors.books.values import Book, BookClient, BookCost, BookProduct
from documents.format import LocaleIsUnknown, locale_of
from storage import audit, changes, clients, directories, invoices, snapshots
from storage.codec import encode
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow


class SellerIsMissing(WrongInput):
    """Nobody knows yet who sends the invoices."""


class CurrencyCannotChange(Refused):
    """Amounts were issued in the old currency."""


class DirectoryHasPeople(Refused):
    """A directory whose accounts are counted can't just disappear."""


class RosterHasSeats(Refused):
    """A roster on which people were counted can't just disappear."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import changes, in sentences, and what it does to amounts; `digests` are the sentences about those.

    `left_alone` are the slugs of the stored clients that the book doesn't name.
    """

    changes: tuple[str, ...]
    effects: tuple[AmountEffect, ...]
    applied: bool
    digests: tuple[str, ...] = ()
    left_alone: tuple[str, ...] = ()


def plan_import(database: Database, actor: Actor, book: Book, clock: Clock) -> ImportPlan:
    """What the import would do: it is done for real and rolled back, so that plan and import can't differ."""
    with database.rehearse() as session:
        return _import(session, actor, book, clock)


def apply_import(database: Database, actor: Actor, book: Book, clock: Clock, correct: str | None = None) -> ImportPlan:
    """Imports the book.

    Raises:
        BilledPeriodsWouldChange: it would alter what was owed for periods already billed, and `correct` gives no
            reason for that.

    """
    with database.write("import") as session:
        require(session, actor, UseCase.IMPORT)
        plan = _import(session, actor, book, clock)
        billed = [effect for effect in plan.effects if effect.billed]
        if billed and not (correct or "").strip():
            raise BilledPeriodsWouldChange(refusal(billed))
        if plan.digests:
            about = {"changes": plan.digests}
            audit.append(session, audit.HOUSE, clock.now(), actor.id, "book.import", "digests", about)
        for client in book.clients:
            said = [change for change in plan.changes if change.startswith(f"{client.slug}: ")]
            altered = [plain(effect) for effect in billed if effect.client == client.slug]
            if said or altered:
                data = {"changes": said, "altered": altered, "reason": correct}
                audit.append(session, client.slug, clock.now(), actor.id, "book.import", client.slug, data)
    return replace(plan, applied=True)


def _import(session: Session, actor: Actor, book: Book, clock: Clock) -> ImportPlan:
    require(session, actor, UseCase.IMPORT)
    for client in book.clients:
        _check_locale(client)
    said = [*_put_house(session, book)]
    effects: list[AmountEffect] = []
    held = _held(session, book)
    for client in book.clients:
        existing = held.get(client.slug)
        before_text = described(session, existing) if existing else {}
        if existing is not None:
            _rename_lines(session, existing, client)
        before = snapshots.load(session, existing) if existing else None
        rules = clients.rosters_of(session, id_of(existing)) if existing else None
        row = _put_client(session, existing, client, before)
        after = snapshots.load(session, row)
        if before is not None:
            _refuse_missing_lines(client, before, after)
        differs = [*differences(client.slug, before_text, described(session, row))]
        if existing is not None and differs:
            by_other_rules = rules != clients.rosters_of(session, id_of(row))
            outcome = rejudge(session, actor, clock, row, by_other_rules=by_other_rules)
            differs += [f"{client.slug}: {outcome}"] if outcome else []
        said += differs
        effects += effects_of(client, before, after, clock)
    schedules = () if book.digests is None else tuple(put_digests(session, book.digests))
    named = {client.slug for client in book.clients}
    return ImportPlan(
        changes=(*said, *schedules),
        effects=tuple(effects),
        applied=False,
        digests=schedules,
        left_alone=tuple(row.slug for row in clients.every(session) if row.slug not in named),
    )


def _check_locale(client: BookClient) -> None:
    try:
        locale_of(client.locale)
    except LocaleIsUnknown as error:
        raise LocaleIsUnknown(f"{client.slug}: {error}") from None


def _held(session: Session, book: Book) -> dict[str, ClientRow]:
    """The clients that exist, held from now on: nothing is billed between the comparison and the import."""
    wanted = {client.slug for client in book.clients}
    found = [row for row in clients.every(session) if row.slug in wanted]
    return {row.slug: clients.lock(session, id_of(row)) for row in found}


def _rename_lines(session: Session, row: ClientRow, client: BookClient) -> None:
    """Follows each `was` in the terms and in what was billed; one that stays in the book was followed already."""
    have = {line.name for line in clients.terms(session, row).lines()}
    names = {old: new for old, new in client.renamed if old in have and new not in have}
    if names:
        clients.rename_lines(session, row, names)
        invoices.rename_lines(session, id_of(row), names)


def _put_house(session: Session, book: Book) -> Iterator[str]:
    stored = clients.seller(session)
    seller = book.seller or stored
    if seller is None:
        raise SellerIsMissing("The book has no seller, and none is stored yet: add seller: {name: …, address: …}.")
    products = encode(book.products, tuple[BookProduct, ...]) if book.products else clients.products(session)
    if (seller, products) != (stored, clients.products(session)):
        clients.put_house(session, seller, products)
        yield f"seller: {seller.name}" if stored != seller else "products: changed"


def _put_client(session: Session, row: ClientRow | None, client: BookClient, before: Snapshot | None) -> ClientRow:
    if row is not None and before is not None and row.currency != client.terms.currency and before.billed:
        raise CurrencyCannotChange(
            f"{client.slug} was billed in {row.currency}; it can't become {client.terms.currency}. "
            "End the agreement and add a client for the new currency."
        )
    row = row or ClientRow(slug=client.slug, name="", currency="", timezone="", locale="", buyer="", taxes="")
    row.name, row.timezone, row.locale, row.channel = client.name, client.timezone, client.locale, client.channel
    row.costs = encode(client.costs, tuple[BookCost, ...])
    row.sync_at = f"{client.sync_at:%H:%M}"
    row = clients.put_client(session, row, client.terms, client.buyer)
    client_id = id_of(row)
    _put_rosters(session, client_id, client)
    clients.put_stated(session, client_id, ((q.of, Step(q.on, q.quantity, q.known)) for q in client.quantities))
    invoices.put_elsewhere(session, client_id, _elsewhere(client))
    _put_directories(session, client_id, client)
    return row


def _put_rosters(session: Session, client_id: int, client: BookClient) -> None:
    named = {roster.name for roster in client.rosters}
    counted = [row.name for row in clients.rosters(session, client_id) if row.counted_from is not None]
    missing = [name for name in counted if name not in named]
    if missing:
        raise RosterHasSeats(
            f"{client.slug}: people were counted on {', '.join(missing)}, so it can't be removed; keep it in the book."
        )
    # What was refused under another rule is another question now.
    for roster in clients.put_rosters(session, client_id, client.rosters):
        changes.forget_roster(session, client_id, roster)


def _elsewhere(client: BookClient) -> Iterator[tuple[Item, Period, int]]:
    homes = {line.name: agreement.name for agreement in client.terms.agreements for line in agreement.lines}
    for entry in client.billed:
        yield Item(homes[entry.line], "line", entry.line), Period(entry.start, entry.end), entry.amount_minor


def _put_directories(session: Session, client_id: int, client: BookClient) -> None:
    for directory in client.directories:
        settings = json.dumps(dict(directory.settings), sort_keys=True, default=str)
        directories.put(session, client_id, directory.name, directory.kind, settings)
    named = {directory.name for directory in client.directories}
    for row in directories.of_client(session, client_id):
        if row.name in named:
            continue
        if directories.accounts(session, id_of(row)):
            raise DirectoryHasPeople(
                f"{client.slug}: the directory {row.name} was read and its people may hold seats; keep it in the book."
            )
        directories.drop(session, row)


def _refuse_missing_lines(client: BookClient, before: Snapshot, after: Snapshot) -> None:
    missing = missing_lines(before, after)
    if missing:
        raise BilledLineIsMissing(
            f"{client.slug}: {', '.join(missing)} was billed and can't be removed; "
            "end it with until: DATE, or say was: OLD-NAME on the line that takes its place."
        )
