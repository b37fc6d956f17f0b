"""A first sync of so many people that they are stored in the order of their ids, and not read again to be proposed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from commands import sync
from connectors.directories.entries import Removal, Sighting
from connectors.directories.port import Directory, Reading
from connectors.directories.spool import Spool
from rosters.rules import Account, Roster, Rule, Wanted
from tests.billing.build import per_unit
from tests.support.books import client
from tests.support.directories import FakeDirectory
from tests.support.msp import ADA, Msp, played_once

MANY = 9_100
ROSTERS = (
    Roster("full", Rule(counted_licences=("SPB",))),
    Roster("frontline", Rule(counted_licences=("F1",))),
)


def person(number: int) -> Account:
    """Ids in no order; every third has one licence, every third another, every third none; every seventh is blocked."""
    licences = (("SPB",), ("F1",), ())[number % 3]
    return Account(
        f"{number * 7_919 % 99_991:05d}-{number}",
        name=f"Person {number}",
        licences=licences,
        enabled=number % 7 != 0,
        department=f"Department {number % 40}",
    )


def counts_on(number: int) -> str | None:
    return None if number % 7 == 0 else ("full", "frontline", None)[number % 3]


@dataclass
class Repeating(FakeDirectory):
    """A directory that comes back to some people after all the others, pages later."""

    afterwards: list[Sighting | Removal] = field(default_factory=list)

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        """Everybody in pages, then what is said again."""
        reading = await super().read(cursor, spool, wanted=wanted)
        everybody = list(spool)
        spool.restart()
        for start in range(0, len(everybody), 500):
            spool.append(everybody[start : start + 500])
        spool.append(self.afterwards)
        return reading


@pytest.fixture
@played_once
def large(msp: Msp) -> Msp:
    """Acme, whose large directory is held on the 5th, since nobody has a seat but two people in another one."""
    msp.imports(client(per_unit("10"), rosters=ROSTERS, directories=("field",)))
    msp.hire(Account("ann", name="Ann", licences=("SPB",)), Account("bo", name="Bo", licences=("F1",)), name="field")
    msp.sync()
    msp.approve()
    msp.imports(client(per_unit("10"), rosters=ROSTERS, directories=("hr", "field")))
    msp.hire(*map(person, range(MANY)))
    msp.on("2027-01-05").sync()
    return msp.on("2027-01-07")


def proposed(msp: Msp) -> set[tuple[str, str | None, str, str | None]]:
    return {(item.kind, item.roster, item.name, item.account) for item in msp.pending().items}


def test_everybody_is_proposed_by_their_account_on_their_roster_from_the_day_on_which_they_were_first_seen(
    large: Msp,
) -> None:
    large.sync(let_through="They are new here.")
    assert proposed(large) == {
        ("join", counts_on(number), f"Person {number}", person(number).object_id)
        for number in range(MANY)
        if counts_on(number)
    }
    assert {str(item.effective) for item in large.pending().items} == {"2027-01-05"}
    large.approve()
    large.on("2027-01-08").sync(full=True)
    assert not large.waits()


def test_what_is_said_again_of_somebody_in_the_same_reading_holds(large: Msp) -> None:
    early = sorted(filter(counts_on, range(MANY)), key=lambda number: person(number).object_id)
    blocked, gone = map(person, early[:2])
    licensed = person(next(number for number in early[2:] if counts_on(number) == "full"))
    again: list[Sighting | Removal] = [
        Sighting(blocked.object_id, {"enabled": False}),
        Removal(gone.object_id, permanent=True),
        Sighting(licensed.object_id, {"licences": ("F1",)}),
    ]
    source = Repeating(dict(large.directory().accounts), afterwards=again)

    def sources(kind: str, settings: Mapping[str, object], slug: str, name: str) -> Directory:
        return source if name == "hr" else large.directory(name=name)

    asyncio.run(sync.sync_clients(large.database, ADA, sources, large.clock))
    reading = sync.sync_clients(large.database, ADA, sources, large.clock, let_through="They are new here.")
    asyncio.run(reading)
    people = {name: roster for _, roster, name, _ in proposed(large)}
    assert [people.get(each.name) for each in (blocked, gone, licensed)] == [None, None, "frontline"]
    assert len(people) == sum(counts_on(number) is not None for number in range(MANY)) - 2
