"""Importing a book: what would change, what that does to amounts, and the change itself. All or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from billing.errors import Refused
from billing.people.policies import Policies
from billing.snapshot import Snapshot
from billing.whatif.effects import BilledLineIsMissing, BilledPeriodsWouldChange, missing_agreements, missing_lines
from commands.actors import Actor, Clock
from commands.brought import IMPORT, Numbers
from commands.catalogue import APPROVALS, MONEY, followers, put_house
from commands.digest_schedules import put_digests
from commands.import_client import put_client, put_terms
from commands.import_effects import AmountEffect, effects_of, plain, refusal
from commands.import_parts import described, differences
from commands.import_readings import fallen_out, refuse_uncounted_meters
from commands.links import put_links
from commands.permissions import UseCase, require
from commands.rejudging import RuleEffect, rejudge
from commands.secrets import not_stored
from connectors.books.values import Book, BookClient
from documents.format import LocaleIsUnknown, locale_of
from documents.policies import altered
from storage import audit, clients, invoices, rules, snapshots
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow


class ClientIsThere(Refused):
    """A client that was to be new is there already."""


class BilledAgreementIsMissing(Refused):
    """What was billed over a whole agreement would be billed again under another."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import changes, in sentences, and what it does to amounts; `digests` are the sentences about those.

    `left_alone` are the slugs of the stored clients that the book doesn't name; `following` those of them that it
    alters all the same, since their lines follow its catalogue. `warnings` say what the book relies on and isn't there,
    `by_rule` who counts otherwise by another rule.
    """

    changes: tuple[str, ...]
    effects: tuple[AmountEffect, ...]
    applied: bool
    digests: tuple[str, ...] = ()
    left_alone: tuple[str, ...] = ()
    following: tuple[str, ...] = ()
    by_rule: tuple[RuleEffect, ...] = ()
    warnings: tuple[str, ...] = ()


def plan_import(database: Database, actor: Actor, book: Book, clock: Clock) -> ImportPlan:
    """What the import would do: it is done for real and rolled back, so that plan and import can't differ."""
    with database.rehearse() as session:
        return _import(session, actor, book, clock)


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
        before = Numbers(session, (client.slug for client in book.clients))
        plan = _import(session, actor, book, clock)
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


def _import(session: Session, actor: Actor, book: Book, clock: Clock) -> ImportPlan:
    require(session, actor, UseCase.IMPORT)
    for client in book.clients:
        _check_locale(client)
    catalogue = put_house(session, book)
    said = [*catalogue.said]
    effects: list[AmountEffect] = []
    by_rule: list[RuleEffect] = []
    named = [client.slug for client in book.clients]
    # Held from now on: nothing is billed between the comparison and the import, and nobody takes up what goes.
    held = clients.lock_named(session, named if catalogue.before == catalogue.after else None)
    following = followers(session, catalogue, [row for slug, row in held.items() if slug not in named])
    for client in book.clients:
        said += _take(session, actor, clock, client, held.get(client.slug), effects, by_rule)
    for slug, now in following.items():
        said += _follow(session, actor, clock, held[slug], now, effects)
    schedules = () if book.digests is None else tuple(put_digests(session, book.digests))
    return ImportPlan(
        changes=(*said, *schedules),
        effects=tuple(effects),
        applied=False,
        digests=schedules,
        left_alone=tuple(row.slug for row in clients.every(session) if row.slug not in {*named, *following}),
        following=tuple(following),
        by_rule=tuple(by_rule),
        warnings=tuple(_lacking(session, book)),
    )


def refuse_known(session: Session, book: Book) -> None:
    """Raises ClientIsThere where a client of the book is stored."""
    stored = {row.slug: row.name for row in clients.every(session)}
    for client in book.clients:
        if client.slug in stored:
            raise ClientIsThere(
                f"There is a client {client.slug} already ({stored[client.slug]}): take another slug, or alter that "
                f"one by its book, rollcall export {client.slug} and rollcall import."
            )


