"""What an Entra tenant's accounts become, and how its changes are followed."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from connectors.directories.entries import Entry, Removal, Sighting, accounts_after
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from rosters.rules import Account, Wanted
from sandbox.microsoft.faults import Endpoint, Fault
from sandbox.microsoft.skus import sku_id
from tests.support.microsoft import TENANT, Bench


async def entries(bench: Bench, cursor: str | None = None) -> tuple[Reading, list[Entry]]:
    with Spool() as spool:
        reading = await bench.directory().read(cursor, spool, wanted=Wanted(licences=True))
        return reading, list(spool)


async def accounts(bench: Bench, before: Iterable[Account] = (), cursor: str | None = None) -> dict[str, Account]:
    reading, found = await entries(bench, cursor)
    return accounts_after(before, found, full=reading.full)


async def test_licences_are_sku_part_numbers_in_order(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB", "FLOW_FREE"])
    assert (await accounts(microsoft))[ann].licences == ("FLOW_FREE", "SPB")


async def test_a_licence_that_the_tenant_does_not_list_is_shown_by_its_id(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB"])
    microsoft.tenant.unlisted.add("SPB")
    assert (await accounts(microsoft))[ann].licences == (sku_id("SPB"),)


async def test_a_property_that_was_never_set_is_absent(microsoft: Bench) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example")
    _, found = await entries(microsoft)
    assert isinstance(found[0], Sighting)
    assert "mail" not in found[0].fields


async def test_a_property_that_was_cleared_becomes_the_empty_value(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example", mail="ann@acme.example", licences=["SPB"])
    reading, _ = await entries(microsoft)
    microsoft.tenant.people.change(ann, mail=None, userType=None, assignedLicenses=[])
    _, found = await entries(microsoft, reading.cursor)
    assert isinstance(found[0], Sighting)
    assert {name: found[0].fields[name] for name in ("mail", "guest", "licences")} == {
        "mail": "",
        "guest": False,
        "licences": (),
    }


async def test_only_what_changed_since_the_cursor_is_read(microsoft: Bench) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example")
    bo = microsoft.tenant.people.hire("Bo", "bo@acme.example")
    reading, _ = await entries(microsoft)
    microsoft.tenant.people.disable(bo)
    later, found = await entries(microsoft, reading.cursor)
    assert not later.full
    assert [entry.object_id for entry in found] == [bo]


async def test_a_soft_deleted_account_may_come_back(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example")
    reading, _ = await entries(microsoft)
    microsoft.tenant.people.fire(ann)
    _, found = await entries(microsoft, reading.cursor)
    assert found == [Removal(ann, permanent=False)]


async def test_a_purged_account_is_gone_for_good(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example")
    reading, _ = await entries(microsoft)
    microsoft.tenant.people.purge(ann)
    _, found = await entries(microsoft, reading.cursor)
    assert found == [Removal(ann, permanent=True)]


async def test_a_restored_account_is_the_same_as_before(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB"])
    before = await accounts(microsoft)
    microsoft.tenant.people.fire(ann)
    reading, _ = await entries(microsoft)
    microsoft.tenant.people.restore(ann)
    assert await accounts(microsoft, (), reading.cursor) == before


async def test_the_same_principal_name_hired_anew_is_another_account(microsoft: Bench) -> None:
    first = microsoft.tenant.people.hire("Ann", "ann@acme.example")
    microsoft.tenant.people.purge(first)
    second = microsoft.tenant.people.hire("Ann", "ann@acme.example")
    assert set(await accounts(microsoft)) == {second}
    assert first != second


async def test_users_repeated_across_pages_are_counted_once(microsoft: Bench) -> None:
    microsoft.tenant.changes.page_size, microsoft.tenant.changes.repeats = 2, True
    for number in range(7):
        microsoft.tenant.people.hire(f"User {number}", f"u{number}@acme.example")
    reading, found = await entries(microsoft)
    assert (reading.pages, reading.people) == (4, 10)
    assert len(accounts_after((), found, full=True)) == 7


async def test_a_page_without_users_is_not_the_end(microsoft: Bench) -> None:
    microsoft.tenant.changes.page_size = 2
    for number in range(5):
        microsoft.tenant.people.hire(f"User {number}", f"u{number}@acme.example")
    microsoft.tenant.faults.order(Endpoint.DELTA, Fault.EMPTY_PAGE, after=1, times=2)
    reading, found = await entries(microsoft)
    assert len(found) == 5
    assert reading.pages == 5


async def test_the_cursor_of_another_graph_leads_to_a_full_reading(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example")
    reading, found = await entries(microsoft, "https://graph.elsewhere.example/v1.0/users/delta?$deltatoken=x")
    assert reading.full
    assert [entry.object_id for entry in found] == [ann]


@pytest.mark.parametrize("prefix", ["", "without-licences:"])
async def test_a_cursor_of_an_earlier_version_leads_to_a_full_reading(microsoft: Bench, prefix: str) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example")
    reading, _ = await entries(microsoft)
    link = (reading.cursor or "").partition(" ")[2]
    again, _ = await entries(microsoft, f"{prefix}{link}")
    assert again.full
    later, _ = await entries(microsoft, again.cursor)
    assert not later.full


async def test_mailboxes_that_are_not_asked_for_are_as_if_they_had_never_been(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example")
    after = await accounts(microsoft, [Account(ann, "Ann", mailbox="shared")])
    assert after[ann].mailbox == "user"


async def test_a_department_and_an_employee_id_are_read_and_followed(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example")
    microsoft.tenant.people.change(ann, department="Sales", employeeId="E-7")
    reading, found = await entries(microsoft)
    before = accounts_after((), found, full=True)
    assert (before[ann].department, before[ann].employee_id) == ("Sales", "E-7")
    microsoft.tenant.people.change(ann, department=None)
    after = await accounts(microsoft, before.values(), reading.cursor)
    assert (after[ann].department, after[ann].employee_id) == ("", "E-7")


async def test_a_field_that_no_entry_mentions_keeps_its_value() -> None:
    ann = Account("ann", "Ann", "ann@acme.example", licences=("SPB",))
    after = accounts_after([ann], [Sighting("ann", {"name": "Ann Adler"})], full=True)
    assert after == {"ann": replace(ann, name="Ann Adler")}


async def test_one_token_serves_all_pages_and_readings(microsoft: Bench) -> None:
    microsoft.tenant.changes.page_size = 1
    for number in range(4):
        microsoft.tenant.people.hire(f"User {number}", f"u{number}@acme.example")
    await entries(microsoft)
    await entries(microsoft)
    assert microsoft.called("token") == 2  # Discovery of the tenant, then one token.


async def test_every_outgoing_call_is_heard_before_and_after(microsoft: Bench) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example")
    await entries(microsoft)
    assert microsoft.calls == ["token:before", "token:after"] * 2 + ["graph:before", "graph:after"] * 2


async def test_a_tenant_is_also_found_by_its_domain(microsoft: Bench) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example")
    with Spool() as spool:
        reading = await microsoft.directory(tenant=microsoft.tenant.domain).read(
            None, spool, wanted=Wanted(licences=True)
        )
    assert reading.people == 1
    assert microsoft.tenant.id == TENANT


async def test_who_is_enabled_is_read_with_the_permission_for_users_alone(microsoft: Bench) -> None:
    microsoft.tenant.permissions = {"User.Read.All"}
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB"])
    with Spool() as spool:
        await microsoft.directory().read(None, spool, wanted=Wanted())
        found = accounts_after((), spool, full=True)
    assert found == {ann: Account(ann, "Ann", upn="ann@acme.example", licences=None)}


async def test_licences_that_are_asked_for_after_all_lead_to_a_full_reading(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB"])
    with Spool() as spool:
        before = await microsoft.directory().read(None, spool, wanted=Wanted())
    reading, found = await entries(microsoft, before.cursor)
    assert reading.full
    assert accounts_after((), found, full=True)[ann].licences == ("SPB",)


async def test_licences_that_are_no_longer_asked_for_lead_to_a_full_reading_once(microsoft: Bench) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB"])
    reading, _ = await entries(microsoft)
    with Spool() as spool:
        without = await microsoft.directory().read(reading.cursor, spool, wanted=Wanted())
        assert without.full
        later = await microsoft.directory().read(without.cursor, spool, wanted=Wanted())
    assert not later.full
