"""Every way in which Google fails: what passes is waited for, what doesn't is told with its cause and remedy."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.directories.entries import accounts_after
from connectors.directories.google.key import service_account_key
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead, DirectorySettingsMakeNoSense
from connectors.http import HttpFactory, HttpSettings
from rosters.rules import Wanted
from sandbox.faults import Twist, broken_off, dropped, instead
from sandbox.google.app import google_error
from sandbox.google.sign_in import sign_in_error
from sandbox.google.workspace import Workspace
from tests.support.google import Google

ALWAYS = 1_000_000
UNAVAILABLE = instead(google_error(503, "backendError", "Backend Error"))
EXPIRED = instead(google_error(400, "invalid", "Invalid Input: pageToken"))


@pytest.fixture
def tenth(google: Google) -> Google:
    """Ten people on five pages, each with a licence."""
    google.workspace.page_size = 2
    for number in range(10):
        google.workspace.hire("Somebody", f"u{number}@acme.example", object_id=f"u{number}")
        google.workspace.license(f"u{number}", "1", "Starter")
    return google


async def read(google: Google, *, licences: bool = False) -> Reading:
    """A reading that has everybody, with the licence where it is read."""
    with Spool() as spool:
        reading = await google.directory().read(None, spool, wanted=Wanted(licences=licences))
        accounts = accounts_after((), spool, full=True)
    assert len(accounts) == 10
    assert {account.licences for account in accounts.values()} == {("Starter",) if licences else None}
    return reading


async def failure(google: Google, wanted: Wanted | None = None) -> DirectoryNotRead:
    with pytest.raises(DirectoryNotRead) as failed, Spool() as spool:
        await google.directory().read(None, spool, wanted=wanted or Wanted())
    return failed.value


def limited(status: int, reason: str, wait: str | None = None) -> Twist:
    answer = google_error(status, reason, "Slow down.", "usageLimits")
    if wait is not None:
        answer.headers["Retry-After"] = wait
    return instead(answer)


def body(change: Callable[[dict[str, object]], object]) -> Twist:
    """The page as something makes it of its JSON."""

    def twist(_: Request, answer: Response) -> Response:
        told = json.loads(bytes(answer.body))
        change(told)
        return JSONResponse(told)

    return twist


@pytest.mark.parametrize("twist", [UNAVAILABLE, dropped, broken_off], ids=["503", "dropped", "broken off"])
@pytest.mark.parametrize("page", [0, 2, 4])
async def test_what_passes_is_tried_again(tenth: Google, twist: Twist, page: int) -> None:
    tenth.workspace.faults.order("users", twist, after=page, times=2)
    assert (await read(tenth)).pages == 5
    assert tenth.pauses.slept == [1, 2]


@pytest.mark.parametrize(
    ("twist", "cause"),
    [(UNAVAILABLE, Cause.UNAVAILABLE), (dropped, Cause.NETWORK), (broken_off, Cause.MALFORMED)],
)
@pytest.mark.parametrize("endpoint", ["users", "licences"])
async def test_what_does_not_pass_ends_the_reading(tenth: Google, endpoint: str, twist: Twist, cause: Cause) -> None:
    tenth.workspace.faults.order(endpoint, twist, after=2, times=ALWAYS)
    assert (await failure(tenth, Wanted(licences=True))).cause == cause


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "quotaExceeded"), (403, "rateLimitExceeded"), (403, "userRateLimitExceeded"), (429, "rateLimitExceeded")],
)
async def test_a_limit_is_waited_for(tenth: Google, status: int, reason: str) -> None:
    tenth.workspace.faults.order("users", limited(status, reason), after=2, times=3)
    await read(tenth)
    assert tenth.pauses.slept == [1, 2, 4]


async def test_a_limit_is_waited_for_as_long_as_google_says(tenth: Google) -> None:
    tenth.workspace.faults.order("users", limited(429, "rateLimitExceeded", "17"), after=1)
    await read(tenth)
    assert tenth.pauses.slept == [17]


async def test_a_limit_that_does_not_pass_is_told_as_one(tenth: Google) -> None:
    tenth.workspace.faults.order("users", limited(403, "quotaExceeded"), times=ALWAYS)
    problem = await failure(tenth)
    assert problem.cause == Cause.THROTTLED
    assert "quotaExceeded" in str(problem)


@pytest.mark.parametrize("twist", [EXPIRED, instead(google_error(410, "gone", "Gone"))])
async def test_a_page_token_that_expired_begins_the_reading_anew(tenth: Google, twist: Twist) -> None:
    tenth.workspace.faults.order("users", twist, after=2)
    assert (await read(tenth)).pages == 5


async def test_tokens_that_the_server_forgets_in_the_middle_begin_the_reading_anew(tenth: Google) -> None:
    def forget(_: Request, answer: Response) -> Response:
        tenth.workspace.forget()
        return answer

    tenth.workspace.faults.order("users", forget, after=1)
    await read(tenth)


async def test_page_tokens_that_expire_every_time_are_given_up(tenth: Google) -> None:
    for _ in range(4):
        tenth.workspace.faults.order("users", EXPIRED, after=1)
    problem = await failure(tenth)
    assert problem.cause == Cause.UNAVAILABLE
    assert "4 times" in str(problem)


async def test_a_token_refused_in_the_middle_is_renewed_once_and_the_page_read_again(tenth: Google) -> None:
    def revoke(_: Request, __: Response) -> Response:
        tenth.workspace.tokens.clear()
        return google_error(401, "authError", "Invalid Credentials")

    tenth.workspace.faults.order("users", revoke, after=2)
    assert (await read(tenth)).pages == 5
    assert tenth.calls.count("token:before") == 2


async def test_a_token_refused_twice_ends_the_reading(tenth: Google) -> None:
    tenth.workspace.faults.order("users", instead(google_error(401, "authError", "No.")), after=2, times=2)
    problem = await failure(tenth)
    assert problem.cause == Cause.TOKEN
    assert "token_url" in str(problem)


@pytest.mark.parametrize(
    ("reason", "cause", "words"),
    [
        ("insufficientPermissions", Cause.CONSENT, "Domain-wide delegation"),
        ("notAuthorized", Cause.FORBIDDEN, "Admin roles"),
        ("forbidden", Cause.FORBIDDEN, "Admin roles"),
        ("neverHeardOf", Cause.FORBIDDEN, "Admin roles"),
        ("accessNotConfigured", Cause.CONSENT, "Admin SDK API"),
        ("domainCannotUseApis", Cause.CONSENT, "enables API access"),
        ("dailyLimitExceeded", Cause.THROTTLED, "quota"),
    ],
)
@pytest.mark.parametrize("page", [0, 2])
async def test_a_refusal_is_told_at_once_with_its_remedy(
    tenth: Google, reason: str, cause: Cause, words: str, page: int
) -> None:
    tenth.workspace.faults.order("users", limited(403, reason), after=page)
    problem = await failure(tenth)
    assert problem.cause == cause
    assert words in str(problem)
    assert tenth.pauses.slept == []


async def test_the_newer_form_of_an_error_is_understood_too(tenth: Google) -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}]
    disabled = JSONResponse({"error": {"code": 403, "status": "PERMISSION_DENIED", "details": details}}, 403)
    tenth.workspace.faults.order("users", instead(disabled))
    assert "Admin SDK API" in str(await failure(tenth))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (302, "did not accept our request for admin@acme.example (HTTP 302). Check `directory_url`."),
        (400, "(HTTP 400). Perhaps this is why: Google has no Workspace to which admin@acme.example belongs."),
        (404, "Google has no Workspace to which admin@acme.example belongs. Write the address of an administrator in"),
    ],
)
async def test_what_is_no_list_of_users_is_told_with_the_setting_to_check(
    tenth: Google, status: int, words: str
) -> None:
    tenth.workspace.faults.order("users", instead(Response(status_code=status)))
    assert words in str(await failure(tenth))


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(licences=True)])
@pytest.mark.parametrize("is_missing", [False, True])
async def test_a_customer_that_google_does_not_know_is_told_with_the_setting_to_correct(
    tenth: Google, wanted: Wanted, *, is_missing: bool
) -> None:
    for endpoint in ("users", "licences") if is_missing else ():
        tenth.workspace.faults.order(endpoint, instead(google_error(404, "notFound", "Resource Not Found: domain")))
    with Spool() as spool, pytest.raises(DirectoryNotRead) as failed:
        await tenth.directory(customer="C0wrong").read(None, spool, wanted=wanted)
    assert "'C0wrong'" in str(failed.value)
    assert "the directory's `customer`" in str(failed.value) or "or its `customer`" in str(failed.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("kind"),
        lambda told: told.update(users={}),
        lambda told: told.update(users=["x"]),
        lambda told: told.update(users=[{"primaryEmail": "x@acme.example"}]),
        lambda told: told["users"][0].update(suspended="no"),
        lambda told: told["users"][0].update(externalIds=7),
        lambda told: told["users"][0].update(lastLoginTime="soon"),
        lambda told: told["users"][0].update(name="Ann"),
        lambda told: told.update(nextPageToken=7),
    ],
)
async def test_an_answer_that_is_not_what_google_documents_is_refused(
    tenth: Google, change: Callable[[dict[str, object]], object]
) -> None:
    tenth.workspace.faults.order("users", body(change), after=1)
    assert (await failure(tenth)).cause == Cause.MALFORMED


async def test_a_page_token_that_leads_back_is_refused(tenth: Google) -> None:
    loop = body(lambda told: told.update(nextPageToken="x"))
    tenth.workspace.faults.order("users", loop)
    tenth.workspace.faults.order(
        "users", instead(JSONResponse({"kind": "admin#directory#users", "nextPageToken": "x"}))
    )
    assert "already used" in str(await failure(tenth))


async def test_a_page_without_anybody_but_with_a_token_is_not_the_last(tenth: Google) -> None:
    tenth.workspace.faults.order("users", body(lambda told: told.pop("users")), after=10)
    assert (await read(tenth)).pages == 5


@pytest.mark.parametrize(
    ("error", "status", "cause", "words"),
    [
        ("unauthorized_client", 401, Cause.CONSENT, "admin.directory.user.readonly"),
        ("access_denied", 400, Cause.CONSENT, "100000000000000000001"),
        ("invalid_grant", 400, Cause.SECRET, "clock"),
        ("invalid_client", 401, Cause.SECRET, "Service accounts"),
        ("disabled_client", 400, Cause.SECRET, "Enable it"),
        ("admin_policy_enforced", 400, Cause.CONSENT, "App access control"),
        ("something_new", 400, Cause.TOKEN, "delegation"),
    ],
)
async def test_a_refused_sign_in_is_told_with_its_remedy(
    tenth: Google, error: str, status: int, cause: Cause, words: str
) -> None:
    tenth.workspace.faults.order("token", instead(sign_in_error(status, error, "No.")))
    problem = await failure(tenth)
    assert problem.cause == cause
    assert words in str(problem)


async def test_a_delegation_without_the_licences_scope_names_it(tenth: Google) -> None:
    tenth.workspace.delegated = {scope for scope in tenth.workspace.delegated if "licensing" not in scope}
    assert "https://www.googleapis.com/auth/apps.licensing" in str(await failure(tenth, Wanted(licences=True)))
    await read(tenth)


async def test_an_administrator_who_is_suspended_is_named(tenth: Google) -> None:
    tenth.workspace.admin_is_there = False
    assert "admin@acme.example" in str(await failure(tenth))


async def test_a_key_that_google_no_longer_knows_is_told(tenth: Google) -> None:
    directory = tenth.directory()
    tenth.workspace.key = generate_private_key(65537, 2048)
    with pytest.raises(DirectoryNotRead, match="still listed"), Spool() as spool:
        await directory.read(None, spool, wanted=Wanted())


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_sign_in_is_waited_for_as_long_as_it_says(tenth: Google, status: int) -> None:
    busy = Response(status_code=status, headers={"Retry-After": "17"})
    tenth.workspace.faults.order("token", instead(busy))
    await read(tenth)
    assert tenth.pauses.slept == [17]


async def test_a_sign_in_whose_line_drops_is_tried_again(tenth: Google) -> None:
    tenth.workspace.faults.order("token", dropped)
    await read(tenth)
    assert tenth.pauses.slept == [1]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"type": "authorized_user"}', '{"type": "service_account"}'])
def test_a_secret_that_is_no_key_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(DirectorySettingsMakeNoSense, match="'acme-google' isn't the key"):
        service_account_key(text, "acme-google")


async def test_a_private_key_that_is_none_is_refused_without_being_shown(tenth: Google) -> None:
    class Spoilt(Workspace):
        def key_file(self) -> str:
            return json.dumps({**json.loads(Workspace().key_file()), "private_key": "spoilt"})

    spoilt = replace(tenth, workspace=Spoilt())
    with pytest.raises(DirectorySettingsMakeNoSense, match="can't be read") as refused, Spool() as spool:
        await spoilt.directory().read(None, spool, wanted=Wanted())
    assert "spoilt" not in str(refused.value)


async def test_the_key_goes_only_where_the_settings_say(tenth: Google) -> None:
    assert json.loads(tenth.workspace.key_file())["token_uri"] == "https://elsewhere.example/token"
    await read(tenth)


async def test_a_google_that_nobody_vouches_for_is_not_talked_to(tenth: Google) -> None:
    tenth.http = HttpFactory(HttpSettings())
    assert (await failure(tenth)).cause == Cause.TLS
