"""Every way in which Okta fails: what passes is waited for, what doesn't is told with its cause and remedy."""

import time

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.directories.entries import accounts_after
from connectors.directories.okta.settings import api_token
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead, DirectorySettingsMakeNoSense
from connectors.http import HttpFactory, HttpSettings
from rosters.rules import Wanted
from sandbox.faults import Twist, broken_off, dropped, instead
from sandbox.okta.app import okta_error
from tests.support.okta import Okta

ALWAYS = 1_000_000
UNAVAILABLE = instead(okta_error(503, "E0000010", "Service is in read only mode"))


@pytest.fixture
def tenth(okta: Okta) -> Okta:
    """Ten people on five pages."""
    okta.organization.page_size = 2
    for number in range(10):
        okta.organization.hire(f"User {number}", f"u{number}@acme.example", object_id=f"u{number}")
    return okta


async def read(okta: Okta, cursor: str | None = None) -> Reading:
    """A reading that has everybody."""
    with Spool() as spool:
        reading = await okta.directory().read(cursor, spool, wanted=Wanted())
        assert len(accounts_after((), spool, full=True)) == 10
    return reading


async def failure(okta: Okta) -> DirectoryNotRead:
    with pytest.raises(DirectoryNotRead) as failed, Spool() as spool:
        await okta.directory().read(None, spool, wanted=Wanted())
    return failed.value


def linked(link: str) -> Twist:
    """The page with another link to the next one; `{here}` is its own address."""

    def twist(request: Request, answer: Response) -> Response:
        del answer.headers["Link"]
        answer.headers.append("Link", f'<{request.url}>; rel="self"')
        answer.headers.append("Link", f'<{link.format(here=request.url)}>; rel="next"')
        return answer

    return twist


def without_links(_: Request, answer: Response) -> Response:
    del answer.headers["Link"]
    return answer


@pytest.mark.parametrize("twist", [UNAVAILABLE, dropped, broken_off], ids=["503", "dropped", "broken off"])
@pytest.mark.parametrize("page", [0, 2, 4])
async def test_what_passes_is_tried_again(tenth: Okta, twist: Twist, page: int) -> None:
    tenth.organization.faults.order("users", twist, after=page, times=2)
    assert (await read(tenth)).pages == 5
    assert tenth.pauses.slept == [1, 2]


@pytest.mark.parametrize(
    ("twist", "cause"),
    [(UNAVAILABLE, Cause.UNAVAILABLE), (dropped, Cause.NETWORK), (broken_off, Cause.MALFORMED)],
)
async def test_what_does_not_pass_ends_the_reading(tenth: Okta, twist: Twist, cause: Cause) -> None:
    tenth.organization.faults.order("users", twist, after=3, times=ALWAYS)
    assert (await failure(tenth)).cause == cause


async def test_after_the_last_request_of_a_window_the_next_window_is_waited_for(tenth: Okta) -> None:
    began = time.time()
    tenth.organization.clock = lambda: began + tenth.pauses.now()
    tenth.organization.limit = 2
    assert (await read(tenth)).pages == 5
    assert len(tenth.pauses.slept) == 2
    assert all(1 <= pause <= 61 for pause in tenth.pauses.slept[:1])


async def test_a_refusal_for_too_many_requests_is_waited_out_as_long_as_okta_says(tenth: Okta) -> None:
    began = time.time()
    tenth.organization.clock = lambda: began + tenth.pauses.now()
    tenth.organization.limit = 0
    problem = await failure(tenth)
    assert problem.cause == Cause.THROTTLED
    assert "E0000047" in str(problem)
    assert sum(tenth.pauses.slept) <= 900


async def test_a_refusal_without_its_headers_is_waited_out_for_a_minute(tenth: Okta) -> None:
    def bare(_: Request, __: Response) -> Response:
        return okta_error(429, "E0000047", "API call exceeded rate limit due to too many requests.")

    tenth.organization.faults.order("users", bare, after=1)
    await read(tenth)
    assert tenth.pauses.slept == [60]


