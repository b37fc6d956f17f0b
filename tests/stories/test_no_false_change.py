"""No schedule of faults produces a change that isn't true: the real adapters over TLS, and the real commands.

`make test` plays 500 schedules over Entra ID and 120 over Google and Okta, `make storm` 20,000 and 4,000. A schedule is
known by its number: `Storm(NUMBER, …).blow()`.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from hypothesis import settings

from connectors.directories.examined import Examined
from connectors.directories.port import Directory, Reading
from connectors.directories.spool import Spool
from connectors.errors import DirectoryNotRead
from rosters.rules import Wanted
from sandbox.microsoft.certificate import Certificate, throw_away_certificate
from sandbox.microsoft.faults import Endpoint, Fault
from storage.database import Database
from tests.support.databases import empty
from tests.support.google import google
from tests.support.grounds import (
    ENTRA_FAULTS,
    ENTRA_LIES,
    EntraGround,
    GoogleGround,
    OktaGround,
    lies,
)
from tests.support.microsoft import Bench, bench
from tests.support.okta import okta
from tests.support.storm import NotTrue, Storm, Wrap

GROUPS = 4
SCHEDULES_UNDER = {"thorough": 5000}
USUALLY = 125
# Where everybody is read each time, or each third night, there is less to go wrong.
ELSEWHERE_UNDER, ELSEWHERE_USUALLY = {"thorough": 2000}, 60
# As many schedules as a planted mutant may survive: the rarest is found by one in thirty, and the clock has a part.
FOUND_WITHIN = 400


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return throw_away_certificate(tmp_path_factory.mktemp("ca"))


@pytest.fixture
async def microsoft(certificate: Certificate) -> AsyncIterator[Bench]:
    async with bench(certificate) as arranged:
        yield arranged


@pytest.fixture
def clients(sqlite_database: Database) -> Iterator[Database]:
    """A database that every schedule adds a client to."""
    yield sqlite_database
    empty(sqlite_database)


@pytest.mark.property
@pytest.mark.parametrize("group", range(GROUPS))
async def test_no_schedule_of_faults_proposes_what_is_not_true(group: int, microsoft: Bench, clients: Database) -> None:
    size = SCHEDULES_UNDER.get(settings.get_current_profile_name(), USUALLY)
    for number in range(group * size, (group + 1) * size):
        await Storm(number, EntraGround(microsoft), clients).blow()


Elsewhere = GoogleGround | OktaGround


@pytest.fixture(params=["google", "okta"])
async def elsewhere(request: pytest.FixtureRequest, certificate: Certificate) -> AsyncIterator[Elsewhere]:
    if request.param == "google":
        async with google(certificate) as workspace:
            yield GoogleGround(workspace)
    else:
        async with okta(certificate) as organization:
            yield OktaGround(organization)


@pytest.mark.property
async def test_nor_does_one_over_google_or_okta(elsewhere: Elsewhere, clients: Database) -> None:
    for number in range(ELSEWHERE_UNDER.get(settings.get_current_profile_name(), ELSEWHERE_USUALLY)):
        await Storm(number, elsewhere, clients).blow()


@dataclass
class Altered:
    """A reader that can't be asked for single accounts, so that the catch is all that stands against a short list."""

    source: Directory

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        return await self.source.read(cursor, spool, wanted=wanted)

    async def examine(self, *, wanted: Wanted, now: Callable[[], datetime]) -> Examined:
        return await self.source.examine(wanted=wanted, now=now)


class WithoutTheLastPage(Altered):
    """Takes what came before a failure for everything."""

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        try:
            return await super().read(cursor, spool, wanted=wanted)
        except DirectoryNotRead:
            return Reading(full=cursor is None, cursor=cursor, pages=1, people=sum(1 for _ in spool))


class WithoutTheReset(Altered):
    """Takes the list from its beginning, after Graph forgot where we were, for changes since then."""

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        reading = await super().read(cursor, spool, wanted=wanted)
        return replace(reading, full=False) if cursor is not None else reading


@pytest.mark.parametrize(
    ("wrap", "faults", "let_through"),
    [
        (WithoutTheLastPage, ENTRA_FAULTS, None),
        (WithoutTheReset, ENTRA_FAULTS, None),
        (Altered, ENTRA_LIES, "The catch was taken out."),
    ],
    ids=["without the last page", "without the reset", "without the catch"],
)
async def test_a_reader_without_one_of_its_checks_is_found_out(
    wrap: Wrap | None,
    faults: Sequence[tuple[Endpoint, Fault]],
    let_through: str | None,
    microsoft: Bench,
    clients: Database,
) -> None:
    async def blow_all() -> None:
        for number in range(1_000_000, 1_000_000 + FOUND_WITHIN):
            await Storm(number, EntraGround(microsoft, faults), clients, wrap, let_through).blow()

    with pytest.raises(NotTrue):
        await blow_all()


async def test_a_reader_that_asks_for_nobody_who_is_missing_is_found_out_elsewhere_too(
    elsewhere: Elsewhere, clients: Database
) -> None:
    elsewhere.twists = lies(elsewhere.twists)

    async def blow_all() -> None:
        for number in range(1_000_000, 1_000_000 + FOUND_WITHIN):
            await Storm(number, elsewhere, clients, Altered).blow()

    with pytest.raises(NotTrue):
        await blow_all()
