"""Every way in which Graph fails: what passes is waited for, what doesn't is told with its cause and remedy."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from connectors.directories.entries import accounts_after
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import Wanted
from sandbox.microsoft.certificate import Certificate
from sandbox.microsoft.faults import Endpoint, Fault
from tests.support.microsoft import CLIENT_ID, TENANT, Bench, bench

ALWAYS = 1_000_000
FORGOTTEN = [
    Fault.GONE,
    Fault.GONE_WITHOUT_LOCATION,
    Fault.RESYNC_APPLY,
    Fault.RESYNC_UPLOAD,
    Fault.SYNC_STATE_NOT_FOUND,
    Fault.PAGE_TOKEN_EXPIRED,
]


@pytest.fixture
def tenth(microsoft: Bench) -> Bench:
    """Ten people on five pages."""
    microsoft.tenant.changes.page_size = 2
    for number in range(10):
        microsoft.tenant.people.hire(f"User {number}", f"u{number}@acme.example", licences=["SPB"])
    return microsoft


async def read(bench: Bench, cursor: str | None = None) -> tuple[Reading, int]:
    """The reading, and how many entries the spool holds."""
    with Spool() as spool:
        reading = await bench.directory().read(cursor, spool, wanted=Wanted(licences=True))
        entries = list(spool)
    if reading.full:
        assert len(accounts_after((), entries, full=True)) == 10
    return reading, len(entries)


@contextmanager
def failing(cause: Cause, *words: str) -> Iterator[None]:
    """The reading fails for this cause, and the message says these words."""
    with pytest.raises(DirectoryNotRead) as failed:
        yield
    assert failed.value.cause == cause
    assert [word for word in words if word not in str(failed.value)] == []


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.UNAVAILABLE, Fault.GATEWAY_TIMEOUT])
async def test_a_busy_graph_is_waited_for_as_long_as_it_says(tenth: Bench, fault: Fault) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, fault, after=2, seconds=17)
    reading, entries = await read(tenth)
    assert (reading.pages, entries) == (5, 10)
    assert tenth.pauses.slept == [17]


@pytest.mark.parametrize(
    "fault",
    [Fault.THROTTLED, Fault.UNAVAILABLE, Fault.GATEWAY_TIMEOUT, Fault.SERVER_ERROR, Fault.DROPPED, Fault.TRUNCATED],
)
@pytest.mark.parametrize("page", [0, 2, 4])
async def test_a_page_that_fails_is_asked_for_again_and_kept_once(tenth: Bench, fault: Fault, page: int) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, fault, after=page, times=2)
    reading, entries = await read(tenth)
    assert (reading.pages, reading.people, entries) == (5, 10, 10)
    assert tenth.pauses.slept == [1, 2]


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault.THROTTLED, Cause.THROTTLED),
        (Fault.UNAVAILABLE, Cause.UNAVAILABLE),
        (Fault.SERVER_ERROR, Cause.UNAVAILABLE),
        (Fault.DROPPED, Cause.NETWORK),
        (Fault.TRUNCATED, Cause.MALFORMED),
    ],
)
async def test_a_page_that_keeps_failing_ends_the_reading_after_five_attempts(
    tenth: Bench, fault: Fault, cause: Cause
) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, fault, after=1, times=ALWAYS)
    with failing(cause, "The next sync tries again"):
        await read(tenth)
    assert tenth.pauses.slept == [1, 2, 4, 8]


async def test_an_answer_that_does_not_come_in_time_is_asked_for_again(certificate: Certificate) -> None:
    async with bench(certificate, read_timeout_seconds=1) as arranged:
        arranged.tenant.people.hire("Ann", "ann@acme.example")
        arranged.tenant.faults.order(Endpoint.DELTA, Fault.SLOW, seconds=2)
        with Spool() as spool:
            assert (await arranged.directory().read(None, spool, wanted=Wanted(licences=True))).people == 1
        assert arranged.pauses.slept == [1]


async def test_waiting_as_told_ends_at_the_deadline(tenth: Bench) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, Fault.THROTTLED, times=ALWAYS, seconds=400)
    with failing(Cause.THROTTLED, "400 more seconds"):
        await read(tenth)
    assert tenth.pauses.slept == [400, 400]


async def test_a_token_refused_in_mid_page_is_renewed_once_for_the_same_page(tenth: Bench) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, Fault.TOKEN_REVOKED, after=2)
    reading, entries = await read(tenth)
    assert (reading.pages, entries) == (5, 10)
    assert tenth.called("graph") == 1 + 5 + 1
    assert tenth.called("token") == 1 + 2


async def test_a_token_that_expires_in_mid_page_is_renewed(tenth: Bench) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, Fault.SLOW, after=1, seconds=1)
    tenth.tenant.token_lifetime_seconds = 1
    reading, _ = await read(tenth)
    assert reading.people == 10


async def test_a_new_token_that_is_refused_too_ends_the_reading(tenth: Bench) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, Fault.TOKEN_REVOKED, after=2, times=2)
    with failing(Cause.TOKEN, "conditional access"):
        await read(tenth)


async def test_the_claims_of_a_challenge_are_passed_on_to_the_token_endpoint(tenth: Bench) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, Fault.CLAIMS_WANTED, after=1, times=ALWAYS)
    reading, _ = await read(tenth)
    assert reading.people == 10
    assert [held.has_claims for held in tenth.cloud.tokens.values()] == [False, True]


async def test_users_that_may_not_be_read_name_the_permission_and_the_page_to_consent_on(tenth: Bench) -> None:
    tenth.tenant.permissions.discard("User.Read.All")
    with failing(Cause.CONSENT, "User.Read.All", f"{tenth.url}/{TENANT}/adminconsent?client_id={CLIENT_ID}"):
        await read(tenth)


async def test_a_consent_that_is_withdrawn_in_mid_page_ends_the_reading(tenth: Bench) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, Fault.FORBIDDEN, after=3)
    with failing(Cause.CONSENT, "Authorization_RequestDenied"):
        await read(tenth)


async def test_licences_that_may_not_be_read_end_the_reading_before_the_first_user(tenth: Bench) -> None:
    tenth.tenant.permissions.discard("Organization.Read.All")
    with failing(Cause.CONSENT, "Organization.Read.All"):
        await read(tenth)
    assert tenth.called("graph") == 1


async def test_a_list_of_licences_that_must_be_begun_anew_is(tenth: Bench) -> None:
    tenth.tenant.faults.order(Endpoint.SKUS, Fault.GONE)
    reading, entries = await read(tenth)
    assert (reading.full, entries) == (True, 10)


async def test_a_permission_taken_away_between_two_pages_ends_the_reading(tenth: Bench) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, Fault.SERVER_ERROR, after=2)
    tenth.pauses.meanwhile = tenth.tenant.permissions.clear
    with failing(Cause.CONSENT, "User.Read.All"):
        await read(tenth)


async def test_a_tenant_without_a_list_of_changes_is_told_so(tenth: Bench) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, Fault.NOT_FOUND)
    with failing(Cause.NOT_FOUND, "B2C"):
        await read(tenth)


@pytest.mark.parametrize("fault", FORGOTTEN)
async def test_a_cursor_that_graph_forgot_becomes_a_full_reading(tenth: Bench, fault: Fault) -> None:
    first, _ = await read(tenth)
    tenth.tenant.faults.order(Endpoint.DELTA, fault)
    reading, entries = await read(tenth, first.cursor)
    assert (reading.full, reading.people, entries) == (True, 10, 10)


async def test_a_cursor_after_a_reset_of_the_service_becomes_a_full_reading(tenth: Bench) -> None:
    first, _ = await read(tenth)
    tenth.tenant.changes.forget()
    reading, _ = await read(tenth, first.cursor)
    assert reading.full


@pytest.mark.parametrize("fault", FORGOTTEN)
async def test_a_reading_that_must_start_over_in_mid_page_keeps_nothing_of_before(tenth: Bench, fault: Fault) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, fault, after=3)
    reading, entries = await read(tenth)
    assert (reading.full, reading.pages, entries) == (True, 5, 10)


async def test_a_graph_that_always_wants_to_start_over_is_given_up(tenth: Bench) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, Fault.GONE, after=1, times=ALWAYS)
    with failing(Cause.UNAVAILABLE, "4 times"):
        await read(tenth)


async def test_an_answer_of_nobody_is_a_full_reading_for_the_safety_catch_to_judge(microsoft: Bench) -> None:
    microsoft.tenant.people.hire("Ann", "ann@acme.example")
    microsoft.tenant.faults.order(Endpoint.DELTA, Fault.EMPTY_DIRECTORY)
    with Spool() as spool:
        reading = await microsoft.directory().read(None, spool, wanted=Wanted(licences=True))
    assert (reading.full, reading.people) == (True, 0)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.FOREIGN_LINK, "leads away from Graph"),
        (Fault.LOOPING_LINK, "already read"),
        (Fault.MISSING_LINK, "whether it is the last"),
        (Fault.MANGLED_USER, "without an id"),
    ],
)
async def test_an_answer_that_cannot_be_trusted_ends_the_reading(tenth: Bench, fault: Fault, words: str) -> None:
    tenth.tenant.faults.order(Endpoint.DELTA, fault, after=1)
    with failing(Cause.MALFORMED, words):
        await read(tenth)
