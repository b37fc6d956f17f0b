"""A schedule of people who come and go and of faults of their source, drawn by a number, and the truth beside it.

The source is a ground of `tests.support.grounds`.

What is looked at is the one promise: no change is proposed that wasn't true at some time between the start and the end
of the sync that proposed it, nobody leaves from a day on which he was seen to count, and once the faults are over, the
accounts are as the tenant has them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from commands import changes, imports, sync
from commands.actors import Actor, Clock
from commands.sync_outcomes import SyncOutcome
from connectors.books.values import BookDirectory
from connectors.directories.port import Directory
from rosters.changes import ChangeItem
from storage import changes as stored_changes
from storage import clients, directories, rejections, seats
from storage.database import Database
from storage.ids import id_of
from storage.tables import AccountRow
from tests.billing.build import day
from tests.support.books import book, client
from tests.support.grounds import LATEST_CALL, Counted, Ground

ADA = Actor("cli:ada", "cli")
_MOST_PEOPLE = 12

Wrap = Callable[[Directory], Directory]
"""What a planted mutant makes of a reader."""


class NotTrue(AssertionError):
    """Something was proposed or stored that the source never had; the message has the schedule's number."""


@dataclass
class Storm:
    """One schedule over one source, for one client of one database."""

    number: int
    ground: Ground
    database: Database
    wrap: Wrap | None = None
    let_through: str | None = None
    often_full: bool = True
    random: Random = field(init=False)
    slug: str = field(init=False)
    truths: list[frozenset[Counted]] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    meanwhile: dict[int, int] = field(default_factory=dict)
    seen: dict[int, frozenset[str]] = field(default_factory=dict)
    """Who counted, on whatever roster, all the while that a day's accepted sync went on."""
    today: int = 1

    def __post_init__(self) -> None:
        self.random = Random(self.number)
        self.slug = f"storm-{self.ground.kind}-{self.number}"
        settings = self.ground.begin(self.number, self.random)
        for _ in range(self.random.randint(0, _MOST_PEOPLE)):
            self.ground.hire(self.random)
        there = (BookDirectory("source", self.ground.kind, settings),)
        given = client(slug=self.slug, rosters=self.ground.rosters)
        imports.apply_import(self.database, ADA, book(replace(given, directories=there)), self._clock())

    async def blow(self) -> None:
        """Plays the schedule, and looks at the promise after every sync."""
        for _ in range(self.random.randint(2, 5)):
            for _ in range(self.random.randint(0, 3)):
                self.mutate()
            for _ in range(self.random.randint(0, 3)):
                self.happened.append(self.ground.order(self.random))
            for _ in range(self.random.randint(0, 2)):
                call = self.random.randint(1, LATEST_CALL)
                self.meanwhile[call] = self.meanwhile.get(call, 0) + 1
            await self._sync_and_look()
            self._decide()
            self.today += 1
        await self.calm()

    async def calm(self) -> None:
        """The faults are over: the next reading of everybody has the truth, whatever was read before.

        Such a one is never more than a week away.
        """
        self.ground.calm()
        self.meanwhile.clear()
        self.often_full = False
        # What a list left out before anybody was known can't be missed; only a later list shows it.
        self.today += 7 if self.ground.lied else 0
        outcome = await self._sync_and_look()
        if outcome.outcome == "held":
            # What is true may be much at once; then a person says so.
            outcome = await self._sync_and_look(let_through="It is true.")
        if outcome.outcome != "accepted":
            raise NotTrue(self._told(f"after the faults: {outcome.message}"))
        counted, proposed, true = self._counted(), self._proposed(), self.ground.truth()
        if counted != true:
            raise NotTrue(self._told(f"counted {sorted(counted)}, but true is {sorted(true)}"))
        seated = self._seated()
        wanted = {("join", one) for one in counted - seated} | {("leave", one) for one in seated - counted}
        refused = self._refused()
        if not proposed <= wanted or not wanted - proposed <= refused:
            raise NotTrue(self._told(f"proposed {sorted(proposed)} where {sorted(wanted)} is true"))

    async def _sync_and_look(self, let_through: str | None = None) -> SyncOutcome:
        before = self._proposed()
        self.truths, calls = [self.ground.truth()], 0

        def heard(call: str) -> None:
            nonlocal calls
            if call == self.ground.call:
                calls += 1
                for _ in range(self.meanwhile.pop(calls, 0)):
                    self.mutate()
                    self.truths.append(self.ground.truth())

        def sources(kind: str, settings: Mapping[str, object], slug: str, name: str) -> Directory:
            source = self.ground.open(settings)
            return self.wrap(source) if self.wrap else source

        with self.ground.hearing(heard):
            reading = sync.sync_clients(
                self.database,
                ADA,
                sources,
                self._clock(),
                (self.slug,),
                full=self.often_full and self.random.random() < 1 / 3,
                let_through=let_through or self.let_through,
            )
            (outcome,) = await reading
        self.happened.append(f"{outcome.outcome}: {outcome.message}")
        after = self._proposed()
        if outcome.outcome != "accepted" and after != before:
            raise NotTrue(self._told(f"a reading that was not accepted proposed {sorted(after ^ before)}"))
        if outcome.outcome == "accepted":
            self._look(after)
        return outcome

    def _look(self, proposed: Iterable[tuple[str, Counted]]) -> None:
        ever, always = self.truths[0].union(*self.truths), self.truths[0].intersection(*self.truths)
        for kind, counted in proposed:
            was = counted in ever or counted[1] in self.ground.untraced
            if (kind == "join" and not was) or (kind == "leave" and counted in always):
                raise NotTrue(self._told(f"proposed that {counted} {kind}s, which was not true during that sync"))
        on_any = [frozenset(account for _, account in truth) for truth in self.truths]
        self.seen[self.today] = on_any[0].intersection(*on_any)
        self._look_at_days()

    def _look_at_days(self) -> None:
        """Whoever is to leave has a seat to join on each day since on which a sync saw that he counts."""
        items, accounts = self._pending()
        named = {account: row.object_id for account, row in accounts.items()}
        joins = {named[_account(item)]: item.effective for item in items if item.kind == "join"}
        for item in (item for item in items if item.kind == "leave"):
            who = named[_account(item)]
            for number, counting in self.seen.items():
                on = self._day(number)
                if who in counting and item.effective <= on and joins.get(who, date.max) > on:
                    raise NotTrue(self._told(f"proposed that {who} leaves on {item.effective}, but counted on {on}"))

    def mutate(self) -> None:
        """Something happens at the client."""
        deeds, there = self.ground.deeds(self.random), self.ground.there()
        deed = self.random.choice(("hire", *deeds))
        self.happened.append(deed)
        if deed == "hire" or not there:
            self.ground.hire(self.random)
        else:
            deeds[deed](self.random.choice(there))

    def _decide(self) -> None:
        """Now and then somebody decides on what waits."""
        waiting = changes.pending(self.database, ADA, self.slug)
        if not waiting or self.random.random() < 1 / 3:
            return
        if self.random.random() < 2 / 3:
            changes.approve(self.database, ADA, self._clock(), waiting[0].id, effective=self._clock().today("UTC"))
        else:
            changes.reject(self.database, ADA, self._clock(), waiting[0].id, reason="Not now.")

    def _clock(self) -> Clock:
        return Clock(fixed=self._day(self.today))

    def _day(self, number: int) -> date:
        return day(f"2027-01-{number:02}")

    def _proposed(self) -> set[tuple[str, Counted]]:
        items, accounts = self._pending()
        return {(item.kind, (item.roster or "", accounts[_account(item)].object_id)) for item in items}

    def _pending(self) -> tuple[tuple[ChangeItem, ...], Mapping[int, AccountRow]]:
        """The items of the change that waits, and the accounts that they are about."""
        with self.database.read() as session:
            change = stored_changes.pending(session, self._client_id())
            items = stored_changes.items(session, change) if change else ()
            return items, directories.by_ids(session, [item.account for item in items if item.account is not None])

    def _counted(self) -> frozenset[Counted]:
        with self.database.read() as session:
            found = directories.accounts_of_client(session, self._client_id())
            return frozenset(
                (account.roster, account.object_id) for account, _, _ in found if account.roster is not None
            )

    def _seated(self) -> frozenset[Counted]:
        with self.database.read() as session:
            seated = seats.by_person(session, self._client_id())
            found = directories.accounts_of_client(session, self._client_id())
            there = ((seated.get(account.person_id), account.object_id) for account, _, _ in found)
            return frozenset((seat.roster, object_id) for seat, object_id in there if seat is not None)

    def _refused(self) -> set[tuple[str, Counted]]:
        with self.database.read() as session:
            rows = rejections.of_client(session, self._client_id())
            accounts = directories.by_ids(session, [row.account_id for row in rows if row.account_id is not None])
            placed = [(row.kind, row.roster or "", row.account_id) for row in rows if row.account_id is not None]
            return {(kind, (roster, accounts[account].object_id)) for kind, roster, account in placed}

    def _client_id(self) -> int:
        with self.database.read() as session:
            row = clients.by_slug(session, self.slug)
            assert row is not None
            return id_of(row)

    def _told(self, what: str) -> str:
        return f"Schedule {self.number}: {what}.\n" + "\n".join(self.happened)


def _account(item: ChangeItem) -> int:
    assert item.account is not None
    return item.account
