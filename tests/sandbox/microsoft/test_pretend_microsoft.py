"""The pretend Microsoft over real HTTP: it gives what Microsoft gives and refuses what Microsoft refuses."""

import base64
import json

import httpx
import pytest

from sandbox.microsoft.client import MicrosoftClient, TenantClient
from sandbox.microsoft.faults import Endpoint, Fault
from sandbox.microsoft.skus import sku_id
from tests.support.graph_caller import Caller
from tests.support.microsoft import CLIENT_ID, TENANT


async def test_discovery_names_the_token_endpoint_of_the_tenant(caller: Caller, url: str) -> None:
    answer = await caller.http.get("/acme.example/v2.0/.well-known/openid-configuration")
    assert answer.json()["token_endpoint"] == f"{url}/{TENANT}/oauth2/v2.0/token"


@pytest.mark.parametrize(
    ("form", "status", "number"),
    [
        ({"client_secret": "wrong"}, 401, 7000215),
        ({"client_id": "another"}, 400, 700016),
        ({"tenant": "nowhere.example"}, 400, 90002),
        ({"scope": "User.Read.All"}, 400, 1002012),
        ({"scope": "https://graph.microsoft.us/.default"}, 400, 500011),
        ({"grant_type": "password"}, 400, 70003),
        ({"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, 401, 700027),
    ],
)
async def test_a_wrong_sign_in_is_refused_with_microsofts_number(
    caller: Caller, form: dict[str, str], status: int, number: int
) -> None:
    answer = await caller.sign_in(**form)
    assert (answer.status_code, answer.json()["error_codes"]) == (status, [number])


async def test_a_tenant_without_consent_is_refused(caller: Caller, tenant: TenantClient) -> None:
    await tenant.configure(consented=False)
    assert (await caller.sign_in()).json()["error_codes"] == [700016]


async def test_graph_answers_nobody_without_a_token(caller: Caller) -> None:
    caller.token = "made-up"
    assert (await caller.get("/v1.0/users/delta")).json()["error"]["code"] == "InvalidAuthenticationToken"


async def test_a_token_expires(caller: Caller, tenant: TenantClient) -> None:
    await tenant.configure(token_lifetime_seconds=0)
    await caller.sign_in()
    assert (await caller.get("/v1.0/subscribedSkus")).status_code == 401


async def test_a_permission_that_was_not_given_is_missed(caller: Caller, tenant: TenantClient) -> None:
    await tenant.configure(permissions=["User.Read.All"])
    assert (await caller.get("/v1.0/users/delta")).status_code == 200
    assert (await caller.get("/v1.0/subscribedSkus")).status_code == 403


async def test_pages_lead_to_everybody_and_to_the_next_time(caller: Caller, tenant: TenantClient) -> None:
    hired = [await tenant.hire(f"User {number}", f"u{number}@acme.example") for number in range(5)]
    users, _, pages = await caller.walk()
    assert [user["id"] for user in users] == hired
    assert pages == 3


async def test_only_selected_properties_are_returned_and_unset_ones_are_absent(
    caller: Caller, tenant: TenantClient
) -> None:
    ann = await tenant.hire("Ann", "ann@acme.example")
    users, _, _ = await caller.walk("/v1.0/users/delta?$select=displayName,mail")
    assert users == [{"id": ann, "displayName": "Ann"}]


async def test_without_a_selection_the_default_properties_are_returned(caller: Caller, tenant: TenantClient) -> None:
    ann = await tenant.hire("Ann", "ann@acme.example")
    users, _, _ = await caller.walk("/v1.0/users/delta")
    assert users == [{"id": ann, "displayName": "Ann", "userPrincipalName": "ann@acme.example"}]


async def test_only_a_change_of_a_selected_property_is_listed(caller: Caller, tenant: TenantClient) -> None:
    ann = await tenant.hire("Ann", "ann@acme.example")
    _, link, _ = await caller.walk("/v1.0/users/delta?$select=displayName")
    await tenant.disable(ann)
    users, link, _ = await caller.walk(link)
    assert users == []
    await tenant.rename(ann, name="Ann Adler")
    assert (await caller.walk(link))[0] == [{"id": ann, "displayName": "Ann Adler"}]


async def test_every_kind_of_leaving_and_coming_back_is_listed_since_the_link(
    caller: Caller, tenant: TenantClient
) -> None:
    ann = await tenant.hire("Ann", "ann@acme.example", licences=["SPB"])
    _, link, _ = await caller.walk()
    await tenant.fire(ann)
    users, link, _ = await caller.walk(link)
    assert users == [{"id": ann, "@removed": {"reason": "changed"}}]
    await tenant.restore(ann)
    users, link, _ = await caller.walk(link)
    assert users[0]["assignedLicenses"] == [{"skuId": sku_id("SPB"), "disabledPlans": []}]
    await tenant.purge(ann)
    assert (await caller.walk(link))[0] == [{"id": ann, "@removed": {"reason": "deleted"}}]


async def test_licences_come_and_go_and_are_counted(caller: Caller, tenant: TenantClient) -> None:
    ann = await tenant.hire("Ann", "ann@acme.example", licences=["FLOW_FREE"])
    await tenant.buy("SPB", 5)
    await tenant.license(ann, "SPB")
    await tenant.unlicense(ann, "FLOW_FREE")
    skus = {sku["skuPartNumber"]: sku for sku in (await caller.get("/v1.0/subscribedSkus")).json()["value"]}
    assert (skus["SPB"]["consumedUnits"], skus["SPB"]["prepaidUnits"]["enabled"]) == (1, 5)
    assert skus["FLOW_FREE"]["consumedUnits"] == 0


async def test_a_single_user_is_there_until_fired(caller: Caller, tenant: TenantClient) -> None:
    ann = await tenant.hire("Ann", "ann@acme.example", enabled=False, mail="ann@acme.example")
    path = f"/v1.0/users/{ann}?$select=mail,accountEnabled"
    assert (await caller.get(path)).json() == {"id": ann, "mail": "ann@acme.example", "accountEnabled": False}
    await tenant.fire(ann)
    assert (await caller.get(path)).status_code == 404


@pytest.mark.parametrize(
    "query", ["$top=5", "$orderby=displayName", "$select=shoeSize", "$select=mail&$skiptoken=x", "$expand=manager"]
)
async def test_a_query_that_graph_does_not_support_is_refused(caller: Caller, query: str) -> None:
    assert (await caller.get(f"/v1.0/users/delta?{query}")).status_code == 400


async def test_a_link_that_was_forgotten_is_not_known_any_more(caller: Caller, tenant: TenantClient) -> None:
    _, link, _ = await caller.walk()
    await tenant.forget()
    assert (await caller.get(link)).json()["error"]["code"] == "syncStateNotFound"


async def test_a_fault_happens_where_and_as_often_as_ordered(caller: Caller, tenant: TenantClient) -> None:
    await tenant.fail(Endpoint.SKUS, Fault.THROTTLED, after=1, times=2, seconds=9)
    answers = [await caller.get("/v1.0/subscribedSkus") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 429, 429, 200]
    assert answers[1].headers["Retry-After"] == "9"
    assert (await caller.get("/v1.0/users/delta")).status_code == 200


async def test_a_dropped_connection_breaks_off_in_the_middle(caller: Caller, tenant: TenantClient) -> None:
    await tenant.fail(Endpoint.SKUS, Fault.DROPPED)
    with pytest.raises(httpx.TransportError):
        await caller.get("/v1.0/subscribedSkus")


async def test_gone_says_where_to_begin_anew(caller: Caller, tenant: TenantClient, url: str) -> None:
    await tenant.fail(Endpoint.DELTA, Fault.GONE)
    answer = await caller.get("/v1.0/users/delta")
    assert (answer.status_code, answer.headers["Location"]) == (410, f"{url}/v1.0/users/delta?$deltatoken=")


async def test_the_control_shows_the_tenant(tenant: TenantClient) -> None:
    ann = await tenant.hire("Ann", "ann@acme.example", guest=True)
    state = await tenant.state()
    assert [(person["id"], person["userType"]) for person in state["people"]] == [(ann, "Guest")]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("tenants/nowhere/hire", {}, 404),
        (f"tenants/{TENANT}/dance", {}, 404),
        (f"tenants/{TENANT}/hire", {"nome": "Ann"}, 400),
        (f"tenants/{TENANT}/fire", {"object_id": "nobody"}, 404),
        (f"tenants/{TENANT}/fail", {"endpoint": "delta", "fault": "boredom"}, 400),
        (f"tenants/{TENANT}/configure", {"colour": "blue"}, 400),
    ],
)
async def test_a_control_call_that_makes_no_sense_says_why(
    caller: Caller, path: str, body: dict[str, str], status: int
) -> None:
    answer = await caller.http.post(f"/control/{path}", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_a_token_says_what_the_app_may_do(caller: Caller, tenant: TenantClient) -> None:
    await tenant.configure(permissions=["User.Read.All"])
    await caller.sign_in()
    said = caller.token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    assert claims == {"tid": TENANT, "appid": CLIENT_ID, "roles": ["User.Read.All"]}


async def test_an_expired_secret_is_refused(caller: Caller, microsoft: MicrosoftClient) -> None:
    await microsoft.register(CLIENT_ID, secret="right", secret_expires="2026-01-01T00:00:00Z")
    assert (await caller.sign_in()).json()["error_codes"] == [7000222]


@pytest.mark.parametrize(("home", "seen"), [(TENANT, 1), ("another", 0)])
async def test_only_the_home_tenant_knows_the_app_and_the_end_of_its_secret(
    caller: Caller, microsoft: MicrosoftClient, tenant: TenantClient, home: str, seen: int
) -> None:
    await microsoft.register(CLIENT_ID, secret="right", home=home, secret_expires="2099-01-01T00:00:00Z")
    path = f"/v1.0/applications?$filter=appId eq '{CLIENT_ID}'"
    assert (await caller.get(path)).status_code == 403
    await tenant.configure(permissions=["Application.Read.All"])
    apps = (await caller.get(path)).json()["value"]
    secret = {"hint": "rig", "endDateTime": "2099-01-01T00:00:00Z"}
    assert apps == [{"appId": CLIENT_ID, "passwordCredentials": [secret]}] * seen
