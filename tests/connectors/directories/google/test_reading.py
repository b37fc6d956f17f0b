"""What Google tells of people: who is enabled, which licences they have, who is in a group."""

from datetime import UTC, date, datetime

import pytest

from connectors.directories.entries import accounts_after
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead, DirectorySettingsMakeNoSense
from rosters.rules import Account, Wanted
from tests.support.google import Google

LICENCES = Wanted(licences=True)


async def read(google: Google, wanted: Wanted | None = None, **settings: object) -> tuple[Reading, dict[str, Account]]:
    with Spool() as spool:
        reading = await google.directory(**settings).read("ignored", spool, wanted=wanted or Wanted())
        return reading, accounts_after((), spool, full=reading.full)


@pytest.mark.parametrize(
    ("flags", "enabled"),
    [({}, True), ({"suspended": True}, False), ({"archived": True}, False)],
    ids=["neither", "suspended", "archived"],
)
async def test_whoever_is_suspended_or_archived_is_not_enabled(
    google: Google, flags: dict[str, bool], *, enabled: bool
) -> None:
    google.workspace.hire("Ann", "ann@acme.example", object_id="ann", **flags)
    _, accounts = await read(google)
    assert accounts["ann"].enabled is enabled


async def test_department_and_employee_id_are_the_primary_ones_and_the_last_sign_in_a_day(google: Google) -> None:
    google.workspace.hire(
        "Ann Ames",
        "ann@acme.example",
        object_id="ann",
        organizations=[{"primary": False, "department": "Chess"}, {"primary": True, "department": "Sales"}],
        externalIds=[{"type": "custom", "value": "x"}, {"type": "organization", "value": "7"}],
        lastLoginTime="2026-11-02T23:30:00.000-05:00",
    )
    _, accounts = await read(google)
    assert accounts["ann"] == Account(
        "ann",
        "Ann Ames",
        "ann@acme.example",
        "ann@acme.example",
        licences=None,
        department="Sales",
        employee_id="7",
        last_sign_in=date(2026, 11, 3),
    )


async def test_whoever_never_signed_in_has_no_last_day(google: Google) -> None:
    google.workspace.hire("Ann", "ann@acme.example", object_id="ann")
    _, accounts = await read(google)
    assert accounts["ann"].last_sign_in is None


async def test_every_reading_is_full_and_leaves_no_cursor(google: Google) -> None:
    google.workspace.hire("Ann", "ann@acme.example")
    reading, _ = await read(google)
    assert (reading.full, reading.cursor) == (True, None)


async def test_five_hundred_users_make_a_page(google: Google) -> None:
    for number in range(1001):
        google.workspace.hire("Somebody", f"u{number}@acme.example")
    reading, accounts = await read(google)
    assert (reading.pages, reading.people, len(accounts)) == (3, 1001, 1001)


async def test_licences_are_called_as_google_calls_them_and_by_their_id_where_it_has_no_name(google: Google) -> None:
    google.workspace.hire("Ann", "ann@acme.example", object_id="ann")
    google.workspace.license("ann", "1010020027", "Google Workspace Business Starter")
    google.workspace.license("ann", "1010060003")
    _, accounts = await read(google, LICENCES)
    assert accounts["ann"].licences == ("1010060003", "Google Workspace Business Starter")


async def test_only_the_products_that_the_book_names_are_asked_for_licences(google: Google) -> None:
    google.workspace.hire("Ann", "ann@acme.example", object_id="ann")
    google.workspace.license("ann", "1010020027", "Starter")
    google.workspace.license("ann", "Google-Vault", "Vault", product="Google-Vault")
    _, usual = await read(google, LICENCES)
    _, both = await read(google, LICENCES, products=["Google-Apps", "Google-Vault"])
    assert (usual["ann"].licences, both["ann"].licences) == (("Starter",), ("Starter", "Vault"))


async def test_licences_are_found_page_by_page_and_whatever_case_an_address_has(google: Google) -> None:
    google.workspace.page_size = 2
    for number in range(5):
        google.workspace.hire("Somebody", f"U{number}@Acme.example", object_id=f"u{number}")
        google.workspace.license(f"u{number}", "1", "Starter")
    google.workspace.people["u3"]["primaryEmail"] = "u3@acme.example"
    _, accounts = await read(google, LICENCES)
    assert {account.licences for account in accounts.values()} == {("Starter",)}


async def test_somebody_renamed_between_the_licences_and_the_users_keeps_the_licence(google: Google) -> None:
    google.workspace.hire("Ann", "ann@acme.example", object_id="ann")
    google.workspace.license("ann", "1", "Starter")

    def rename(_: object, answer: object) -> object:
        google.workspace.rename("ann", mail="ann.adler@acme.example")
        return answer

    google.workspace.faults.order("licences", rename)  # type: ignore[arg-type]  # it passes on what it is given
    _, accounts = await read(google, LICENCES)
    assert accounts["ann"].upn == "ann.adler@acme.example"
    assert accounts["ann"].licences == ("Starter",)