@pytest.mark.parametrize("status", [400, 410])
async def test_a_page_that_okta_forgot_begins_the_reading_anew(tenth: Okta, status: int) -> None:
    gone = instead(okta_error(status, "E0000001", "Api validation failed: after"))
    tenth.organization.faults.order("users", gone, after=2)
    reading = await read(tenth)
    assert (reading.full, reading.pages) == (True, 5)


async def test_a_forgotten_page_of_a_later_reading_ends_in_a_full_one(tenth: Okta) -> None:
    first = await read(tenth)
    tenth.organization.faults.order("users", instead(okta_error(400, "E0000001", "after")), after=2)
    assert (await read(tenth, first.cursor)).full


async def test_an_okta_that_forgets_every_time_is_given_up(tenth: Okta) -> None:
    for _ in range(4):
        tenth.organization.faults.order("users", instead(okta_error(400, "E0000001", "after")), after=1)
    problem = await failure(tenth)
    assert problem.cause == Cause.UNAVAILABLE
    assert "4 times" in str(problem)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("https://okta.example/api/v1/users?after=x", "leads away"),
        ("http://127.0.0.1/api/v1/users?after=x", "leads away"),
        ("https://127.0.0.1/api/v1/groups?after=x", "leads away"),
        ("https://[", "leads away"),
        ("{here}", "already read"),
    ],
)
async def test_a_link_to_elsewhere_or_back_is_refused_and_never_followed(tenth: Okta, link: str, words: str) -> None:
    tenth.organization.faults.order("users", linked(link), after=1)
    problem = await failure(tenth)
    assert problem.cause == Cause.MALFORMED
    assert words in str(problem)


async def test_a_page_whose_links_somebody_stripped_is_never_taken_for_the_last(tenth: Okta) -> None:
    tenth.organization.faults.order("users", without_links, after=1)
    assert "without its links" in str(await failure(tenth))


@pytest.mark.parametrize(
    "user", ["x", {}, {"id": "a", "status": "ACTIVE"}, {"id": "a", "status": "ACTIVE", "profile": 1}]
)
async def test_something_that_is_no_user_is_refused(tenth: Okta, user: object) -> None:
    def mangled(request: Request, answer: Response) -> Response:
        return JSONResponse([user], headers={"Link": f'<{request.url}>; rel="self"'})

    tenth.organization.faults.order("users", mangled, after=1)
    assert (await failure(tenth)).cause == Cause.MALFORMED


@pytest.mark.parametrize(
    ("status", "code", "cause", "words"),
    [
        (401, "E0000011", Cause.TOKEN, "Security, API, Tokens"),
        (403, "E0000006", Cause.FORBIDDEN, "Read-Only Administrator"),
        (404, "E0000007", Cause.NOT_FOUND, "without -admin"),
        (302, "", Cause.MALFORMED, "without -admin"),
    ],
)
@pytest.mark.parametrize("page", [0, 2])
async def test_a_refusal_is_told_at_once_with_its_remedy(
    tenth: Okta, status: int, code: str, cause: Cause, words: str, page: int
) -> None:
    tenth.organization.faults.order("users", instead(okta_error(status, code, "No.")), after=page)
    problem = await failure(tenth)
    assert problem.cause == cause
    assert words in str(problem)
    assert tenth.pauses.slept == []


async def test_the_token_stands_in_no_message(tenth: Okta) -> None:
    tenth.organization.token = "another"
    assert "right" not in str(await failure(tenth)).replace("rights", "")


@pytest.mark.parametrize("text", ["ri ght", "right\nleft", "right\t", "r\u00e9ght", "\u200bright"])
def test_a_secret_that_no_header_can_hold_is_refused_by_its_name_without_being_shown(text: str) -> None:
    with pytest.raises(DirectorySettingsMakeNoSense, match="'acme-okta' isn't a token") as refused:
        api_token(text, "acme-okta")
    assert text not in str(refused.value)


async def test_an_okta_that_nobody_vouches_for_is_not_talked_to(tenth: Okta) -> None:
    tenth.http = HttpFactory(HttpSettings())
    assert (await failure(tenth)).cause == Cause.TLS
