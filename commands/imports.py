"""Importing a book: what would change, what that does to amounts, and the change itself. All or nothing."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from billing.calendar import Period
from billing.corrections import BilledLineIsMissing, BilledPeriodsWouldChange, alterations, missing_lines
from billing.draft import Item
from billing.errors import Refused, WrongInput
from billing.invoice import Snapshot, draft_invoice, next_bill_date
from billing.money import text_of
from billing.quantities import Step
from commands.actors import Actor, Clock
from commands.digest_schedules import put_digests
from commands.permissions import UseCase, require
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
class AmountEffect:
    """An amount that would differ. `billed` says that it belongs to a period that was already billed."""

    client: str
    currency: str
    locale: str
    item: str
    period: Period
    before_minor: int
    after_minor: int
    billed: bool


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import changes, in sentences, and what it does to amounts; `digests` are the sentences about those."""

    changes: tuple[str, ...]
    effects: tuple[AmountEffect, ...]
    applied: bool
    digests: tuple[str, ...] = ()


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
            raise BilledPeriodsWouldChange(_refusal(billed))
        if plan.digests:
            data = {"changes": plan.digests}
            audit.append(session, audit.HOUSE, clock.now(), actor.id, "book.import", "digests", data)
        for client in book.clients:
            said = [change for change in plan.changes if change.startswith(f"{client.slug}: ")]
            altered = [_plain(effect) for effect in billed if effect.client == client.slug]
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
        before_text = _described(session, existing) if existing else {}
        if existing is not None:
            _rename_lines(session, existing, client)
        before = snapshots.load(session, existing) if existing else None
        row = _put_client(session, existing, client, before)
        after = snapshots.load(session, row)
        if before is not None:
            _refuse_missing_lines(client, before, after)
        said += _differences(client.slug, before_text, _described(session, row))
        effects += _effects(client, before, after, clock)
    schedules = () if book.digests is None else tuple(put_digests(session, book.digests))
    return ImportPlan((*said, *schedules), tuple(effects), applied=False, digests=schedules)


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


def _effects(client: BookClient, before: Snapshot | None, after: Snapshot, clock: Clock) -> Iterator[AmountEffect]:
    on = clock.today(client.timezone)
    currency = after.terms.currency
    if before is not None:
        for alteration in alterations(before, replace(after, billed=before.billed), on):
            yield AmountEffect(
                client.slug,
                currency,
                client.locale,
                alteration.item.name,
                alteration.period,
                alteration.before_minor,
                alteration.after_minor,
                billed=True,
            )
    bill_date = next_bill_date(after.terms, on)
    if bill_date is not None:
        was, now = _subtotal(before, bill_date), _subtotal(after, bill_date)
        if was != now:
            day = Period(bill_date, bill_date.fromordinal(bill_date.toordinal() + 1))
            yield AmountEffect(client.slug, currency, client.locale, "next invoice", day, was, now, billed=False)


def _subtotal(snapshot: Snapshot | None, bill_date: date) -> int:
    if snapshot is None or next_bill_date(snapshot.terms, bill_date) != bill_date:
        return 0
    draft = draft_invoice(snapshot, bill_date)
    return draft.subtotal_minor if draft else 0


def _described(session: Session, row: ClientRow) -> dict[str, str]:
    """Each part of a client as text, so that two states can be told apart part by part."""
    client_id = id_of(row)
    parts = {
        "its own data": "|".join([row.name, row.currency, row.timezone, row.locale, str(row.channel), row.buyer]),
        "taxes": row.taxes,
        "payment terms": str(row.terms_days),
        "costs": row.costs,
        "the hour of its nightly sync": row.sync_at,
    }
    for agreement in clients.terms(session, row).agreements:
        parts[f"agreement {agreement.name}"] = encode(replace(agreement, lines=()))
        parts |= {f"line {line.name}": encode(line) for line in agreement.lines}
    parts |= {f"roster {roster.name}": roster.rule for roster in clients.rosters(session, client_id)}
    parts |= {f"directory {d.name}": d.kind + d.settings for d in directories.of_client(session, client_id)}
    for measure, steps in clients.stated(session, client_id).items():
        parts[f"stated numbers of {measure.name}"] = encode(steps, tuple[Step, ...])
    elsewhere = invoices.elsewhere(session, client_id)
    if elsewhere:
        parts["billed elsewhere"] = "|".join(f"{e.item} {e.starts} {e.ends} {e.amount_minor}" for e in elsewhere)
    return parts


def _differences(slug: str, before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    if not before:
        lines = sum(part.startswith("line ") for part in after)
        rosters = sum(part.startswith("roster ") for part in after)
        yield f"{slug}: new client, {_count(lines, 'line')}, {_count(rosters, 'roster')}"
        return
    for part in dict.fromkeys([*before, *after]):
        if part not in before:
            yield f"{slug}: {part} is new"
        elif part not in after:
            yield f"{slug}: {part} is gone"
        elif before[part] != after[part]:
            yield f"{slug}: {part} changed"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _plain(effect: AmountEffect) -> str:
    before, after = text_of(effect.before_minor, effect.currency), text_of(effect.after_minor, effect.currency)
    period = f"{effect.period.start} to {effect.period.end}"
    return f"{effect.client}: {effect.item}, {period}: {before} -> {after} {effect.currency}"


def _refusal(effects: Iterable[AmountEffect]) -> str:
    amounts = "; ".join(_plain(effect) for effect in effects)
    return (
        f"This would alter what was owed for periods already billed: {amounts}. "
        "If that is meant, say why: --correct REASON."
    )
