"""Users, groups, mailboxes and sign-ins of the pretend Microsoft, given and refused as Graph does."""

import pytest

from sandbox.microsoft.client import TenantClient
from sandbox.microsoft.faults import Endpoint, Fault
from tests.support.graph_caller import Caller

EVERYTHING = ["User.Read.All", "GroupMember.Read.All", "MailboxSettings.Read", "AuditLog.Read.All"]
ACTIVITY = "/v1.0/users?$select=id,signInActivity"


@pytest.fixture(autouse=True)
async def allowed(tenant: TenantClient) -> None:
    await tenant.configure(permissions=EVERYTHING)


def mailbox(object_id: str) -> str:
    return f"/users/{object_id}/mailboxSettings/userPurpose"


async def test_users_are_listed_page_by_page(caller: Caller, tenant: TenantClient) -> None:
    hired = [await tenant.hire(f"User {number}", f"u{number}@acme.example") for number in range(5)]
    users, pages = await caller.listed("/v1.0/users?$select=id,displayName&$top=2")
    assert ([user["id"] for user in users], pages) == (hired, 3)


async def test_sign_ins_are_told_of_those_who_have_any_on_small_pages(caller: Caller, tenant: TenantClient) -> None:
    hired = [await tenant.hire(f"User {number}", f"u{number}@acme.example") for number in range(121)]
    await tenant.signed_in(hired[0], "2026-11-20T08:00:00Z")
    users, pages = await caller.listed(f"{ACTIVITY}&$top=999")
    assert users[0]["signInActivity"] == {"lastSuccessfulSignInDateTime": "2026-11-20T08:00:00Z"}
    assert ("signInActivity" in users[1], pages) == (False, 2)


