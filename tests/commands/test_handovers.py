"""Who moves from one client's part of a shared directory to another's, while each is read at its own hour."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlmodel import col, select

from commands import changes
from rosters.rules import Account
from rosters.verdicts import Reason, Verdict
from storage.handovers import Handovers
from storage.tables import AccountRow, ClientRow, SeatRow
from tests.billing.build import day
from tests.commands.test_splits import part
from tests.support.msp import ADA, Msp

# Hours of UTC on which both clients, who are in New York, are on the same day.
READ_AT = {"acme": 7, "bolt": 19}
ANN = Account("ann", "Ann", department="Sales", groups=())
OTHERS = (Account("al", "Al", department="Sales", groups=()), Account("bo", "Bo", department="Works", groups=()))


def at(msp: Msp, on: int, hour: int) -> Msp:
    """The same MSP at an hour of a day of January."""
    msp.moment = datetime(2027, 1, on, hour, tzinfo=UTC)
    return msp


def becomes(msp: Msp, **details: str | bool) -> None:
    """Ann is another one from now on; both clients' directory is the same."""
    for slug in READ_AT:
        msp.hire(replace(ANN, **details), client=slug)  # type: ignore[arg-type] # the names of the details say their types


def reads(msp: Msp, slug: str, on: int) -> None:
    """A client's nightly reading."""
    at(msp, on, READ_AT[slug]).sync(slug)


def approve(msp: Msp, effective: date | None = None) -> None:
    """Approves whatever waits."""
    for waiting in changes.pending(msp.database, ADA):
        changes.approve(msp.database, ADA, msp.clock, waiting.id, effective=effective)


def waits(msp: Msp) -> list[tuple[str, str, str]]:
    """What waits: whose, which kind, from which day."""
    found = changes.pending(msp.database, ADA)
    return sorted((change.client, item.kind, str(item.effective)) for change in found for item in change.items)


def payers(msp: Msp, on: date) -> list[str]:
    """Which clients have a seat for Ann on a day."""
    query = (
        select(ClientRow.slug)
        .join(SeatRow, col(SeatRow.client_id) == ClientRow.id)
        .join(AccountRow, col(AccountRow.person_id) == SeatRow.person_id)
        .where(AccountRow.object_id == "ann", col(SeatRow.starts) <= on)
        .where(col(SeatRow.ends).is_(None) | (col(SeatRow.ends) > on))
    )
    with msp.database.read() as session:
        return list(session.exec(query))


@pytest.fixture
def shared(msp: Msp) -> Msp:
    """Acme has the sales department of a tenant, Bolt its works; Ann sells. Both are counted from New Year's Day on."""
    at(msp, 1, 12).imports(part("acme", "Sales"), part("bolt", "Works"))
    for slug in READ_AT:
        msp.hire(ANN, *OTHERS, client=slug)
    msp.sync()
    approve(msp, day("2027-01-01"))
    return msp


def play(msp: Msp, moves: list[tuple[int, int, str]], failing: str = "", *, decides: Callable[[int], bool]) -> None:
    """Eight nights with moves of Ann, of whose readings one client's fail from the 4th to the 5th."""
    events: list[tuple[int, int, Callable[[], object]]] = [
        (on, hour, partial(becomes, msp, department=to)) for on, hour, to in moves
    ]
    if failing:
        events += [(4, 0, partial(msp.break_down, client=failing)), (6, 0, partial(msp.mend, client=failing))]
    events += [(on, hour, partial(msp.sync, slug)) for on in range(2, 10) for slug, hour in READ_AT.items()]
    for on, hour, happens in sorted(events, key=lambda event: event[:2]):
        at(msp, on, hour)
        happens()
        if decides(on):
            approve(msp)


@pytest.mark.parametrize("decides", [lambda _: True, lambda on: on == 9], ids=["at once", "late"])
@pytest.mark.parametrize("failing", ["", "acme", "bolt"])
@pytest.mark.parametrize("hour", [6, 12, 22])
@pytest.mark.parametrize("back", [[], ["Sales"]], ids=["there", "and back"])
def test_every_day_of_a_move_is_paid_for_by_one_client(
    shared: Msp, hour: int, failing: str, back: list[str], decides: Callable[[int], bool]
) -> None:
    moves = [(4, hour, "Works"), *((7, hour, department) for department in back)]
    play(shared, moves, failing, decides=decides)
    days = [day("2027-01-01") + timedelta(number) for number in range(9)]
    assert {str(on): len(payers(shared, on)) for on in days} == dict.fromkeys(map(str, days), 1)
    assert payers(shared, days[-1]) == (["acme"] if back else ["bolt"])


def test_who_was_in_nobodys_part_for_days_joins_from_the_day_on_which_the_other_saw_it(shared: Msp) -> None:
    becomes(shared, department="Yard")
    for slug in READ_AT:
        reads(shared, slug, 4)
    assert [code for code, _ in at(shared, 4, 20).codes("acme") if code == "R03"] == ["R03"]
    becomes(shared, department="Works")
    for slug in READ_AT:
        reads(shared, slug, 6)
    assert waits(shared) == [("acme", "leave", "2027-01-04"), ("bolt", "join", "2027-01-06")]


def test_who_was_in_both_parts_for_days_leaves_from_the_day_on_which_that_was_seen(shared: Msp) -> None:
    at(shared, 2, 12).imports(part("acme", "Sales", "Front"), part("bolt", "Works", "Front"))
    becomes(shared, department="Front")
    for on in (4, 5):
        for slug in READ_AT:
            reads(shared, slug, on)
    assert "R12" in dict(at(shared, 5, 20).codes("acme"))
    becomes(shared, department="Works")
    reads(shared, "acme", 6)
    assert waits(shared) == [("acme", "leave", "2027-01-06"), ("bolt", "join", "2027-01-04")]


