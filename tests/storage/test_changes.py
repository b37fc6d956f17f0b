"""What the database itself refuses, and decisions that only one can make."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from billing.quantities import Measure
from rosters.changes import ChangeItem, ItemKind
from rosters.origins import READ, Cause, Origin
from storage import changes, clients, seats
from storage.database import Database, Session
from tests.billing.build import day
from tests.storage.rows import NOW, a_change, a_client, a_document, a_person, a_seat


def stored(database: Database, *rows: Callable[[Session, int], object]) -> None:
    with database.write("test") as session:
        client_id = a_client(session)
        for row in rows:
            session.add(row(session, client_id))
            session.flush()


def test_a_client_has_one_pending_change(database: Database) -> None:
    with pytest.raises(IntegrityError):
        stored(database, lambda _, client: a_change(client, 1), lambda _, client: a_change(client, 2))


def test_a_client_may_have_many_decided_changes_beside_a_pending_one(database: Database) -> None:
    stored(
        database,
        lambda _, client: a_change(client, 1, state="approved"),
        lambda _, client: a_change(client, 2, state="approved"),
        lambda _, client: a_change(client, 3),
    )


def test_two_clients_may_each_have_a_pending_change(database: Database) -> None:
    with database.write("test") as session:
        session.add(a_change(a_client(session, "acme"), 1))
        session.add(a_change(a_client(session, "globex"), 2))


def test_a_person_has_one_open_seat(database: Database) -> None:
    with database.write("test") as session:
        client_id = a_client(session)
        person = a_person(session, client_id)
        session.add(a_seat(client_id, person))
    with pytest.raises(IntegrityError), database.write("test") as session:
        session.add(a_seat(client_id, person, roster="frontline"))


def test_a_person_may_have_closed_seats_beside_an_open_one(database: Database) -> None:
    with database.write("test") as session:
        client_id = a_client(session)
        person = a_person(session, client_id)
        session.add(a_seat(client_id, person, ends="2027-04-05"))
        session.add(a_seat(client_id, person))


def test_a_client_has_one_draft(database: Database) -> None:
    with pytest.raises(IntegrityError):
        stored(
            database,
            lambda _, client: a_document(client, "2027-05-01"),
            lambda _, client: a_document(client, "2027-06-01"),
        )


def test_a_client_has_one_document_of_a_run_for_a_bill_date(database: Database) -> None:
    with pytest.raises(IntegrityError):
        stored(
            database,
            lambda _, client: a_document(client, state="issued"),
            lambda _, client: a_document(client, state="draft"),
        )


def test_credits_that_people_give_may_share_a_day(database: Database) -> None:
    stored(database, *[lambda _, client: a_document(client, state="issued", by_run=False)] * 3)


def test_a_number_is_given_once_a_series(database: Database) -> None:
    def numbered(_: Session, client_id: int) -> object:
        row = a_document(client_id, state="issued", by_run=False)
        row.series, row.number = "NW", 7
        return row

    with pytest.raises(IntegrityError):
        stored(database, numbered, numbered)


def test_of_two_who_decide_one_wins(database: Database) -> None:
    stored(database, lambda _, client: a_change(client))
    answers: dict[str, bool] = {}
    together = threading.Barrier(2, timeout=10)

    def decide(name: str, state: str) -> None:
        with database.read() as session:
            row = changes.newest(session, 1)
        together.wait()
        assert row is not None
        with database.write("test") as session:
            seen = session.merge(row, load=False)
            answers[name] = changes.decide(session, seen, state, name, NOW, NOW.date(), None)

    deciders = [threading.Thread(target=decide, args=pair) for pair in (("ada", "approved"), ("bob", "rejected"))]
    for decider in deciders:
        decider.start()
    for decider in deciders:
        decider.join(20)
    with database.read() as session:
        found = changes.newest(session, 1)
    assert sorted(answers.values()) == [False, True]
    assert found is not None
    assert answers[found.decided_by or ""] is True


def test_a_decided_change_is_not_decided_again(database: Database) -> None:
    stored(database, lambda _, client: a_change(client, state="withdrawn"))
    with database.write("test") as session:
        row = changes.newest(session, 1)
        assert row is not None
        assert changes.decide(session, row, "approved", "ada", NOW, NOW.date(), None) is False
        assert (row.state, row.decided_by) == ("withdrawn", None)


def test_an_item_comes_back_as_it_was(database: Database) -> None:
    with database.write("test") as session:
        client_id = a_client(session)
        origins: dict[ItemKind, Origin] = {"leave": READ, "join": Origin(Cause.RULES, "cli:ops for Ada")}
        items = tuple(
            ChangeItem(kind, day("2027-04-01"), "full", a_person(session, client_id), origin=origin)
            for kind, origin in origins.items()
        )
        row = changes.add(session, a_change(client_id), items)
        session.expire_all()
        assert changes.items(session, row) == items


def test_items_that_differ_in_kind_or_origin_come_back_in_their_order(database: Database) -> None:
    licences = Measure("licence", "SPB")
    join = ChangeItem("join", day("2027-04-11"), "full", origin=READ)
    with database.write("test") as session:
        client_id = a_client(session)
        first, second, third, fourth = (a_person(session, client_id) for _ in range(4))
        items = (
            join._replace(kind="leave", person=first, origin=Origin(Cause.HAND, "ada")),
            join._replace(person=second),
            join._replace(person=third),
            join._replace(roster=None, kind="quantity", measure=licences, before=Decimal(4), after=Decimal(6)),
            join._replace(person=fourth, origin=Origin(Cause.RULES)),
        )
        row = changes.add(session, a_change(client_id), items)
        assert changes.items(session, row) == items


def test_a_move_between_rosters_leaves_one_open_seat(database: Database) -> None:
    with database.write("test") as session:
        client_id = a_client(session)
        person = a_person(session, client_id)
        session.add(a_seat(client_id, person, roster="frontline"))
        session.flush()
        moves = [
            ChangeItem("join", day("2027-04-10"), "full", person),
            ChangeItem("leave", day("2027-04-10"), "frontline", person),
        ]
        seats.move(session, client_id, 2, moves)
        found = [(seat.roster, seat.ends, seat.opened_by, seat.closed_by) for seat in seats.every(session, client_id)]
    assert found == [("frontline", day("2027-04-10"), 1, 2), ("full", None, 2, None)]


def test_a_seat_never_ends_before_it_began(database: Database) -> None:
    with database.write("test") as session:
        client_id = a_client(session)
        person = a_person(session, client_id)
        session.add(a_seat(client_id, person))
        session.flush()
        seats.move(session, client_id, 2, [ChangeItem("leave", day("2027-03-01"), "full", person)])
        (seat,) = seats.every(session, client_id)
    assert (seat.starts, seat.ends) == (day("2027-04-01"), day("2027-04-01"))


def test_a_locked_client_is_as_it_is_now_and_not_as_it_was_when_first_looked_at(database: Database) -> None:
    with database.write("test") as session:
        a_client(session)
    if database.is_sqlite:
        return
    with database.write("first") as session:
        looked_at = clients.by_slug(session, "acme")
        assert looked_at is not None
        with database.write("second") as other:
            clients.lock(other, looked_at.id or 0).locale = "de_DE"
        assert clients.lock(session, looked_at.id or 0).locale == "de_DE"
