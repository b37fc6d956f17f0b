"""What mailboxes are for: asked in batches, of those who could count, and again only when something changed."""

from collections.abc import Iterable

import pytest

from connectors.directories.entra.mailboxes import candidates
from connectors.directories.entries import Entry, Removal, Sighting, accounts_after
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import Account, Wanted
from sandbox.microsoft.faults import Endpoint, Fault
from tests.support.microsoft import Bench

ALWAYS = 1_000_000
MAILBOXES = Wanted(mailboxes=True)


@pytest.fixture(autouse=True)
def allowed(microsoft: Bench) -> None:
    microsoft.tenant.permissions = {"User.Read.All", "MailboxSettings.Read"}


async def read(
    bench: Bench, before: Iterable[Account] = (), cursor: str | None = None, *, wanted: Wanted = MAILBOXES
) -> tuple[Reading, dict[str, Account]]:
    with Spool() as spool:
        reading = await bench.directory().read(cursor, spool, wanted=wanted)
        return reading, accounts_after(before, spool, full=reading.full)


async def fails(bench: Bench) -> tuple[Cause, str]:
    with pytest.raises(DirectoryNotRead) as failed:
        await read(bench)
    return failed.value.cause, str(failed.value)


def hire(bench: Bench, *names: str) -> list[str]:
    return [bench.tenant.people.hire(name, f"{name}@acme.example", licences=["SPB"]) for name in names]


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [
        ("user", "user"),
        ("linked", "user"),
        ("others", "user"),
        ("unknownFutureValue", "user"),
        ("shared", "shared"),
        ("room", "room"),
        ("equipment", "equipment"),
    ],
)
async def test_a_mailbox_is_what_graph_says_it_is_for(microsoft: Bench, purpose: str, kind: str) -> None:
    (ann,) = hire(microsoft, "ann")
    microsoft.tenant.set_mailbox(ann, purpose)
    _, accounts = await read(microsoft)
    assert accounts[ann].mailbox == kind


async def test_whoever_has_no_mailbox_is_a_user(microsoft: Bench) -> None:
    ann = microsoft.tenant.people.hire("Ann", "ann@acme.example")
    _, accounts = await read(microsoft, [Account(ann, mailbox="shared")])
    assert accounts[ann].mailbox == "user"


async def test_fifty_people_are_asked_for_in_three_batches(microsoft: Bench) -> None:
    people = hire(microsoft, *(f"u{number}" for number in range(50)))
    for number, purpose in ((0, "room"), (19, "shared"), (20, "room"), (49, "equipment")):
        microsoft.tenant.set_mailbox(people[number], purpose)
    _, accounts = await read(microsoft)
    kinds = [accounts[one].mailbox for one in people]
    assert (kinds[0], kinds[19], kinds[20], kinds[49], kinds.count("user")) == (
        "room",
        "shared",
        "room",
        "equipment",
        46,
    )
    assert microsoft.called("graph") == 1 + 3


async def test_without_a_rule_that_asks_no_mailbox_is_asked_for(microsoft: Bench) -> None:
    microsoft.tenant.permissions = {"User.Read.All"}
    hire(microsoft, "ann")
    await read(microsoft, wanted=Wanted())
    assert microsoft.called("graph") == 1


async def test_only_those_whom_the_changes_mention_are_asked_for_again(microsoft: Bench) -> None:
    ann, bo = hire(microsoft, "ann", "bo")
    reading, before = await read(microsoft)
    microsoft.tenant.set_mailbox(bo, "shared")
    same, _ = await read(microsoft, before.values(), reading.cursor)
    assert microsoft.called("graph") == 2 + 1
    microsoft.tenant.people.rename(bo, name="Bo Beck")
    _, after = await read(microsoft, before.values(), same.cursor)
    assert microsoft.called("graph") == 3 + 2
    assert {who: after[who].mailbox for who in (ann, bo)} == {ann: "user", bo: "shared"}


async def test_a_mailbox_that_is_made_a_shared_one_is_noticed_by_its_licence(microsoft: Bench) -> None:
    (ann,) = hire(microsoft, "ann")
    reading, before = await read(microsoft)
    microsoft.tenant.set_mailbox(ann, "shared")
    microsoft.tenant.people.unlicense(ann)
    later, after = await read(microsoft, before.values(), reading.cursor)
    assert (later.full, before[ann].mailbox, after[ann].mailbox) == (False, "user", "shared")
    assert after[ann].licences is None


async def test_licences_that_are_asked_for_beside_mailboxes_lead_to_a_full_reading(microsoft: Bench) -> None:
    hire(microsoft, "ann")
    microsoft.tenant.permissions.add("Organization.Read.All")
    without, _ = await read(microsoft)
    reading, _ = await read(microsoft, (), without.cursor, wanted=Wanted(licences=True, mailboxes=True))
    assert reading.full


