"""Who is in the groups that rules ask for, by id or name, also through other groups."""

import pytest

from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import Wanted
from sandbox.microsoft.faults import Endpoint, Fault
from tests.support.microsoft import Bench

ALWAYS = 1_000_000


@pytest.fixture(autouse=True)
def allowed(microsoft: Bench) -> None:
    microsoft.tenant.permissions = {"User.Read.All", "GroupMember.Read.All"}


async def read(bench: Bench, *groups: str, cursor: str | None = None) -> Reading:
    with Spool() as spool:
        return await bench.directory().read(cursor, spool, wanted=Wanted(groups=groups))


async def fails(bench: Bench, *groups: str) -> tuple[Cause, str]:
    with pytest.raises(DirectoryNotRead) as failed:
        await read(bench, *groups)
    return failed.value.cause, str(failed.value)


def hire(bench: Bench, *names: str) -> list[str]:
    return [bench.tenant.people.hire(name, f"{name}@acme.example") for name in names]


async def test_members_are_those_of_groups_in_groups_too_and_only_users(microsoft: Bench) -> None:
    ann, bo, _ = hire(microsoft, "ann", "bo", "cy")
    inner = microsoft.tenant.groups.add("Inner")
    microsoft.tenant.groups.join(inner, bo, "device-1")
    outer = microsoft.tenant.groups.add("Outer")
    microsoft.tenant.groups.join(outer, ann, inner)
    reading = await read(microsoft, "Outer", inner)
    assert reading.members == {"Outer": frozenset({ann, bo}), inner: frozenset({bo})}


async def test_a_name_is_found_in_any_case_and_with_every_sign(microsoft: Bench) -> None:
    (ann,) = hire(microsoft, "ann")
    name = "O'Neil & Söhne: 100 % #1?+/"
    microsoft.tenant.groups.join(microsoft.tenant.groups.add(name), ann)
    assert (await read(microsoft, name.upper())).members == {name.upper(): frozenset({ann})}


async def test_an_empty_group_has_nobody(microsoft: Bench) -> None:
    microsoft.tenant.groups.add("Nobody")
    assert (await read(microsoft, "Nobody")).members == {"Nobody": frozenset()}


async def test_the_members_are_read_anew_although_nobody_changed(microsoft: Bench) -> None:
    ann, bo = hire(microsoft, "ann", "bo")
    group = microsoft.tenant.groups.add("Staff")
    microsoft.tenant.groups.join(group, ann)
    before = await read(microsoft, "Staff")
    microsoft.tenant.groups.join(group, bo)
    microsoft.tenant.groups.leave(group, ann)
    later = await read(microsoft, "Staff", cursor=before.cursor)
    assert (later.full, later.people, later.members) == (False, 0, {"Staff": frozenset({bo})})


async def test_a_large_group_comes_on_several_pages(microsoft: Bench) -> None:
    people = hire(microsoft, *(f"u{number}" for number in range(1005)))
    microsoft.tenant.groups.join(microsoft.tenant.groups.add("All"), *people)
    reading = await read(microsoft, "All")
    assert reading.members == {"All": frozenset(people)}


async def test_without_a_rule_that_asks_nothing_is_asked(microsoft: Bench) -> None:
    microsoft.tenant.permissions = {"User.Read.All"}
    assert (await read(microsoft)).members is None


@pytest.mark.parametrize("name", ["Staff", "00000000-0000-0000-0000-000000000000"])
async def test_a_group_that_is_not_there_ends_the_reading_and_says_what_to_do(microsoft: Bench, name: str) -> None:
    cause, message = await fails(microsoft, name)
    assert cause == Cause.NOT_FOUND
    assert f"no group of the name or id '{name}'" in message
    assert "which a rule or the directory's `only` names. Write the object id" in message
    assert microsoft.called("graph") == 1


async def test_a_name_of_several_groups_ends_the_reading_with_their_ids(microsoft: Bench) -> None:
    ids = [microsoft.tenant.groups.add("Staff") for _ in range(2)]
    cause, message = await fails(microsoft, "Staff")
    assert cause == Cause.NOT_FOUND
    assert f"2 groups, {ids[0]}, {ids[1]}, of the name or id 'Staff'" in message


async def test_a_permission_that_is_missing_ends_the_reading_with_its_name(microsoft: Bench) -> None:
    microsoft.tenant.permissions = {"User.Read.All"}
    cause, message = await fails(microsoft, "Staff")
    assert cause == Cause.CONSENT
    assert "GroupMember.Read.All" in message


@pytest.mark.parametrize("endpoint", [Endpoint.GROUPS, Endpoint.MEMBERS])
@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.DROPPED, Fault.TRUNCATED, Fault.TOKEN_REVOKED, Fault.GONE])
async def test_a_fault_that_passes_changes_nothing(microsoft: Bench, endpoint: Endpoint, fault: Fault) -> None:
    (ann,) = hire(microsoft, "ann")
    microsoft.tenant.groups.join(microsoft.tenant.groups.add("Staff"), ann)
    microsoft.tenant.faults.order(endpoint, fault)
    assert (await read(microsoft, "Staff")).members == {"Staff": frozenset({ann})}


async def test_a_paging_token_that_expires_begins_the_list_of_members_anew(microsoft: Bench) -> None:
    people = hire(microsoft, *(f"u{number}" for number in range(1005)))
    microsoft.tenant.groups.join(microsoft.tenant.groups.add("All"), *people)
    microsoft.tenant.faults.order(Endpoint.MEMBERS, Fault.PAGE_TOKEN_EXPIRED, after=1)
    reading = await read(microsoft, "All")
    assert reading.members == {"All": frozenset(people)}


@pytest.mark.parametrize("fault", [Fault.FOREIGN_LINK, Fault.LOOPING_LINK, Fault.MANGLED_USER])
async def test_a_list_of_members_that_cannot_be_trusted_ends_the_reading(microsoft: Bench, fault: Fault) -> None:
    microsoft.tenant.groups.add("Staff")
    microsoft.tenant.faults.order(Endpoint.MEMBERS, fault)
    assert (await fails(microsoft, "Staff"))[0] == Cause.MALFORMED


async def test_an_empty_page_is_not_the_end_of_the_members(microsoft: Bench) -> None:
    (ann,) = hire(microsoft, "ann")
    microsoft.tenant.groups.join(microsoft.tenant.groups.add("Staff"), ann)
    microsoft.tenant.faults.order(Endpoint.MEMBERS, Fault.EMPTY_PAGE, times=2)
    assert (await read(microsoft, "Staff")).members == {"Staff": frozenset({ann})}


async def test_groups_that_stay_out_of_order_end_the_whole_reading(microsoft: Bench) -> None:
    microsoft.tenant.groups.add("Staff")
    microsoft.tenant.faults.order(Endpoint.MEMBERS, Fault.SERVER_ERROR, times=ALWAYS)
    assert (await fails(microsoft, "Staff"))[0] == Cause.UNAVAILABLE
