"""Last sign-ins, where a tenant tells them, and how many licences were bought."""

from datetime import date

import pytest

from connectors.directories.entries import accounts_after
from connectors.directories.port import Reading, Units
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import Account, Wanted
from sandbox.microsoft.faults import Endpoint, Fault
from tests.support.microsoft import Bench

ALWAYS = 1_000_000
ALL = {"User.Read.All", "AuditLog.Read.All", "Organization.Read.All"}


@pytest.fixture(autouse=True)
def allowed(microsoft: Bench) -> None:
    microsoft.tenant.permissions = set(ALL)


async def read(
    bench: Bench, cursor: str | None = None, *, wanted: Wanted | None = None, sign_ins: bool = True
) -> tuple[Reading, dict[str, Account]]:
    with Spool() as spool:
        directory = bench.directory(sign_ins=sign_ins)
        reading = await directory.read(cursor, spool, wanted=wanted or Wanted())
        return reading, accounts_after((), spool, full=True)


async def test_a_last_sign_in_is_the_day_of_the_last_successful_one(microsoft: Bench) -> None:
    ann, bo, cy = [microsoft.tenant.people.hire(name, f"{name}@acme.example") for name in ("ann", "bo", "cy")]
    microsoft.tenant.signed_in(ann, "2026-11-20T23:30:00-02:00")
    microsoft.tenant.signed_in(bo, "0001-01-01T00:00:00Z")
    _, accounts = await read(microsoft)
    assert [accounts[one].last_sign_in for one in (ann, bo, cy)] == [date(2026, 11, 21), None, None]


async def test_a_sign_in_is_followed_although_no_change_tells_of_it(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example")
    microsoft.tenant.signed_in(ann, "2026-11-20T08:00:00Z")
    reading, _ = await read(microsoft)
    microsoft.tenant.signed_in(ann, "2026-11-21T08:00:00Z")
    later, accounts = await read(microsoft, reading.cursor)
    assert (later.full, accounts[ann].last_sign_in) == (True, date(2026, 11, 21))


async def test_sign_ins_come_on_pages_of_no_more_than_120(microsoft: Bench) -> None:
    people = [microsoft.tenant.people.hire(f"u{number}", f"u{number}@acme.example") for number in range(250)]
    microsoft.tenant.signed_in(people[-1], "2026-11-20T08:00:00Z")
    _, accounts = await read(microsoft)
    assert accounts[people[-1]].last_sign_in == date(2026, 11, 20)
    assert microsoft.called("graph") == 3 + 2


async def test_sign_ins_that_nobody_asked_for_are_not_read(microsoft: Bench) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example")
    await read(microsoft, sign_ins=False)
    assert microsoft.called("graph") == 1


@pytest.mark.parametrize(("premium", "permissions"), [(False, ALL), (True, ALL - {"AuditLog.Read.All"})])
async def test_a_tenant_that_tells_no_sign_ins_is_read_quietly_without(
    microsoft: Bench, *, premium: bool, permissions: set[str]
) -> None:
    microsoft.tenant.premium, microsoft.tenant.permissions = premium, set(permissions)
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example")
    microsoft.tenant.signed_in(ann, "2026-11-20T08:00:00Z")
    reading, accounts = await read(microsoft)
    assert accounts[ann].last_sign_in is None
    later, _ = await read(microsoft, reading.cursor)
    assert not later.full


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.FOREIGN_LINK, Fault.PAGE_TOKEN_EXPIRED, Fault.TRUNCATED])
async def test_sign_ins_that_fail_for_good_are_left_out(microsoft: Bench, fault: Fault) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example")
    microsoft.tenant.faults.order(Endpoint.USERS, fault, times=ALWAYS)
    reading, accounts = await read(microsoft)
    assert (reading.full, len(accounts)) == (True, 1)


async def test_waiting_for_sign_ins_leaves_time_for_the_people(microsoft: Bench) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example")
    microsoft.tenant.faults.order(Endpoint.USERS, Fault.THROTTLED, times=ALWAYS, seconds=200)
    microsoft.tenant.faults.order(Endpoint.DELTA, Fault.THROTTLED, times=2, seconds=200)
    _, accounts = await read(microsoft)
    assert (len(accounts), microsoft.pauses.slept) == (1, [200, 200, 200])


async def test_units_are_what_was_bought_and_what_is_assigned(microsoft: Bench) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB"])
    microsoft.tenant.buy("SPB", 25)
    microsoft.tenant.buy("SPE_E3", 3)
    reading, accounts = await read(microsoft, wanted=Wanted(units=True), sign_ins=False)
    assert reading.units == (Units("SPB", 25, 1), Units("SPE_E3", 3, 0))
    assert [account.licences for account in accounts.values()] == [None]


async def test_names_and_units_of_licences_take_one_call(microsoft: Bench) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB"])
    reading, accounts = await read(microsoft, wanted=Wanted(licences=True, units=True), sign_ins=False)
    assert reading.units == (Units("SPB", 1, 1),)
    assert [account.licences for account in accounts.values()] == [("SPB",)]
    assert microsoft.called("graph") == 2


async def test_units_that_nobody_asked_for_are_not_told(microsoft: Bench) -> None:
    assert (await read(microsoft, wanted=Wanted(licences=True), sign_ins=False))[0].units is None


async def test_units_that_may_not_be_read_end_the_reading(microsoft: Bench) -> None:
    microsoft.tenant.permissions = {"User.Read.All"}
    with pytest.raises(DirectoryNotRead, match=r"Organization\.Read\.All") as failed:
        await read(microsoft, wanted=Wanted(units=True), sign_ins=False)
    assert failed.value.cause == Cause.CONSENT