async def test_mailboxes_that_are_asked_for_after_all_lead_to_a_full_reading(microsoft: Bench) -> None:
    (ann,) = hire(microsoft, "ann")
    microsoft.tenant.set_mailbox(ann, "room")
    without, before = await read(microsoft, wanted=Wanted())
    reading, after = await read(microsoft, before.values(), without.cursor)
    assert (before[ann].mailbox, reading.full, after[ann].mailbox) == ("user", True, "room")


async def test_a_full_reading_after_a_failure_asks_only_for_the_rest(microsoft: Bench) -> None:
    hire(microsoft, *(f"u{number}" for number in range(30)))
    microsoft.tenant.faults.order(Endpoint.MAILBOX, Fault.SERVER_ERROR, after=20, times=ALWAYS)
    assert (await fails(microsoft))[0] == Cause.UNAVAILABLE
    microsoft.tenant.faults.orders.clear()
    asked = microsoft.called("graph")
    await read(microsoft)
    assert microsoft.called("graph") - asked == 1 + 1


async def test_after_an_hour_a_full_reading_asks_for_everybody_again(microsoft: Bench) -> None:
    (ann,) = hire(microsoft, "ann")
    await read(microsoft)
    microsoft.tenant.set_mailbox(ann, "shared")
    _, soon = await read(microsoft)
    await microsoft.pauses.sleep(3601)
    _, later = await read(microsoft)
    assert (soon[ann].mailbox, later[ann].mailbox) == ("user", "shared")


@pytest.mark.parametrize(
    "fault", [Fault.THROTTLED, Fault.SERVER_ERROR, Fault.UNAVAILABLE, Fault.FAILED_DEPENDENCY, Fault.TOKEN_REVOKED]
)
async def test_a_part_of_a_batch_that_fails_for_a_while_is_asked_for_alone(microsoft: Bench, fault: Fault) -> None:
    people = hire(microsoft, *(f"u{number}" for number in range(5)))
    microsoft.tenant.set_mailbox(people[2], "room")
    microsoft.tenant.faults.order(Endpoint.MAILBOX, fault, after=1, times=2)
    _, accounts = await read(microsoft)
    assert [accounts[one].mailbox for one in people] == ["user", "user", "room", "user", "user"]
    assert microsoft.called("graph") == 1 + 2


async def test_a_part_that_names_a_pause_is_given_the_longest_of_them(microsoft: Bench) -> None:
    hire(microsoft, "ann", "bo")
    microsoft.tenant.faults.order(Endpoint.MAILBOX, Fault.THROTTLED, seconds=7)
    microsoft.tenant.faults.order(Endpoint.MAILBOX, Fault.UNAVAILABLE, seconds=19)
    await read(microsoft)
    assert microsoft.pauses.slept == [19]


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault.THROTTLED, Cause.THROTTLED),
        (Fault.SERVER_ERROR, Cause.UNAVAILABLE),
        (Fault.TOKEN_REVOKED, Cause.TOKEN),
        (Fault.FORBIDDEN, Cause.CONSENT),
    ],
)
async def test_a_part_that_keeps_failing_ends_the_whole_reading(microsoft: Bench, fault: Fault, cause: Cause) -> None:
    hire(microsoft, "ann", "bo")
    microsoft.tenant.faults.order(Endpoint.MAILBOX, fault, after=1, times=ALWAYS)
    assert (await fails(microsoft))[0] == cause


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.DROPPED, Fault.TRUNCATED, Fault.TOKEN_REVOKED, Fault.GONE])
async def test_a_batch_that_fails_as_a_whole_is_sent_again(microsoft: Bench, fault: Fault) -> None:
    (ann,) = hire(microsoft, "ann")
    microsoft.tenant.set_mailbox(ann, "room")
    microsoft.tenant.faults.order(Endpoint.BATCH, fault)
    _, accounts = await read(microsoft)
    assert accounts[ann].mailbox == "room"


async def test_a_permission_that_is_missing_ends_the_reading_with_its_name(microsoft: Bench) -> None:
    microsoft.tenant.permissions = {"User.Read.All"}
    hire(microsoft, "ann")
    cause, message = await fails(microsoft)
    assert cause == Cause.CONSENT
    assert "MailboxSettings.Read" in message


def test_candidates_are_enabled_members_by_the_last_word_on_them() -> None:
    entries: list[Entry] = [
        Sighting("ann", {"enabled": True, "guest": False}),
        Sighting("bo", {"enabled": False}),
        Sighting("guest", {"guest": True}),
        Sighting("left", {"enabled": True}),
        Sighting("back", {"enabled": True}),
        Removal("left", permanent=False),
        Removal("back", permanent=False),
        Sighting("back", {}),
        Sighting("ann", {"name": "Ann"}),
        Sighting("bo", {"name": "Bo"}),
    ]
    assert candidates(entries) == ["ann", "back"]
