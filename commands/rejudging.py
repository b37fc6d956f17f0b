"""What a book means for who counts: verdicts anew from the accounts as last read, and the change that follows.

No directory is asked. An import never changes a bill by itself: what it would change about people, and about the money
of a change that waits, is proposed in its own transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from commands.accepting import judge_by_present_rules
from commands.actors import Actor, Clock
from commands.automatic import propose_or_approve
from commands.held import Move, moves_of
from commands.holding import Held, hold_back, keep_first_days, release
from commands.proposals import difference, newly_found, trips
from documents import mismatches
from documents.document import NAME_ERASED
from documents.format import reading_order
from rosters.catch import Trip
from rosters.changes import ChangeItem, Items, effect
from rosters.origins import Cause, Origin
from storage import changes, clients, directories, identities, notices, placed, rules, snapshots
from storage.database import Session
from storage.ids import id_of
from storage.judging import Judging
from storage.tables import ClientRow

# That a reading must show somebody isn't about an import, which reads nothing.
_SOMEBODY = 1


@dataclass(frozen=True, slots=True)
class RosterEffect:
    """Who would come onto a roster and off it, by name."""

    roster: str
    on: tuple[str, ...]
    off: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What another rule does at a client: who counts otherwise, and what that costs a month before tax."""

    client: str
    currency: str
    locale: str
    rosters: tuple[RosterEffect, ...]
    monthly_minor: int


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What came of judging anew, in sentences, and who counts otherwise by another rule."""

    sentences: tuple[str, ...] = ()
    effect: RuleEffect | None = None


class _TooMany(Exception):
    """The safety catch is on: leaves the judging without a trace."""

    def __init__(
        self, tripped: tuple[Trip, ...], moved: list[int], moves: tuple[Move, ...], found: RuleEffect | None
    ) -> None:
        super().__init__()
        self.tripped, self.moved, self.moves, self.effect = tripped, moved, moves, found


def rejudge(session: Session, actor: Actor, clock: Clock, client: ClientRow, *, by_other_rules: bool) -> Rejudged:
    """Brings verdicts and the pending change in line with the client's book, and says what comes of it, if anything."""
    client_id, today = id_of(client), clock.today(client.timezone)
    found, said = None, []
    if by_other_rules:
        try:
            with session.begin_nested():
                found = _judge(session, client, today)
        except _TooMany as catch:
            session.expire_all()
            return Rejudged((_held(session, actor, clock, client, catch),), catch.effect)
        said += [*_let_go(session, client), *_waiting(session, client)]
    waited = changes.pending(session, client_id)
    before = (waited.id, waited.revision) if waited else None
    origin = Origin(Cause.RULES if by_other_rules else Cause.HAND, actor.id)
    change = propose_or_approve(session, actor, clock, client, difference(session, client, today), origin)
    if change is not None and before != (change.id, change.revision):
        by_policy = change.state == "approved"
        what = "was approved by policy" if by_policy else "waits for approval"
        said.append(f"change {change.id} {what}, as revision {change.revision}")
    if change is None and before:
        said.append(f"change {before[0]} is withdrawn, since the difference is gone")
    return Rejudged(tuple(said), found)


def _judge(session: Session, client: ClientRow, today: date) -> RuleEffect | None:
    client_id = id_of(client)
    before = _places(session, client_id)
    judging = Judging(clients.rosters_of(session, client_id), today, None, {}, rules.newest_number(session, client_id))
    for directory in directories.of_client(session, client_id):
        # Also where these rules are those before some that were held back: they have a number of their own.
        directory.judged_by = ""
        session.add(directory)
    judge_by_present_rules(session, client, judging)
    after = _places(session, client_id)
    moved = [account for account in after if after[account] != before.get(account)]
    all_found = difference(session, client, today)
    # Licences are no matter of rules; what they fall by was seen by a reading.
    found = replace(all_found, items=Items(item for item in all_found.items if item.measure is None))
    people = {account.person_id for account in directories.by_ids(session, moved).values()}
    told = _effect(session, client, [item for item in found.items if item.person in people], today)
    tripped = trips(session, client, found, _SOMEBODY)
    if tripped:
        raise _TooMany(tripped, moved, moves_of(session, newly_found(session, client, found)), told)
    return told


def _effect(session: Session, client: ClientRow, items: Iterable[ChangeItem], today: date) -> RuleEffect | None:
    items = tuple(items)
    if not items:
        return None
    names = identities.current_names(session, (item.person for item in items if item.person is not None))
    touched = {item.roster for item in items}
    return RuleEffect(
        client=client.slug,
        currency=client.currency,
        locale=client.locale,
        rosters=tuple(
            RosterEffect(row.name, _named(items, row.name, "join", names), _named(items, row.name, "leave", names))
            for row in clients.rosters(session, id_of(client))
            if row.name in touched
        ),
        monthly_minor=effect(snapshots.load(session, client), items, today).monthly_minor,
    )


def _named(items: Iterable[ChangeItem], roster: str, kind: str, names: dict[int, str]) -> tuple[str, ...]:
    mine = (item.person or 0 for item in items if (item.roster, item.kind) == (roster, kind))
    return tuple(sorted((names.get(person, NAME_ERASED) for person in mine), key=reading_order))


def _waiting(session: Session, client: ClientRow) -> list[str]:
    """That some accounts couldn't be judged by the new rule, since it asks for what wasn't read of them."""
    version = rules.newest_number(session, id_of(client))
    accounts = (account for account, _, _ in directories.accounts_of_client(session, id_of(client)))
    number = sum(account.present and account.rule_version != version for account in accounts)
    if not number:
        return []
    who = "1 account stays" if number == 1 else f"{number} accounts stay"
    return [f"{who} as before until read with what the new rule asks for: rollcall sync {client.slug}"]


def _let_go(session: Session, client: ClientRow) -> list[str]:
    """Takes the safety catch off what other rules alone would have moved: these move no more than it lets pass.

    What a reading would move isn't stored, so that it stays held until the next one.
    """
    held = [row for row in directories.of_client(session, id_of(client)) if row.trips is not None]
    still = [row.name for row in held if not row.held_by_rules]
    for row in held:
        if row.held_by_rules:
            release(session, row)
            notices.owe(session, "alert", f"directory:{row.id}", row.client_id, client.channel)
    if still:
        anew = f"rollcall sync {client.slug} reads it anew"
        return [f"the last reading of {name} is still held back; {anew}" for name in still]
    return ["nothing is held back any more"] if held else []


def _places(session: Session, client_id: int) -> dict[int, str | None]:
    found = placed.placements(session, client_id)
    return {placement.account: placement.roster for placement in found if placement.account is not None}


def _held(session: Session, actor: Actor, clock: Clock, client: ClientRow, catch: _TooMany) -> str:
    today = clock.today(client.timezone)
    moved = directories.by_ids(session, catch.moved).values()
    for row in directories.of_client(session, id_of(client)):
        moving = {account.object_id: today for account in moved if account.directory_id == row.id}
        if moving:
            alone = row.trips is None or row.held_by_rules
            hold_back(session, actor, clock, client, row, Held(catch.tripped, _SOMEBODY, moving, catch.moves))
            keep_first_days(row, moving, today)
            row.held_by_rules = alone
    return (
        f"the safety catch holds the new rule back: {mismatches.tripped(catch.tripped)}. "
        f"Who counts stays as it was. If it is meant: rollcall sync {client.slug} --let-through REASON"
    )
