"""How long a sync takes, a person: `make bench`, or `python -m tests.bench.syncing`.

The pages of a tenant as Graph sends them, made beforehand as bytes, are read and accepted by the real adapter and
command into SQLite: everybody for the first time; then, once that count is approved, 0.5 % of the people changed.
Beside it the same bytes of the first time are decoded and put into the tables that a first sync fills (people,
identities, accounts), by nothing but msgspec and the database's driver in one transaction. What the network would take
isn't measured; time is CPU of the whole process, threads included. Told beside it is how long the accepting transaction
held the lock for writing, from its begin to its commit: CPU of its thread, and what the wall clock says, which is as
much longer as others use the machine.
"""

import asyncio
import logging
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time, thread_time
from typing import cast

import msgspec

from commands import changes, imports, sync
from commands.actors import Actor, Clock
from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.entra.directory import EntraDirectory, Tenant
from connectors.directories.entra.tokens import TenantTokens
from connectors.directories.patience import Patience
from connectors.directories.port import Directory
from connectors.http import HttpFactory
from rosters.rules import Roster, Rule
from storage.database import Database, Session
from storage.schema import prepare
from tests.bench.graph_pages import BASE, CHANGED, Graph, Pages, SignedIn, changed, every, user
from tests.billing.build import day
from tests.support.books import book, client

SOME, MANY = 20_000, 100_000
FIRST_AIM, NEXT_AIM, MEMORY_AIM_MIB = 1.5, 1.0, 60
ADA = Actor("cli:ada", "cli")


class Clocked:
    """CPU and wall seconds of a piece of work."""

    def __init__(self, work: Callable[[], object]) -> None:
        """Does the work."""
        cpu, wall = process_time(), perf_counter()
        work()
        self.cpu, self.wall = process_time() - cpu, perf_counter() - wall


class BareLicence(msgspec.Struct):
    """A licence of a user."""

    skuId: str  # noqa: N815 - as Graph calls it


class BareUser(msgspec.Struct):
    """A user, as plain as msgspec can have it."""

    id: str
    displayName: str  # noqa: N815 - as Graph calls it
    mail: str
    userPrincipalName: str  # noqa: N815 - as Graph calls it
    accountEnabled: bool  # noqa: N815 - as Graph calls it
    userType: str  # noqa: N815 - as Graph calls it
    department: str
    employeeId: str  # noqa: N815 - as Graph calls it
    assignedLicenses: list[BareLicence]  # noqa: N815 - as Graph calls it


class BarePage(msgspec.Struct):
    """A page of users."""

    value: list[BareUser]


