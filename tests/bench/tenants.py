"""200 tenants at once: `make bench`, or `python -m tests.bench.tenants`.

The sandbox's Microsoft serves them over TLS in the same process; the tokens, the reader, the commands and the database
are the real ones. They are synced twice, each time for the first time: when all answer at once, and when some answer
slowly or ask us to wait. The others must be done as early as without them. The work of the server is part of the time.
"""

import asyncio
import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from commands import imports, sync
from commands.actors import Actor, Clock
from connectors.directories import open_directory
from connectors.directories.entra.app import EntraApp
from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.kinds import Surroundings
from connectors.directories.port import Directory
from connectors.http import HttpFactory, HttpSettings
from sandbox.microsoft.app import create_app
from sandbox.microsoft.certificate import Certificate, throw_away_certificate
from sandbox.microsoft.cloud import Cloud
from sandbox.microsoft.faults import Endpoint, Fault
from sandbox.serving import serve
from storage.database import Database
from storage.schema import prepare
from tests.billing.build import day
from tests.support.books import book, client

TENANTS, PEOPLE, SLOW, THROTTLED = 200, 10, 5, 5
QUICK = TENANTS - SLOW - THROTTLED
LONGER_SECONDS = 15
"""By so much a slow tenant takes longer for its page, and a throttled one asks us to wait, than all took together."""
APP = EntraCredentials("aaaaaaaa-0000-4000-8000-000000000001", secret="right")
ADA = Actor("cli:ada", "cli")


@dataclass(frozen=True, slots=True)
class Moment:
    """Since the beginning: seconds by the clock, and of CPU."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} s ({self.cpu:.1f} s of CPU)"


@dataclass(frozen=True, slots=True)
class Timing:
    """When as many were done as are quick, and when all were."""

    quick: Moment
    all: Moment


def cloud(pause_seconds: int) -> Cloud:
    """The tenants; those that keep us waiting, if any do, are the first to be read."""
    made = Cloud()
    made.register(APP.client_id, secret=APP.secret)
    for number in range(TENANTS):
        tenant = made.add_tenant(_id(number), f"{_slug(number)}.example")
        for person in range(PEOPLE):
            tenant.people.hire(f"Person {person}", f"person{person}@{_slug(number)}.example", licences=["SPB"])
        if pause_seconds and number < SLOW + THROTTLED:
            fault = Fault.SLOW if number < SLOW else Fault.THROTTLED
            tenant.faults.order(Endpoint.DELTA, fault, seconds=pause_seconds)
    return made


def _id(number: int) -> str:
    return f"{number:08x}-2222-4333-8444-555555555555"


def _slug(number: int) -> str:
    return f"tenant-{number:03}"


@contextmanager
def office(folder: Path) -> Iterator[Database]:
    """A database with a client for each tenant."""
    with closing(Database(f"sqlite:///{folder / 'tenants.db'}")) as database:
        prepare(database)
        clients = (client(slug=_slug(number)) for number in range(TENANTS))
        imports.apply_import(database, ADA, book(*clients), Clock(fixed=day("2027-01-01")))
        yield database


async def timed(database: Database, certificate: Certificate, pause_seconds: int) -> Timing:
    """Syncs every tenant once."""
    ended: list[Moment] = []
    async with serve(create_app(cloud(pause_seconds)), ssl=certificate.server) as url:
        settings = HttpSettings(certificate.ca_bundle, read_timeout_seconds=60 + pause_seconds)
        app = EntraApp(APP, HttpFactory(settings), url, url)
        around = Surroundings(app=lambda: app)

        def source(kind: str, settings: Mapping[str, object], slug: str, name: str) -> Directory:
            return open_directory("entra", {"tenant": f"{slug}.example"}, around)

        begun = perf_counter(), process_time()

        def heard(_: int, __: int) -> None:
            ended.append(Moment(perf_counter() - begun[0], process_time() - begun[1]))

        clock = Clock(fixed=day("2027-01-01"))
        outcomes = await sync.sync_clients(database, ADA, source, clock, progress=heard)
        app.close()
    unread = [outcome.message for outcome in outcomes if outcome.outcome != "accepted"]
    if unread:
        raise AssertionError(unread[0])
    return Timing(ended[QUICK - 1], ended[-1])


def measured(pause_seconds: int = 0) -> Timing:
    """The same in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, office(Path(folder)) as database:
        return asyncio.run(timed(database, throw_away_certificate(Path(folder)), pause_seconds))


def main() -> None:
    """Measures and prints."""
    logging.disable(logging.WARNING)
    alone = measured()
    print(f"sync {TENANTS} tenants of {PEOPLE} people over TLS: {alone.all}; {QUICK} of them after {alone.quick}")
    pause_seconds = int(alone.all.wall) + LONGER_SECONDS
    beside = measured(pause_seconds)
    print(
        f"  {SLOW} slow and {THROTTLED} throttled, by {pause_seconds} s: {beside.all}; "
        f"the other {QUICK} after {beside.quick}",
        flush=True,
    )


if __name__ == "__main__":
    main()
