"""The pretend Okta refuses what Okta refuses, in its words."""

from typing import Any

import httpx
import pytest

from sandbox.okta.app import create_app
from sandbox.okta.organization import NobodyThere, Organization


@pytest.fixture
def organization() -> Organization:
    made = Organization()
    for name in ("ann", "bo", "cy"):
        made.hire(name, f"{name}@acme.example", object_id=name)
    return made


async def get(organization: Organization, path: str, *, right: bool = True, **query: str) -> httpx.Response:
    transport = httpx.ASGITransport(create_app(organization))
    async with httpx.AsyncClient(transport=transport, base_url="https://acme.okta.com") as client:
        return await client.get(
            path, params=query or None, headers={"Authorization": f"SSWS {'right' if right else 'wrong'}"}
        )


def code(response: httpx.Response) -> Any:
    return response.json()["errorCode"]


async def test_a_wrong_token_is_refused(organization: Organization) -> None:
    response = await get(organization, "/api/v1/users", right=False)
    assert (response.status_code, code(response)) == (401, "E0000011")


async def test_a_token_without_the_right_is_refused(organization: Organization) -> None:
    organization.may_read = False
    response = await get(organization, "/api/v1/users")
    assert (response.status_code, code(response)) == (403, "E0000006")


@pytest.mark.parametrize("limit", ["0", "201", "many"])
async def test_a_page_of_another_size_than_is_allowed_is_refused(organization: Organization, limit: str) -> None:
    response = await get(organization, "/api/v1/users", limit=limit)
    assert (response.status_code, code(response)) == (400, "E0000001")


@pytest.mark.parametrize("expression", ["", 'lastUpdated like "2027"', "status eq ACTIVE"])
async def test_a_filter_that_nobody_documents_is_refused(organization: Organization, expression: str) -> None:
    response = await get(organization, "/api/v1/users", filter=expression)
    assert (response.status_code, code(response)) == (400, "E0000031")


async def test_a_cursor_that_was_forgotten_is_refused(organization: Organization) -> None:
    organization.page_size = 1
    following = (await get(organization, "/api/v1/users")).links["next"]["url"]
    assert (await get(organization, following)).json()[0]["id"] == "bo"
    organization.forget()
    assert (await get(organization, following)).status_code == 400


async def test_the_last_page_has_no_link_but_to_itself(organization: Organization) -> None:
    assert set((await get(organization, "/api/v1/users")).links) == {"self"}


async def test_the_request_after_the_last_one_of_a_window_is_refused_until_the_next(organization: Organization) -> None:
    organization.clock = lambda: 90
    organization.limit = 1
    first, second = await get(organization, "/api/v1/users"), await get(organization, "/api/v1/users")
    assert (first.headers["X-Rate-Limit-Remaining"], first.headers["X-Rate-Limit-Reset"]) == ("0", "120")
    assert (second.status_code, code(second)) == (429, "E0000047")
    organization.clock = lambda: 120
    assert (await get(organization, "/api/v1/users")).status_code == 200


async def test_whoever_was_deactivated_is_listed_only_among_the_changes(organization: Organization) -> None:
    organization.fire("ann")
    everybody = await get(organization, "/api/v1/users")
    changed = await get(organization, "/api/v1/users", filter='lastUpdated gt "2020-01-01T00:00:00.000Z"')
    assert [user["id"] for user in everybody.json()] == ["bo", "cy"]
    assert [user["status"] for user in changed.json()] == ["DEPROVISIONED", "ACTIVE", "ACTIVE"]


async def test_a_group_that_is_not_there_has_no_members(organization: Organization) -> None:
    assert (await get(organization, "/api/v1/groups/00gX/users")).status_code == 404


def test_nobody_can_be_changed_who_is_not_there(organization: Organization) -> None:
    organization.purge("ann")
    with pytest.raises(NobodyThere):
        organization.rename("ann", "Ann Adler")
