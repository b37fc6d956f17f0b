"""An MSP in a test: a database, its clients' directories in memory, and a business date that the test moves."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import wraps

from commands import changes, imports, invoices, reconcile, runs, sync
from commands.actors import Actor, Clock
from commands.change_cards import ChangeView
from commands.import_book import ImportPlan
from commands.reconcile import MismatchView
from commands.run_cards import RunClientView, RunView
from commands.sync_outcomes import SyncOutcome
from connectors.books.values import Book, BookClient
from connectors.directories.port import Directory, Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from documents.canonical import Json, as_json
from rosters.rules import Account, Wanted
from storage.database import Database
from tests.billing.build import day
from tests.support.books import book
from tests.support.databases import Contents, contents, fill
from tests.support.directories import FakeDirectory

ADA = Actor("cli:ops for Ada", "cli")
BOB = Actor("cli:ops for Bob", "cli")
NOON = datetime(2027, 1, 1, 17, 0, tzinfo=UTC)


@dataclass
class Memory(FakeDirectory):
    """A directory in memory; `meanwhile` happens once, while it is being read."""

    meanwhile: Callable[[], object] | None = None

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        """As the fake, with what happens meanwhile."""
        reading = await super().read(cursor, spool, wanted=wanted)
        happening, self.meanwhile = self.meanwhile, None
        if happening is not None:
            await asyncio.to_thread(happening)
        return reading


@dataclass
class Msp:
    """The hands of a test. Dates are written as texts; people are named by their object ids."""

    database: Database
    today: date = date(2027, 1, 1)
    sources: dict[tuple[str, str], Memory] = field(default_factory=lambda: defaultdict(Memory))
    moment: datetime | None = None
    is_tampered_with: bool = False
    """Whether a test altered what was issued, behind Rollcall's back."""

    @property
    def clock(self) -> Clock:
        """The business date and a moment of it; or the moment alone, where the test is about that."""
        if self.moment is not None:
            moment = self.moment
            return Clock(now=lambda: moment)
        return Clock(fixed=self.today, now=lambda: datetime.combine(self.today, NOON.timetz()))

    def on(self, text: str) -> "Msp":
        """The same MSP on another day."""
        self.today = day(text)
        return self

    # What happens at the clients.

    def directory(self, client: str = "acme", name: str = "hr") -> Memory:
        """A client's directory, empty at first."""
        return self.sources[client, name]

    def hire(self, *people: str | Account, client: str = "acme", name: str = "hr") -> None:
        """People who join, or who are seen in another state now."""
        for person in people:
            self.directory(client, name).put(person if isinstance(person, Account) else somebody(person))

    def fire(self, *people: str, client: str = "acme", name: str = "hr") -> None:
        """People who leave."""
        for person in people:
            self.directory(client, name).remove(person)

    def break_down(
        self,
        message: str = "The client secret expired.",
        client: str = "acme",
        name: str = "hr",
        cause: Cause = Cause.SECRET,
    ) -> None:
        """A directory that can't be read from now on."""
        self.directory(client, name).failure = DirectoryNotRead(cause, message)

    def mend(self, client: str = "acme", name: str = "hr") -> None:
        """A directory that can be read again."""
        self.directory(client, name).failure = None

    # What the MSP does.

    def imports(self, *clients: BookClient | Book, correct: str | None = None) -> ImportPlan:
        """Imports a book, or clients as one."""
        given = clients[0] if clients and isinstance(clients[0], Book) else None
        content = given or book(*(entry for entry in clients if isinstance(entry, BookClient)))
        return imports.apply_import(self.database, ADA, content, self.clock, correct)

    def sync(self, *slugs: str, full: bool = False, let_through: str | None = None) -> tuple[SyncOutcome, ...]:
        """Reads the directories."""

        def source(kind: str, settings: Mapping[str, object], client: str, name: str) -> Directory:
            return self.directory(client, name)

        reading = sync.sync_clients(self.database, ADA, source, self.clock, slugs, full=full, let_through=let_through)
        return asyncio.run(reading)

    def sync_one(self, *, full: bool = False, let_through: str | None = None) -> SyncOutcome:
        """Reads the only directory there is."""
        (outcome,) = self.sync(full=full, let_through=let_through)
        return outcome

    def pending(self) -> ChangeView:
        """The one change that waits."""
        (waiting,) = changes.pending(self.database, ADA)
        return waiting

    def waits(self) -> bool:
        """Whether a change waits."""
        return bool(changes.pending(self.database, ADA))

    def approve(self, effective: str | None = None, *, actor: Actor = ADA) -> ChangeView:
        """Approves the one change that waits."""
        since = day(effective) if effective else None
        return changes.approve(self.database, actor, self.clock, self.pending().id, effective=since)

    def reject(self, reason: str = "They are trainees.") -> ChangeView:
        """Rejects the one change that waits."""
        return changes.reject(self.database, ADA, self.clock, self.pending().id, reason=reason)

    def count(self, *people: str | Account, since: str | None = None) -> ChangeView:
        """Hires people and approves what the next reading proposes, from a day on (default: today)."""
        self.hire(*people)
        self.sync()
        return self.approve(since)

    def bill(self, text: str) -> RunView:
        """A whole run on its own bill date, after a reading that keeps the sources fresh."""
        self.on(text)
        if self.sources:
            self.sync()
        runs.start(self.database, ADA, self.clock, self.today)
        runs.approve(self.database, ADA, self.clock, self.today)
        return runs.issue(self.database, ADA, self.clock, self.today)

    # What the MSP sees.

    def preview(self, bill_date: str | None = None, client: str = "acme") -> Json:
        """The next document as JSON."""
        on = day(bill_date) if bill_date else None
        found = invoices.preview(self.database, ADA, self.clock, client, on).document
        assert found is not None
        return as_json(found)

    def document(self, number: str) -> Json:
        """An issued document as JSON."""
        return as_json(invoices.issued(self.database, ADA, number))

    def run(self, bill_date: str | None = None) -> RunView:
        """The run of a bill date (default: the newest)."""
        return runs.status(self.database, ADA, day(bill_date) if bill_date else None)

    def codes(self, *slugs: str) -> list[tuple[str, str]]:
        """Code and effect of every mismatch."""
        return [(found.code, found.effect) for found in self.mismatches(*slugs)]

    def mismatches(self, *slugs: str) -> tuple[MismatchView, ...]:
        """Every mismatch but R16, which each month brings along that a test doesn't bill."""
        return tuple(found for found in self.listed(*slugs) if found.code != "R16")

    def listed(self, *slugs: str, bill_date: str | None = None) -> tuple[MismatchView, ...]:
        """Every mismatch, for a bill date (default: the next unbilled one)."""
        on = day(bill_date) if bill_date else None
        return reconcile.reconcile(self.database, ADA, self.clock, slugs, on)


