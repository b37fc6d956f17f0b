"""What somebody's home tab holds: by role, by policy, and for any number of clients at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from commands import digests, roles, runs
from commands import home as homes
from commands.actors import Actor
from commands.bill_dates import next_unbilled, next_unbilled_each
from commands.home import HomeView
from commands.permissions import Role
from connectors.books.values import BookClient
from documents.sources import When
from rosters.policies import Policies, TwoPeople
from storage import clients, credentials
from storage.database import Database
from storage.ids import id_of
from storage.tables import CredentialRow
from tests.billing.build import day, flat, per_unit
from tests.support.books import book, client, stating
from tests.support.msp import ADA, Msp, crowd

VERA, ALMA, BERT = Actor("U0VERA", "slack"), Actor("U0ALMA", "slack"), Actor("U0BERT", "slack")


@pytest.fixture
def staffed(msp: Msp) -> Msp:
    """An MSP with one person for each of three roles."""
    for actor, role in ((VERA, "viewer"), (ALMA, "approver"), (BERT, "biller")):
        roles.grant(msp.database, ADA, actor.id, role)
    return msp


def seen(msp: Msp, actor: Actor = ALMA) -> HomeView:
    return homes.home(msp.database, actor, msp.clock)


def two_books(**policies: Policies) -> list[BookClient]:
    """Acme and Birch in a book, with their policies."""
    return [
        replace(client(per_unit("10"), slug=slug), approvals=policies.get(slug, Policies()))
        for slug in ("acme", "birch")
    ]


def two_clients(msp: Msp, **policies: Policies) -> None:
    """Acme and Birch, at each of whom a change waits."""
    msp.imports(book(*two_books(**policies)))
    msp.hire("ann", client="acme")
    msp.hire("bo", client="birch")
    msp.sync()


def waits(home: HomeView) -> tuple[list[str], int, int]:
    return sorted(each.change.client for each in home.waiting.shown), home.waiting.mine, home.waiting.others


def test_whoever_has_no_role_is_shown_no_data(staffed: Msp) -> None:
    two_clients(staffed)
    stranger = seen(staffed, Actor("U0NOBODY", "slack"))
    assert stranger == HomeView("U0NOBODY", stranger.as_of, None)


def test_a_role_of_a_user_group_counts(staffed: Msp) -> None:
    roles.grant(staffed.database, ADA, "S0TEAM", "approver")
    two_clients(staffed)
    assert seen(staffed, Actor("U0NOBODY", "slack", ("S0TEAM",))).waiting.mine == 2


def test_a_viewer_decides_nothing_and_sees_all_that_waits(staffed: Msp) -> None:
    two_clients(staffed)
    home = seen(staffed, VERA)
    assert waits(home) == (["acme", "birch"], 0, 2)
    assert (home.decides, home.overrides, home.sees_money) == (False, False, True)


def test_what_the_book_leaves_to_others_waits_for_them(staffed: Msp) -> None:
    two_clients(staffed, acme=Policies(by=(BERT.id,)))
    assert waits(seen(staffed, ALMA)) == (["birch"], 1, 1)
    assert waits(seen(staffed, BERT)) == (["acme", "birch"], 2, 0)


def test_the_first_of_two_who_approve_isnt_asked_again(staffed: Msp) -> None:
    staffed.imports(
        replace(
            client(per_unit("10")),
            approvals=Policies(two_people=TwoPeople(people=0)),
            quantities=stating(("2027-01-01", "1")),
        )
    )
    staffed.hire("ann")
    staffed.sync()
    staffed.approve("2027-01-01", actor=ALMA)
    assert waits(seen(staffed, ALMA)) == ([], 0, 1)
    assert waits(seen(staffed, BERT)) == (["acme"], 1, 0)


def test_of_many_changes_the_longest_waiting_are_read_in_full(staffed: Msp) -> None:
    slugs = [f"c{at:02d}" for at in range(13)]
    staffed.imports(book(*(client(per_unit("10"), slug=slug) for slug in slugs)))
    for slug in reversed(slugs):
        staffed.hire("ann", client=slug)
        staffed.sync(slug)
        staffed.today += timedelta(days=1)
    home = seen(staffed)
    assert (len(home.waiting.shown), home.waiting.mine) == (homes.MOST_CHANGES, 13)
    assert [(each.change.client, each.days) for each in home.waiting.shown[:2]] == [("c12", 13), ("c11", 12)]


def test_amounts_are_left_out_for_whom_the_book_shows_none(staffed: Msp) -> None:
    two_clients(staffed)
    staffed.imports(replace(book(*two_books()), money_from="biller"))
    assert seen(staffed, ALMA).revenue is None
    assert not any(each.change.shows_money for each in seen(staffed, ALMA).waiting.shown)
    assert seen(staffed, BERT).revenue is not None


def test_the_run_under_way_says_what_holds_whom(staffed: Msp) -> None:
    flats = [client(flat("100"), slug=slug, directories=(), rosters=()) for slug in ("birch", "cedar")]
    staffed.imports(book(client(per_unit("10")), *flats))
    staffed.hire("ann")
    staffed.sync()
    ahead = seen(staffed).run
    assert ahead is not None
    assert (ahead.bill_date, ahead.started, ahead.due, ahead.clients) == (day("2027-01-01"), False, True, 3)
    runs.start(staffed.database, ADA, staffed.clock, day("2027-01-01"))
    home = seen(staffed)
    assert home.run is not None
    assert (home.run.started, [each.client for each in home.run.held], home.run.to_approve) == (True, ["acme"], 2)
    assert home.holding == tuple((code, 1) for code in sorted(set(home.run.held[0].held)))


def test_money_is_what_was_issued_and_what_is_drafted(staffed: Msp) -> None:
    euro = client(flat("70"), slug="dune", currency="EUR", directories=(), rosters=())
    staffed.imports(book(client(flat("100"), directories=(), rosters=()), euro))
    staffed.bill("2027-01-01")
    staffed.on("2027-02-01")
    before = seen(staffed).revenue
    runs.start(staffed.database, ADA, staffed.clock, staffed.today)
    after = seen(staffed).revenue
    assert before is not None
    assert after is not None
    assert [(each.currency, each.amount_minor, each.before_minor) for each in before.sums] == [
        ("EUR", 0, 7000),
        ("USD", 0, 10_000),
    ]
    assert (before.expected, after.expected) == (False, True)
    assert [(each.currency, each.amount_minor) for each in after.sums] == [("EUR", 7000), ("USD", 10_000)]
    digest = digests.ask(staffed.database, ADA, staffed.clock)
    assert after == digest.revenue


def test_directories_say_which_need_somebody_and_since_when(staffed: Msp) -> None:
    staffed.imports(book(*(client(per_unit("10"), slug=slug) for slug in ("acme", "birch", "cedar"))))
    staffed.hire("ann", client="acme")
    staffed.hire("bo", client="birch")
    staffed.sync("acme", "birch")
    staffed.on("2027-01-02").break_down(client="birch")
    staffed.sync("birch")
    shown = seen(staffed).directories
    assert shown.oldest is not None
    assert (shown.count, shown.oldest.on, shown.never_read) == (3, day("2027-01-01"), 1)
    (broken,) = shown.troubled
    assert broken.client_name == "Birch Corp"
    assert broken.failing_since == When(day("2027-01-02"), staffed.clock.now(), "America/New_York")
    assert broken.last_read is not None
    assert broken.last_read.on == day("2027-01-01")
    assert "secret expired" in broken.failure


def test_a_reading_that_the_safety_catch_holds_needs_somebody(staffed: Msp) -> None:
    staffed.imports(client(per_unit("10")))
    staffed.count(*crowd(20))
    staffed.fire(*crowd(15))
    staffed.sync()
    (held,) = seen(staffed).directories.troubled
    assert (held.name, held.failing_since) == ("hr", None)


def test_a_secret_that_expires_soon_is_told(staffed: Msp) -> None:
    expires = datetime(2027, 1, 20, tzinfo=UTC)
    with staffed.database.write("test") as session:
        credentials.put(session, CredentialRow(name="Entra client secret", expires=expires, remedy="", told=True))
        credentials.put(session, CredentialRow(name="Okta key", expires=expires, remedy="", told=False))
    assert seen(staffed).directories.expiring == (("Entra client secret", day("2027-01-20")),)


@pytest.mark.parametrize("role", Role)
def test_the_role_is_said(staffed: Msp, role: Role) -> None:
    roles.grant(staffed.database, ADA, "U0NEW", role)
    assert seen(staffed, Actor("U0NEW", "slack")).role is role


def asked(database: Database, msp: Msp) -> int:
    """How many statements one opening takes."""
    statements: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", heard)
    try:
        seen(msp)
    finally:
        event.remove(database.engine, "before_cursor_execute", heard)
    return len(statements)


def test_another_client_costs_no_statement_more(staffed: Msp) -> None:
    everybody = [client(flat("100"), slug=f"c{at:03d}", rosters=()) for at in range(40)]
    staffed.imports(book(*everybody[:4]))
    few = asked(staffed.database, staffed)
    staffed.imports(book(*everybody))
    assert asked(staffed.database, staffed) == few
    runs.start(staffed.database, ADA, staffed.clock, day("2027-01-01"))
    assert asked(staffed.database, staffed) <= few + 5


def test_the_next_bill_dates_of_many_clients_are_those_of_each(staffed: Msp) -> None:
    both = [client(flat("100"), slug=slug, directories=(), rosters=()) for slug in ("birch", "cedar")]
    staffed.imports(book(*both, client(per_unit("10"))))
    staffed.bill("2027-01-01")
    staffed.on("2027-02-03")
    runs.start(staffed.database, ADA, staffed.clock, day("2027-02-01"))
    with staffed.database.read() as session:
        rows = clients.every(session)
        each = {
            id_of(row): next_unbilled(
                session, id_of(row), clients.terms(session, row), staffed.clock.today(row.timezone)
            )
            for row in rows
        }
        assert next_unbilled_each(session, rows, staffed.clock.today) == each
    assert set(each.values()) == {day("2027-02-01")}
