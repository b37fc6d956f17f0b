"""What Okta tells of people: who is enabled, who left, what changed, who is in a group."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.directories.entries import Entry, Removal, Sighting, accounts_after
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import Account, Wanted
from tests.support.okta import Okta

LONG_AGO = 1_700_000_000
GROUP_ID = "00gAAAAAAAAAAAAAAAAA"


async def read(okta: Okta, cursor: str | None = None, wanted: Wanted | None = None) -> tuple[Reading, list[Entry]]:
    with Spool() as spool:
        reading = await okta.directory().read(cursor, spool, wanted=wanted or Wanted())
        return reading, list(spool)


async def accounts(okta: Okta) -> dict[str, Account]:
    reading, entries = await read(okta)
    return accounts_after((), entries, full=reading.full)


def hire_long_ago(okta: Okta, *names: str) -> None:
    """People who changed so long ago that no overlap asks for them again."""
    now, okta.organization.clock = okta.organization.clock, lambda: LONG_AGO
    for name in names:
        okta.organization.hire(name, f"{name}@acme.example", object_id=name)
    okta.organization.clock = now


def aged(cursor: str | None, **age: int) -> str:
    """The cursor as it would be if the last full reading were so old."""
    told = json.loads(cursor or "")
    told["full"] = (datetime.now(UTC) - timedelta(**age)).isoformat()
    return json.dumps(told)


@pytest.mark.parametrize(
    ("status", "enabled"),
    [
        ("ACTIVE", True),
        ("PASSWORD_EXPIRED", True),
        ("LOCKED_OUT", True),
        ("RECOVERY", True),
        ("PROVISIONED", True),
        ("STAGED", False),
        ("SUSPENDED", False),
    ],
)
async def test_whoever_was_activated_and_not_suspended_is_enabled(okta: Okta, status: str, *, enabled: bool) -> None:
    okta.organization.hire("Ann Ames", "ann@acme.example", object_id="ann", status=status)
    assert (await accounts(okta))["ann"].enabled is enabled


async def test_a_status_that_nobody_documents_is_refused(okta: Okta) -> None:
    okta.organization.hire("Ann Ames", "ann@acme.example", status="DREAMING")
    with pytest.raises(DirectoryNotRead, match="status"):
        await read(okta)


async def test_the_profile_gives_department_and_employee_number_and_the_last_login_its_day(okta: Okta) -> None:
    more = {"department": "Sales", "employeeNumber": "7", "last_login": LONG_AGO}
    okta.organization.hire("Ann Ames", "ann", object_id="ann", email="ann@acme.example", **more)
    assert (await accounts(okta))["ann"] == Account(
        "ann",
        "Ann Ames",
        "ann@acme.example",
        "ann",
        licences=None,
        department="Sales",
        employee_id="7",
        last_sign_in=date(2023, 11, 14),
    )


async def test_what_was_cleared_is_empty_after_the_next_reading(okta: Okta) -> None:
    okta.organization.hire("Ann Ames", "ann@acme.example", object_id="ann", department="Sales")
    reading, entries = await read(okta)
    okta.organization.change("ann", department=None)
    _, later = await read(okta, reading.cursor)
    assert accounts_after((), [*entries, *later], full=True)["ann"].department == ""


async def test_a_display_name_goes_before_first_and_last_name(okta: Okta) -> None:
    okta.organization.hire("Ann Ames", "ann@acme.example", object_id="ann", displayName="Dr. Ames")
    assert (await accounts(okta))["ann"].name == "Dr. Ames"


async def test_a_later_reading_has_only_who_changed(okta: Okta) -> None:
    hire_long_ago(okta, "ann", "bo", "cy")
    reading, _ = await read(okta)
    okta.organization.move("bo", "SUSPENDED")
    later, entries = await read(okta, reading.cursor)
    assert not later.full
    assert [entry.object_id for entry in entries] == ["bo"]


async def test_what_changed_while_a_reading_ran_is_in_the_next(okta: Okta) -> None:
    hire_long_ago(okta, "ann", "bo", "cy")
    reading, _ = await read(okta)
    now, okta.organization.clock = okta.organization.clock, lambda: now() - 300
    okta.organization.rename("ann", "Ann Adler")
    _, entries = await read(okta, reading.cursor)
    assert [entry.object_id for entry in entries] == ["ann"]


async def test_whoever_was_deactivated_is_taken_away_but_may_come_back(okta: Okta) -> None:
    hire_long_ago(okta, "ann", "bo")
    reading, _ = await read(okta)
    okta.organization.fire("ann")
    later, entries = await read(okta, reading.cursor)
    assert entries == [Removal("ann", permanent=False)]
    okta.organization.move("ann", "ACTIVE")
    _, entries = await read(okta, later.cursor)
    assert isinstance(entries[0], Sighting)


async def test_a_full_reading_leaves_out_who_was_deactivated(okta: Okta) -> None:
    hire_long_ago(okta, "ann", "bo")
    okta.organization.fire("ann")
    assert set(await accounts(okta)) == {"bo"}


async def test_a_user_deleted_for_good_is_noticed_by_the_full_reading_that_comes_every_three_days(okta: Okta) -> None:
    hire_long_ago(okta, "ann", "bo")
    reading, _ = await read(okta)
    okta.organization.purge("ann")
    soon, entries = await read(okta, aged(reading.cursor, days=2))
    assert (soon.full, entries) == (False, [])
    later, entries = await read(okta, aged(reading.cursor, days=3))
    assert later.full
    assert [entry.object_id for entry in entries] == ["bo"]


async def test_a_reading_in_between_does_not_put_off_the_next_full_one(okta: Okta) -> None:
    hire_long_ago(okta, "ann")
    reading, _ = await read(okta)
    old = aged(reading.cursor, days=2)
    between, _ = await read(okta, old)
    assert json.loads(between.cursor or "")["full"] == json.loads(old)["full"]


@pytest.mark.parametrize("cursor", ["", "{}", "[]", "nonsense", '{"url": 1, "since": "x", "full": "y"}'])
async def test_a_cursor_that_is_none_of_ours_is_answered_with_everybody(okta: Okta, cursor: str) -> None:
    hire_long_ago(okta, "ann")
    reading, entries = await read(okta, cursor)
    assert (reading.full, len(entries)) == (True, 1)


async def test_a_cursor_of_another_organization_is_answered_with_everybody(okta: Okta) -> None:
    hire_long_ago(okta, "ann")
    reading, _ = await read(okta)
    foreign = json.dumps({**json.loads(reading.cursor or ""), "url": "https://other.okta.com"})
    again, _ = await read(okta, foreign)
    assert again.full


async def test_the_members_of_a_group_are_told_by_its_name_and_by_its_id(okta: Okta) -> None:
    hire_long_ago(okta, "ann", "bo", "cy")
    okta.organization.page_size = 1
    okta.organization.group('All "hands"', "ann", "cy", group_id=GROUP_ID)
    reading, _ = await read(okta, wanted=Wanted(groups=('all "hands"', GROUP_ID)))
    assert reading.members == dict.fromkeys(('all "hands"', GROUP_ID), frozenset({"ann", "cy"}))


async def test_nobody_asks_for_groups_where_no_rule_does(okta: Okta) -> None:
    hire_long_ago(okta, "ann")
    reading, _ = await read(okta)
    assert reading.members is None


@pytest.mark.parametrize("group", ["Nobody's", "00gBBBBBBBBBBBBBBBBB"])
async def test_a_group_that_is_not_there_is_an_error_that_names_it(okta: Okta, group: str) -> None:
    with pytest.raises(DirectoryNotRead, match=f"no group '{group}'") as failed:
        await read(okta, wanted=Wanted(groups=(group,)))
    assert failed.value.cause == Cause.NOT_FOUND


async def test_two_groups_of_one_name_must_be_told_apart_by_id(okta: Okta) -> None:
    for group_id in ("00gB", "00gA"):
        okta.organization.group("Staff", group_id=group_id)
    with pytest.raises(DirectoryNotRead, match="00gA, 00gB"):
        await read(okta, wanted=Wanted(groups=("Staff",)))


async def test_a_rule_that_asks_for_licences_is_told_that_okta_has_none(okta: Okta) -> None:
    with pytest.raises(DirectoryNotRead, match="basis: enabled"):
        await read(okta, wanted=Wanted(licences=True))


async def test_bought_licences_are_unknown(okta: Okta) -> None:
    reading, _ = await read(okta, wanted=Wanted(units=True))
    assert reading.units is None


async def test_a_look_says_that_the_token_may_read(okta: Okta) -> None:
    seen = await okta.directory().examine(wanted=Wanted(), now=lambda: datetime.now(UTC))
    assert [one.state for one in seen.observations] == ["well"]


@pytest.mark.parametrize("wanted", [Wanted(licences=True), Wanted(groups=("Nobody's",))])
async def test_a_look_tells_what_a_reading_would_fail_for(okta: Okta, wanted: Wanted) -> None:
    seen = await okta.directory().examine(wanted=wanted, now=lambda: datetime.now(UTC))
    assert seen.broken
    assert seen.observations[0].remedy