def _lacking(session: Session, book: Book) -> Iterator[str]:
    """The secrets that the book's directories are read with and that aren't stored; they may follow the import."""
    for client in book.clients:
        for directory in client.directories:
            for name in not_stored(session, directory.settings):
                yield (
                    f"{client.slug}: the directory {directory.name} can't be read before its secret is stored: "
                    f"rollcall secret set {name}"
                )


def _check_locale(client: BookClient) -> None:
    try:
        locale_of(client.locale)
    except LocaleIsUnknown as error:
        raise LocaleIsUnknown(f"{client.slug}: {error}") from None


def _take(
    session: Session,
    actor: Actor,
    clock: Clock,
    client: BookClient,
    existing: ClientRow | None,
    effects: list[AmountEffect],
    by_rule: list[RuleEffect],
) -> list[str]:
    """Stores one client of the book, says what that changes, and adds what it does to its amounts and rosters."""
    before_text = described(session, existing) if existing else {}
    before_policies = clients.policies(existing) if existing else Policies()
    if existing is not None:
        _rename_lines(session, existing, client)
    before = snapshots.load(session, existing) if existing else None
    before_rules = rules.in_force(session, id_of(existing)) if existing else None
    row = put_client(session, existing, client, before)
    put_links(session, actor, clock, row, client)
    rules.keep(session, id_of(row), clock.today(row.timezone), clock.now(), actor.id)
    after = snapshots.load(session, row)
    said = [*_compared(session, row, before_text, before, after), *altered(row.slug, before_policies, client.approvals)]
    if existing is not None and said:
        by_other_rules = before_rules != rules.in_force(session, id_of(row))
        outcome = rejudge(session, actor, clock, row, by_other_rules=by_other_rules)
        said += [f"{client.slug}: {sentence}" for sentence in outcome.sentences]
        by_rule += [outcome.effect] if outcome.effect else []
    effects += effects_of(row, before, after, clock)
    return said


def _follow(
    session: Session,
    actor: Actor,
    clock: Clock,
    row: ClientRow,
    now: BookClient,
    effects: list[AmountEffect],
) -> list[str]:
    """Lets a client that the book doesn't name follow the catalogue; says and adds the same as for one that it does."""
    before_text, before = described(session, row), snapshots.load(session, row)
    put_terms(session, row, now)
    after = snapshots.load(session, row)
    said = _compared(session, row, before_text, before, after)
    outcome = rejudge(session, actor, clock, row, by_other_rules=False)
    effects += effects_of(row, before, after, clock)
    return said + [f"{row.slug}: {sentence}" for sentence in outcome.sentences]


def _compared(
    session: Session, row: ClientRow, before_text: dict[str, str], before: Snapshot | None, after: Snapshot
) -> list[str]:
    """What is different now, in sentences; refuses what may not be."""
    if before is not None:
        _refuse_what_is_missing(row.slug, before, after)
    refuse_uncounted_meters(row.slug, after)
    said = [*differences(row.slug, before_text, described(session, row))]
    return said if before is None else [*said, *fallen_out(row.slug, before, after)]


def _rename_lines(session: Session, row: ClientRow, client: BookClient) -> None:
    """Follows each `was` in the terms and in what was billed; one that stays in the book was followed already."""
    have = {line.name for line in clients.terms(session, row).lines()}
    names = {old: new for old, new in client.renamed if old in have and new not in have}
    if names:
        clients.rename_lines(session, row, names)
        invoices.rename_lines(session, id_of(row), names)


def _refuse_what_is_missing(slug: str, before: Snapshot, after: Snapshot) -> None:
    missing = missing_lines(before, after)
    if missing:
        raise BilledLineIsMissing(
            f"{slug}: {', '.join(missing)} was billed and can't be removed; "
            "end it with until: DATE, or say was: OLD-NAME on the line that takes its place."
        )
    agreements = missing_agreements(before, after)
    if agreements:
        raise BilledAgreementIsMissing(
            f"{slug}: discounts or a minimum amount of {', '.join(agreements)} were billed, so it can't be removed or "
            "called otherwise; keep its name, and end it with end: DATE."
        )