@pytest.mark.parametrize(
    ("premium", "permissions", "code"),
    [
        (False, EVERYTHING, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"),
        (True, ["User.Read.All"], "Authorization_RequestDenied"),
    ],
)
async def test_sign_ins_take_a_premium_tenant_and_a_permission(
    caller: Caller, tenant: TenantClient, *, premium: bool, permissions: list[str], code: str
) -> None:
    await tenant.configure(premium=premium, permissions=permissions)
    answer = await caller.get(ACTIVITY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, code)
    assert (await caller.get("/v1.0/users")).status_code == 200


async def test_the_purpose_of_a_mailbox_is_not_on_any_list(caller: Caller) -> None:
    assert (await caller.get("/v1.0/users?$select=mailboxSettings")).status_code == 501


@pytest.mark.parametrize("query", ["$top=0", "$top=1000", "$top=many", "$skip=5", "$expand=manager"])
async def test_a_list_that_graph_does_not_give_is_refused(caller: Caller, query: str) -> None:
    assert (await caller.get(f"/v1.0/users?{query}")).status_code == 400


async def test_a_paging_token_that_was_forgotten_is_expired(caller: Caller, tenant: TenantClient) -> None:
    for number in range(3):
        await tenant.hire(f"User {number}", f"u{number}@acme.example")
    link = (await caller.get("/v1.0/users?$top=2")).json()["@odata.nextLink"]
    await tenant.forget()
    assert (await caller.get(link)).json()["error"]["code"] == "Directory_ExpiredPageToken"


async def test_a_group_is_found_by_its_name_in_any_case_and_with_quotes(caller: Caller, tenant: TenantClient) -> None:
    group = await tenant.add_group("O'Neil's Team")
    found, _ = await caller.listed("/v1.0/groups?$filter=displayName eq 'o''neil''s team'")
    assert found == [{"id": group, "displayName": "O'Neil's Team"}]


@pytest.mark.parametrize("query", ["", "?$filter=displayName eq 'O'Neil'", "?$filter=mail eq 'x'"])
async def test_a_filter_on_groups_that_is_not_understood_is_refused(caller: Caller, query: str) -> None:
    assert (await caller.get(f"/v1.0/groups{query}")).json()["error"]["code"] == "Request_UnsupportedQuery"


async def test_members_are_listed_once_through_groups_in_groups(caller: Caller, tenant: TenantClient) -> None:
    ann, bo, cy = [await tenant.hire(name, f"{name}@acme.example") for name in ("Ann", "Bo", "Cy")]
    inner = await tenant.add_group("Inner", bo, ann, "device-1")
    outer = await tenant.add_group("Outer", ann, inner, cy)
    await tenant.join(inner, outer)
    await tenant.fire(cy)
    found, pages = await caller.listed(f"/v1.0/groups/{outer}/transitiveMembers?$select=id&$top=3")
    kinds = {member["id"]: member["@odata.type"].rpartition(".")[2] for member in found}
    assert kinds == {ann: "user", inner: "group", bo: "user", "device-1": "device"}
    assert (len(found), pages) == (4, 2)
    await tenant.leave(outer, inner)
    assert [one["id"] for one in (await caller.listed(f"/v1.0/groups/{outer}/transitiveMembers"))[0]] == [ann]


async def test_a_group_that_is_not_there_is_not_found(caller: Caller) -> None:
    assert (await caller.get("/v1.0/groups/nowhere/transitiveMembers")).status_code == 404


async def test_groups_take_a_permission(caller: Caller, tenant: TenantClient) -> None:
    await tenant.configure(permissions=["User.Read.All"])
    assert (await caller.get("/v1.0/groups?$filter=displayName eq 'x'")).status_code == 403


async def test_a_batch_answers_each_request_for_itself_and_in_no_order(caller: Caller, tenant: TenantClient) -> None:
    ann = await tenant.hire("Ann", "ann@acme.example", licences=["SPB"])
    room = await tenant.hire("Room", "room@acme.example")
    bo = await tenant.hire("Bo", "bo@acme.example")
    await tenant.set_mailbox(room, "room")
    answers = (await caller.batch(mailbox(ann), mailbox(room), mailbox(bo), mailbox("nobody"))).json()["responses"]
    assert [one["id"] for one in answers] == ["3", "2", "1", "0"]
    told = {one["id"]: (one["status"], one["body"].get("value", one["body"].get("error"))) for one in answers}
    assert (told["0"], told["1"]) == ((200, "user"), (200, "room"))
    assert (told["2"][0], told["2"][1]["code"]) == (404, "MailboxNotEnabledForRESTAPI")
    assert (told["3"][0], told["3"][1]["code"]) == (404, "ErrorInvalidUser")
    assert (await caller.get(f"/v1.0{mailbox(room)}")).json()["value"] == "room"


async def test_a_request_of_a_batch_fails_alone(caller: Caller, tenant: TenantClient) -> None:
    ann = await tenant.hire("Ann", "ann@acme.example", licences=["SPB"])
    await tenant.fail(Endpoint.MAILBOX, Fault.THROTTLED, after=1, seconds=7)
    answers = (await caller.batch(*[mailbox(ann)] * 3)).json()["responses"]
    assert [(one["status"], one["headers"].get("Retry-After")) for one in answers] == [
        (200, None),
        (429, "7"),
        (200, None),
    ]


async def test_a_batch_without_the_permission_is_refused_in_each_request(caller: Caller, tenant: TenantClient) -> None:
    await tenant.configure(permissions=["User.Read.All"])
    answer = await caller.batch(mailbox("anybody"))
    assert (answer.status_code, answer.json()["responses"][0]["status"]) == (200, 403)


@pytest.mark.parametrize("count", [0, 21])
async def test_a_batch_of_none_or_too_many_is_refused(caller: Caller, count: int) -> None:
    assert (await caller.batch(*["/users/x/mailboxSettings/userPurpose"] * count)).status_code == 400


@pytest.mark.parametrize(("changes", "status"), [({"id": "same"}, 400), ({"id": 7}, 400), ({"method": "PUT"}, 200)])
async def test_a_batch_that_makes_no_sense_is_refused(caller: Caller, changes: dict[str, object], status: int) -> None:
    answer = await caller.batch(mailbox("a"), mailbox("b"), **changes)
    assert answer.status_code == status
    if status == 200:
        assert {one["status"] for one in answer.json()["responses"]} == {400}


async def test_a_token_meets_a_challenge_only_with_its_own_claims(caller: Caller, tenant: TenantClient) -> None:
    await tenant.fail(Endpoint.USERS, Fault.CLAIMS_WANTED, times=3)
    answer = await caller.get("/v1.0/users")
    assert (answer.status_code, 'error="insufficient_claims"' in answer.headers["WWW-Authenticate"]) == (401, True)
    await caller.sign_in(claims='{"access_token": {"nbf": {"essential": true, "value": "1"}}}')
    assert (await caller.get("/v1.0/users")).status_code == 401
    await caller.sign_in(claims='{"access_token": {"nbf": {"essential": true, "value": "1604106651"}}}')
    assert (await caller.get("/v1.0/users")).status_code == 200
