"""The pretend Google refuses what Google refuses, in its words."""

from typing import Any

import httpx
import pytest

from sandbox.google.app import create_app
from sandbox.google.masks import masked, parsed
from sandbox.google.workspace import GROUPS, LICENCES, USERS, NobodyThere, Workspace

PEOPLE = "/admin/directory/v1/users"
MEMBERS = "/admin/directory/v1/groups/all@acme.example/members"
ASSIGNED = "/apps/licensing/v1/product/Google-Apps/users"
OURS = {"customer": "my_customer", "customerId": "C0acme1"}


@pytest.fixture
def workspace() -> Workspace:
    made = Workspace()
    for name in ("ann", "bo", "cy"):
        made.hire(name, f"{name}@acme.example", object_id=name)
    made.group("all@acme.example", "All", "ann", "bo", "cy")
    return made


async def get(workspace: Workspace, path: str, *scopes: str, **query: str) -> httpx.Response:
    token = workspace.issue(frozenset(scopes)) if scopes else "nobody's"
    transport = httpx.ASGITransport(create_app(workspace))
    async with httpx.AsyncClient(transport=transport, base_url="https://admin.googleapis.com") as client:
        return await client.get(path, params=OURS | query, headers={"Authorization": f"Bearer {token}"})


def reason(response: httpx.Response) -> Any:
    return response.json()["error"]["errors"][0]["reason"]


@pytest.mark.parametrize("path", [PEOPLE, MEMBERS, ASSIGNED])
async def test_a_token_that_was_never_given_is_refused(workspace: Workspace, path: str) -> None:
    assert (await get(workspace, path)).status_code == 401


@pytest.mark.parametrize(("path", "scope"), [(PEOPLE, GROUPS), (MEMBERS, USERS), (ASSIGNED, USERS)])
async def test_a_token_for_something_else_is_refused(workspace: Workspace, path: str, scope: str) -> None:
    response = await get(workspace, path, scope)
    assert (response.status_code, reason(response)) == (403, "insufficientPermissions")


@pytest.mark.parametrize(
    ("path", "scope", "size"), [(PEOPLE, USERS, "501"), (MEMBERS, GROUPS, "201"), (ASSIGNED, LICENCES, "1001")]
)
async def test_a_page_larger_than_is_allowed_is_refused(workspace: Workspace, path: str, scope: str, size: str) -> None:
    response = await get(workspace, path, scope, maxResults=size)
    assert (response.status_code, reason(response)) == (400, "invalid")


async def test_a_page_token_that_expired_is_refused(workspace: Workspace) -> None:
    workspace.page_size = 2
    token = (await get(workspace, PEOPLE, USERS)).json()["nextPageToken"]
    assert [user["id"] for user in (await get(workspace, PEOPLE, USERS, pageToken=token)).json()["users"]] == ["cy"]
    workspace.forget()
    assert (await get(workspace, PEOPLE, USERS, pageToken=token)).status_code == 400


async def test_an_empty_list_has_a_kind_and_no_items(workspace: Workspace) -> None:
    assert "items" not in (await get(workspace, ASSIGNED, LICENCES)).json()


@pytest.mark.parametrize(("path", "scope"), [(PEOPLE, USERS), (ASSIGNED, LICENCES)])
async def test_another_customer_is_refused(workspace: Workspace, path: str, scope: str) -> None:
    response = await get(workspace, path, scope, customer="C0other", customerId="my_customer")
    assert response.status_code == 400


def test_a_mask_leaves_only_what_is_asked_for() -> None:
    told = {"kind": "k", "etag": "e", "users": [{"id": "1", "name": {"fullName": "Ann", "givenName": "A"}, "x": 1}]}
    mask = parsed("kind,users(id,name/fullName)")
    assert masked(told, mask) == {"kind": "k", "users": [{"id": "1", "name": {"fullName": "Ann"}}]}


def test_nobody_can_be_changed_who_is_not_there(workspace: Workspace) -> None:
    workspace.fire("ann")
    with pytest.raises(NobodyThere):
        workspace.rename("ann", name="Ann Adler")
