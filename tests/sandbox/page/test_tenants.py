"""What the people panel does to a pretend tenant."""

import pytest

from billing.errors import WrongInput
from sandbox.microsoft.tenant import Tenant
from sandbox.page.tenants import BREAKAGES, break_tenant, broken_by, change, hire, licences_of, mend


@pytest.fixture
def tenant() -> Tenant:
    return Tenant("11111111-1111-4111-8111-111111111111", "acme.example")


@pytest.mark.parametrize("how", BREAKAGES)
def test_a_tenant_that_is_broken_says_how_and_is_mended(tenant: Tenant, how: str) -> None:
    assert broken_by(tenant) is None
    break_tenant(tenant, how)
    assert broken_by(tenant) == how
    mend(tenant)
    assert broken_by(tenant) is None


def test_a_tenant_is_broken_in_one_way_at_a_time(tenant: Tenant) -> None:
    break_tenant(tenant, "forbidden")
    break_tenant(tenant, "slow")
    assert broken_by(tenant) == "slow"
    assert "User.Read.All" in tenant.permissions


def test_two_people_of_one_name_have_two_addresses(tenant: Tenant) -> None:
    for _ in range(2):
        hire(tenant, "Ann  Ames", "counts")
    upns = [person.properties["userPrincipalName"] for person in tenant.people.everybody()]
    assert upns == ["ann.ames@acme.example", "ann.ames2@acme.example"]


@pytest.mark.parametrize(
    ("kind", "user_type", "licences"),
    [
        ("counts", "Member", ["SPB"]),
        ("free", "Member", ["FLOW_FREE"]),
        ("bare", "Member", []),
        ("guest", "Guest", ["SPB"]),
    ],
)
def test_somebody_is_hired_as(tenant: Tenant, kind: str, user_type: str, licences: list[str]) -> None:
    hire(tenant, "Ann Ames", kind)
    (person,) = tenant.people.everybody()
    assert person.properties["userType"] == user_type
    assert licences_of(person) == licences


@pytest.mark.parametrize("name", ["", "   ", "x" * 257])
def test_a_name_that_nobody_can_have_is_refused(tenant: Tenant, name: str) -> None:
    with pytest.raises(WrongInput, match="A name has 1 to 256 characters"):
        hire(tenant, name, "counts")


@pytest.mark.parametrize(
    ("deeds", "name", "enabled", "licences"),
    [
        ([("rename", "Ann Byrd")], "Ann Byrd", True, ["SPB"]),
        ([("disable", "")], "Ann Ames", False, ["SPB"]),
        ([("disable", ""), ("enable", "")], "Ann Ames", True, ["SPB"]),
        ([("license", "FLOW_FREE"), ("unlicense", "SPB")], "Ann Ames", True, ["FLOW_FREE"]),
    ],
)
def test_a_person_is_changed_by(
    tenant: Tenant, deeds: list[tuple[str, str]], name: str, *, enabled: bool, licences: list[str]
) -> None:
    person_id = hire(tenant, "Ann Ames", "counts")
    for deed, value in deeds:
        change(tenant, person_id, deed, value)
    (person,) = tenant.people.everybody()
    properties = person.properties
    found = (properties["displayName"], properties["accountEnabled"], licences_of(person))
    assert found == (name, enabled, licences)


def test_somebody_who_is_dismissed_is_gone(tenant: Tenant) -> None:
    change(tenant, hire(tenant, "Ann Ames", "counts"), "fire", "")
    assert tenant.people.everybody() == []


def test_somebody_whom_another_tab_dismissed_is_told_to_be_gone(tenant: Tenant) -> None:
    person_id = hire(tenant, "Ann Ames", "counts")
    change(tenant, person_id, "fire", "")
    with pytest.raises(WrongInput, match="isn't in the directory any more"):
        change(tenant, person_id, "disable", "")


@pytest.mark.parametrize(
    ("deed", "value", "said"),
    [("promote", "", "Nobody can be told to promote"), ("license", "GOLD", "no licence GOLD"), ("rename", " ", "1 to")],
)
def test_what_the_panel_does_not_offer_is_refused(tenant: Tenant, deed: str, value: str, said: str) -> None:
    person_id = hire(tenant, "Ann Ames", "counts")
    with pytest.raises(WrongInput, match=said):
        change(tenant, person_id, deed, value)
    with pytest.raises(WrongInput, match="can't be broken by"):
        break_tenant(tenant, "fire and water")