def bare(found: Sequence[bytes], file: Path) -> None:
    """Decodes the pages and puts each into the three tables, in one transaction."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        start = 0
        for page in found:
            users = msgspec.json.decode(page, type=BarePage).value
            numbers = range(start + 1, start + 1 + len(users))
            start += len(users)
            connection.executemany("INSERT INTO people (id, client_id) VALUES (?, 1)", ((n,) for n in numbers))
            connection.executemany(
                "INSERT INTO identities (id, person_id, name, mail, upn, employee_id, salt, digest, seen_on) "
                "VALUES (?, ?, ?, ?, ?, ?, '', '', '2027-01-01')",
                (
                    (n, n, u.displayName, u.mail, u.userPrincipalName, u.employeeId)
                    for n, u in zip(numbers, users, strict=True)
                ),
            )
            connection.executemany(
                "INSERT INTO accounts (directory_id, object_id, person_id, identity_id, present, enabled, guest, "
                "licences, mailbox, department, roster, reason, detail, since, first_seen) "
                "VALUES (1, ?, ?, ?, 1, ?, ?, ?, 'user', ?, 'full', 'LICENSED', 'SPB', '2027-01-01', '2027-01-01')",
                (
                    (
                        u.id,
                        n,
                        n,
                        u.accountEnabled,
                        u.userType == "Guest",
                        ",".join(licence.skuId for licence in u.assignedLicenses),
                        u.department,
                    )
                    for n, u in zip(numbers, users, strict=True)
                ),
            )
        connection.execute("COMMIT")


class Watched(Database):
    """A database that says how long each transaction held the lock for writing."""

    def __init__(self, url: str) -> None:
        """As the one that it is."""
        super().__init__(url)
        self.held: dict[str, tuple[float, float]] = {}
        """CPU seconds of the thread and seconds of the wall clock, by the transaction's name; the last one's."""

    @contextmanager
    def write(self, name: str) -> Iterator[Session]:
        """The same transaction: it has the lock once it gives its session, and until it is committed."""
        with super().write(name) as session:
            begun = thread_time(), perf_counter()
            yield session
        self.held[name] = thread_time() - begun[0], perf_counter() - begun[1]


@dataclass
class Office:
    """A client with one directory, and a database of its own."""

    database: Watched
    graph: Graph

    def sync(self, today: str) -> None:
        """Reads the directory and accepts what it shows."""
        tokens = cast("TenantTokens", SignedIn())
        http = cast("HttpFactory", self.graph)
        tenant = Tenant(tokens, EntraCredentials("app", "secret"), BASE)
        source = EntraDirectory(tenant, http, Patience(), sign_ins=False)

        def sources(kind: str, settings: Mapping[str, object], slug: str, name: str) -> Directory:
            return source

        (outcome,) = asyncio.run(sync.sync_clients(self.database, ADA, sources, Clock(fixed=day(today))))
        if outcome.outcome != "accepted":
            raise AssertionError(outcome.message)

    @property
    def held(self) -> str:
        """How long the last accepting transaction held its lock."""
        cpu, wall = self.database.held["sync"]
        return f"lock held for {cpu:.2f} s of CPU, {wall:.2f} s by the clock"

    def approve(self, today: str) -> None:
        """Approves the one change that waits."""
        (waiting,) = changes.pending(self.database, ADA)
        changes.approve(self.database, ADA, Clock(fixed=day(today)), waiting.id)


def opened(file: Path, graph: Graph) -> Office:
    """A database with one client, and nobody in it."""
    database = Watched(f"sqlite:///{file}")
    prepare(database)
    rosters = (Roster("full", Rule(basis="licensed")),)
    imports.apply_import(database, ADA, book(client(rosters=rosters)), Clock(fixed=day("2027-01-01")))
    return Office(database, graph)


def main() -> None:
    """Measures and prints; each in a process of its own, which has read no directory yet."""
    for what, people in (("cpu", SOME), ("cpu", MANY), ("memory", MANY)):
        subprocess.run([sys.executable, "-m", "tests.bench.syncing", what, str(people)], check=True)


def cpu(people: int) -> None:
    """What a first sync takes beside a bare insert of the same pages, and the one after it."""
    logging.disable(logging.INFO)
    first = every(Pages(user, people, "end1"))
    following = every(_changes(people))
    with tempfile.TemporaryDirectory() as folder:
        office = opened(Path(folder) / "ours.db", Graph(first, following))
        with closing(opened(Path(folder) / "bare.db", office.graph).database):
            beside = Clocked(lambda: bare(first, Path(folder) / "bare.db"))
        with closing(office.database):
            initial = Clocked(lambda: office.sync("2027-01-01"))
            print(
                f"sync {people:,} people: {initial.cpu:.2f} s of CPU the first time, "
                f"{initial.cpu / people * 1e6:,.1f} µs each; {office.held}"
            )
            office.approve("2027-01-01")
            again = Clocked(lambda: office.sync("2027-01-02"))
    aim = f"aim: at most {FIRST_AIM}" if people == MANY else f"no aim: it is for {MANY:,}"
    print(
        f"  against a bare decode and bulk insert: {initial.cpu / beside.cpu:.2f} times ({aim}); "
        f"that takes {beside.cpu / people * 1e6:,.1f} µs each"
    )
    print(
        f"  again with 0.5 % changed: {again.cpu:.2f} s, {again.cpu / beside.cpu:.2f} times "
        f"(aim: at most {NEXT_AIM}); {office.held}",
        flush=True,
    )


def _changes(people: int) -> Pages:
    return Pages(lambda number: changed(number * CHANGED), people // CHANGED, "end2")


def highest_kib() -> int:
    """The most that this process ever had in memory; getrusage would tell of the one that started it, too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def memory(people: int) -> None:
    """What a first sync takes above the idle process, and how long; in a process of its own. Then the next one."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        office = opened(Path(folder) / "ours.db", Graph(Pages(user, people, "end1"), _changes(people)))
        # Once with hardly anybody, so that everything is loaded.
        idle = opened(Path(folder) / "idle.db", Graph(Pages(user, 1, "end1"), []))
        with closing(idle.database), closing(office.database):
            idle.sync("2027-01-01")
            before = highest_kib()
            done = Clocked(lambda: office.sync("2027-01-01"))
            peak_mib = (highest_kib() - before) / 1024
            print(
                f"  {people:,} people for the first time: {done.wall:.1f} s, {peak_mib:.0f} MiB above the idle process "
                f"(aim: under {MEMORY_AIM_MIB}); {office.held}",
                flush=True,
            )
            office.approve("2027-01-01")
            again = Clocked(lambda: office.sync("2027-01-02"))
            print(f"  again with 0.5 % changed: {again.cpu:.2f} s of CPU; {office.held}", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["cpu", people]:
            cpu(int(people))
        case ["memory", people]:
            memory(int(people))
        case _:
            main()