Fixture = Callable[..., Msp]
_PLAYED: dict[tuple[Fixture, str], tuple[Contents, Msp]] = {}


def played_once(play: Fixture) -> Fixture:
    """A fixture that plays what happened to an MSP for the first test with each database, and then puts it back.

    What it leaves behind is the same: the rows, the day, and who is in which directory.
    """

    @wraps(play)
    def put_back(**given: Msp) -> Msp:
        (msp,) = given.values()
        beginning = play, str(msp.database.engine.url)
        if beginning not in _PLAYED:
            play(**given)
            _PLAYED[beginning] = contents(msp.database), _copy(msp)
        else:
            rows, played = _PLAYED[beginning]
            fill(msp.database, rows)
            # Also a test that knows the MSP by another fixture finds it so.
            vars(msp).update(vars(_copy(played)))
        return msp

    return put_back


def _copy(msp: Msp) -> Msp:
    return deepcopy(msp, {id(msp.database): msp.database})


def somebody(object_id: str, **details: str | bool) -> Account:
    """An enabled account, named and addressed by its object id."""
    given: dict[str, str | bool] = {"name": object_id.capitalize(), "upn": f"{object_id}@acme.example", **details}
    return Account(object_id=object_id, **given)  # type: ignore[arg-type] # the names of the details say their types


def crowd(number: int, prefix: str = "p") -> tuple[str, ...]:
    """So many object ids."""
    return tuple(f"{prefix}{at:03d}" for at in range(1, number + 1))


def amounts(document: Json) -> list[tuple[str, str, str]]:
    """Kind, first day and amount of each line."""
    return [(entry["kind"], entry["from"], entry["amount"]) for entry in document["lines"]]


def of(run: RunView, client: str = "acme") -> RunClientView:
    """One client of a run."""
    (entry,) = [entry for entry in run.clients if entry.client == client]
    return entry