async def test_nobodys_licences_are_concluded_from_a_list_of_users_that_was_empty_for_a_moment(google: Google) -> None:
    def hire(_: object, answer: object) -> object:
        google.workspace.hire("Ann", "ann@acme.example")
        return answer

    google.workspace.faults.order("users", hire)  # type: ignore[arg-type]  # it passes on what it is given
    with pytest.raises(DirectoryNotRead, match="customer's id"):
        await read(google, LICENCES)


async def test_a_customer_that_the_book_names_is_taken_as_it_is(google: Google) -> None:
    google.workspace.hire("Ann", "ann@acme.example", object_id="ann")
    google.workspace.license("ann", "1", "Starter")
    _, accounts = await read(google, LICENCES, customer="C0acme1")
    assert accounts["ann"].licences == ("Starter",)


async def test_a_product_that_google_does_not_know_is_named(google: Google) -> None:
    google.workspace.hire("Ann", "ann@acme.example")
    with pytest.raises(DirectoryNotRead, match="no product 'Google-Abacus'"):
        await read(google, LICENCES, products=["Google-Abacus"])


@pytest.mark.parametrize("group", ["staff@acme.example", "All o'clock"])
async def test_the_members_of_a_group_are_told_by_its_address_and_by_its_name_through_inner_groups_too(
    google: Google, group: str
) -> None:
    google.workspace.page_size = 1
    google.workspace.group("sales@acme.example", "Sales", "ann", "bo")
    google.workspace.group("staff@acme.example", "All o'clock", "sales@acme.example", "cy")
    reading, _ = await read(google, Wanted(groups=(group,)))
    assert reading.members == {group: frozenset({"ann", "bo", "cy"})}


@pytest.mark.parametrize("group", ["nobody@acme.example", "Nobody"])
async def test_a_group_that_is_not_there_is_an_error_that_names_it(google: Google, group: str) -> None:
    with pytest.raises(DirectoryNotRead, match=f"no group '{group}'") as failed:
        await read(google, Wanted(groups=(group,)))
    assert failed.value.cause == Cause.NOT_FOUND


async def test_two_groups_of_one_name_must_be_told_apart_by_address(google: Google) -> None:
    google.workspace.group("a@acme.example", "Staff")
    google.workspace.group("b@acme.example", "staff")
    with pytest.raises(DirectoryNotRead, match="2 groups named 'Staff'"):
        await read(google, Wanted(groups=("Staff",)))


async def test_a_group_with_the_whole_organization_in_it_is_refused_rather_than_taken_for_empty(google: Google) -> None:
    google.workspace.group("all@acme.example", "All", "C0acme1")
    with pytest.raises(DirectoryNotRead, match="whole organization"):
        await read(google, Wanted(groups=("all@acme.example",)))


@pytest.mark.parametrize(
    ("wanted", "scopes"),
    [
        (Wanted(), {"admin.directory.user.readonly"}),
        (Wanted(licences=True), {"admin.directory.user.readonly", "apps.licensing"}),
        (Wanted(groups=("all@acme.example",)), {"admin.directory.user.readonly", "admin.directory.group.readonly"}),
        (Wanted(units=True, mailboxes=True), {"admin.directory.user.readonly"}),
    ],
)
async def test_a_scope_is_asked_for_only_where_a_rule_needs_it(
    google: Google, wanted: Wanted, scopes: set[str]
) -> None:
    google.workspace.hire("Ann", "ann@acme.example")
    google.workspace.group("all@acme.example", "All", "ann")
    await read(google, wanted)
    asked = {scope.rpartition("/")[2] for token in google.workspace.tokens.values() for scope in token}
    assert asked == scopes


async def test_one_sign_in_lasts_for_a_whole_reading(google: Google) -> None:
    google.workspace.page_size = 1
    for number in range(5):
        google.workspace.hire("Somebody", f"u{number}@acme.example")
    await read(google)
    assert google.calls.count("token:before") == 1


async def test_a_look_says_that_all_is_allowed(google: Google) -> None:
    google.workspace.hire("Ann", "ann@acme.example")
    seen = await google.directory().examine(wanted=LICENCES, now=lambda: datetime.now(UTC))
    assert [one.state for one in seen.observations] == ["well"]


async def test_a_look_tells_what_a_reading_would_fail_for(google: Google) -> None:
    google.workspace.delegated.clear()
    seen = await google.directory().examine(wanted=LICENCES, now=lambda: datetime.now(UTC))
    assert seen.broken
    assert "Domain-wide delegation" in seen.observations[0].remedy


@pytest.mark.parametrize(
    "settings",
    [
        {"admin": "nobody"},
        {"customer": "acme.example"},
        {"products": []},
        {"products": ["../users"]},
        {"token_url": "http://127.0.0.1/token"},
        {"directory_url": "http://admin.googleapis.com"},
        {"key": "the key itself"},
    ],
)
async def test_settings_that_make_no_sense_are_refused_by_name(google: Google, settings: dict[str, object]) -> None:
    with pytest.raises(DirectorySettingsMakeNoSense, match=next(iter(settings))):
        google.directory(**settings)
