"""What a book does to what is stored, inside a transaction: the house first, then client by client.

Importing it and only looking at what that would do are the same work.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from billing.errors import Refused
from billing.snapshot import Snapshot
from commands.actors import Actor, Clock
from commands.catalogue import followers, put_house
from commands.digest_schedules import put_digests
from commands.import_client import put_client, put_terms
from commands.import_effects import AmountEffect, effects_of
from commands.import_parts import described, differences
from commands.import_readings import fallen_out, refuse_uncounted_meters
from commands.links import put_links
from commands.rejudging import RuleEffect, rejudge
from commands.secrets import not_stored
from connectors.books.values import Book, BookClient
from documents.format import LocaleIsUnknown, locale_of
from documents.policies import altered
from rosters.effects import BilledLineIsMissing, missing_agreements, missing_lines
from rosters.policies import Policies
from storage import clients, invoices, rules, snapshots
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow


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


def take_in(session: Session, actor: Actor, book: Book, clock: Clock) -> ImportPlan:
    """Stores all that a book says, and says what that changes; whoever calls it has checked the role."""
    for client in book.clients:
        check_locale(client)
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


def _lacking(session: Session, book: Book) -> Iterator[str]:
    """The secrets that the book's directories are read with and that aren't stored; they may follow the import."""
    for client in book.clients:
        for directory in client.directories:
            for name in not_stored(session, directory.settings):
                yield (
                    f"{client.slug}: the directory {directory.name} can't be read before its secret is stored: "
                    f"rollcall secret set {name}"
                )


def check_locale(client: BookClient) -> None:
    """Refuses a client whose locale nobody can write in, with its name."""
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
