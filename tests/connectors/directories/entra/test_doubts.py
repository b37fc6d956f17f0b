"""Where a list of users leaves a doubt, the user is asked for alone."""

from connectors.directories.entries import accounts_after
from connectors.directories.spool import Spool
from rosters.rules import Account, Wanted
from sandbox.microsoft.faults import Endpoint, Fault
from tests.support.microsoft import Bench


async def read(bench: Bench, cursor: str | None = None) -> dict[str, Account]:
    with Spool() as spool:
        reading = await bench.directory().read(cursor, spool, wanted=Wanted(licences=True))
        return accounts_after((), spool, full=reading.full)


async def test_an_older_state_behind_the_newer_is_settled_by_asking(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB"])
    microsoft.tenant.faults.order(Endpoint.DELTA, Fault.STALE_REPLAY)
    assert (await read(microsoft))[ann].enabled


async def test_somebody_who_is_gone_when_asked_for_is_gone(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB"])
    microsoft.tenant.faults.order(Endpoint.DELTA, Fault.STALE_REPLAY)
    microsoft.tenant.faults.order(Endpoint.USER, Fault.NOT_FOUND)
    assert ann not in await read(microsoft)


async def test_a_user_who_comes_twice_the_same_is_not_asked_for(microsoft: Bench) -> None:
    for number in range(3):
        microsoft.tenant.people.hire(f"Person {number}", f"p{number}@acme.example", licences=["SPB"])
    microsoft.tenant.changes.page_size, microsoft.tenant.changes.repeats = 1, True
    await read(microsoft)
    # The list of licences, and three pages.
    assert microsoft.called("graph") == 4


async def test_a_licence_that_is_new_while_the_pages_come_is_known_by_its_name(microsoft: Bench) -> None:
    people = microsoft.tenant.people
    people.hire("Ann", "ann@acme.example", licences=["SPB"])

    def heard(call: str) -> None:
        if call == "graph:after" and microsoft.called("graph") == 1:
            people.hire("Bo", "bo@acme.example", licences=["FLOW_FREE"])

    with microsoft.hearing(heard):
        found = await read(microsoft)
    assert sorted(one.licences or () for one in found.values()) == [("FLOW_FREE",), ("SPB",)]