@pytest.mark.parametrize(("first", "code"), [("acme", "R03"), ("bolt", "R12")])
def test_between_the_two_readings_both_clients_are_held(shared: Msp, first: str, code: str) -> None:
    becomes(shared, department="Works")
    at(shared, 4, 7).sync(first)
    assert [dict(shared.codes(slug)).get(code) for slug in READ_AT] == ["hold", "hold"]
    at(shared, 4, 19).sync()
    assert [dict(shared.codes(slug)).get(code) for slug in READ_AT] == [None, None]


def test_who_had_no_seat_before_joins_from_the_day_on_which_the_client_itself_saw_it(shared: Msp) -> None:
    becomes(shared, name="Annie", enabled=False)
    for slug in READ_AT:
        reads(shared, slug, 2)
    approve(shared)
    becomes(shared, department="Sales")
    reads(shared, "acme", 3)
    (change,) = changes.pending(shared.database, ADA, "acme")
    changes.reject(shared.database, ADA, shared.clock, change.id, reason="She is a trainee.")
    becomes(shared, department="Works")
    reads(shared, "acme", 4)
    reads(shared, "bolt", 6)
    assert waits(shared) == [("bolt", "join", "2027-01-06")]


def test_who_left_for_another_reason_joins_from_the_day_on_which_the_client_itself_saw_it(shared: Msp) -> None:
    becomes(shared, enabled=False)
    reads(shared, "acme", 4)
    becomes(shared, department="Works")
    reads(shared, "bolt", 6)
    assert waits(shared) == [("acme", "leave", "2027-01-04"), ("bolt", "join", "2027-01-06")]


def test_who_was_in_both_parts_and_leaves_both_does_so_from_the_day_on_which_each_client_saw_it(shared: Msp) -> None:
    at(shared, 2, 12).imports(part("acme", "Sales", "Front"), part("bolt", "Works", "Front"))
    becomes(shared, department="Front")
    for slug in READ_AT:
        reads(shared, slug, 3)
    approve(shared)
    reads(shared, "acme", 4)
    becomes(shared, department="Yard")
    reads(shared, "bolt", 4)
    reads(shared, "acme", 5)
    assert waits(shared) == [("acme", "leave", "2027-01-05"), ("bolt", "leave", "2027-01-04")]


def test_who_leaves_by_approval_from_another_day_joins_from_that_one(shared: Msp) -> None:
    becomes(shared, department="Works")
    reads(shared, "acme", 4)
    approve(shared, day("2027-01-06"))
    reads(shared, "bolt", 8)
    assert waits(shared) == [("bolt", "join", "2027-01-06")]


def test_the_day_goes_by_what_was_let_through_where_both_readings_were_held(msp: Msp) -> None:
    many = [replace(ANN, object_id=f"p{number}", name=f"P{number}") for number in range(8)]
    at(msp, 1, 12).imports(part("acme", "Sales"), part("bolt", "Works"))
    for slug in READ_AT:
        msp.hire(*many, *OTHERS, client=slug)
    msp.sync()
    approve(msp, day("2027-01-01"))
    for slug in READ_AT:
        msp.hire(*(replace(who, department="Works") for who in many), client=slug)
    reads(msp, "bolt", 4)
    reads(msp, "acme", 5)
    assert waits(msp) == []
    at(msp, 6, 7).sync("acme", let_through="They moved.")
    at(msp, 8, 7).sync("bolt", let_through="They moved.")
    assert {(kind, on) for _, kind, on in waits(msp)} == {("leave", "2027-01-05"), ("join", "2027-01-05")}


@pytest.mark.parametrize("there", [{"acme": "Asia/Tokyo"}, {"bolt": "Asia/Tokyo"}], ids=["left", "joined"])
@pytest.mark.parametrize("first", ["acme", "bolt"])
def test_in_two_time_zones_the_day_is_that_of_whoever_saw_it_first(msp: Msp, there: dict[str, str], first: str) -> None:
    parts = (part("acme", "Sales"), part("bolt", "Works"))
    at(msp, 1, 12).imports(*(replace(each, timezone=there.get(each.slug, each.timezone)) for each in parts))
    for slug in READ_AT:
        msp.hire(ANN, *OTHERS, client=slug)
    msp.sync()
    approve(msp, day("2027-01-01"))
    becomes(msp, department="Works")
    second = "bolt" if first == "acme" else "acme"
    at(msp, 4, 19).sync(first)
    at(msp, 4, 20).sync(second)
    (on,) = {on for _, _, on in waits(msp)}
    assert on == ("2027-01-05" if first in there else "2027-01-04")


MOVED = day("2027-01-04")


@pytest.mark.parametrize(
    ("roster", "reason", "verdict", "on"),
    [
        (None, "ELSEWHERE", Verdict(counts=True, reason=Reason.ENABLED, roster="full"), MOVED),
        ("full", "ENABLED", Verdict(counts=False, reason=Reason.ELSEWHERE), MOVED),
        (None, "DISABLED", Verdict(counts=True, reason=Reason.ENABLED, roster="full"), None),
        ("full", "ENABLED", Verdict(counts=False, reason=Reason.DISABLED), None),
        ("full", "ENABLED", Verdict(counts=True, reason=Reason.ENABLED, roster="frontline"), None),
    ],
    ids=["comes", "goes", "is enabled", "is disabled", "changes rosters"],
)
def test_only_a_move_between_parts_takes_the_day_of_the_other(
    roster: str | None, reason: str, verdict: Verdict, on: date | None
) -> None:
    handovers = Handovers(lost={"ann": MOVED}, gained={"ann": MOVED})
    assert handovers.day("ann", roster, reason, verdict) == on
    assert handovers.day("bo", roster, reason, verdict) is None
