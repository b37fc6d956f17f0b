"""What Slack sent that must be done once, on both databases."""

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from storage import interactions
from storage.database import Database
from storage.interactions import Interaction
from storage.tables import InteractionRow

NOW = datetime(2027, 4, 11, 12, 0, tzinfo=UTC)
CLICK = Interaction("click:1", "change.approve", '{"user": "U1"}')


def take(database: Database, interaction: Interaction = CLICK, at: datetime = NOW) -> bool:
    with database.write("test") as session:
        return interactions.take(session, interaction, at, at + timedelta(minutes=2), at)


def undone(database: Database, free_since: datetime) -> tuple[Interaction, ...]:
    with database.read() as session:
        return interactions.undone(session, free_since)


def done(database: Database) -> None:
    with database.write("test") as session:
        interactions.mark_done(session, CLICK.key, NOW)


def test_the_same_key_is_kept_once(database: Database) -> None:
    assert take(database)
    assert not take(database)


def test_what_is_not_done_is_found_in_the_order_in_which_it_came(database: Database) -> None:
    later = Interaction("click:0", "change.approve", "{}")
    take(database)
    take(database, later, NOW + timedelta(hours=1))
    assert undone(database, NOW + timedelta(hours=2)) == (CLICK, later)


def test_what_is_leased_to_another_process_is_left_to_it(database: Database) -> None:
    take(database)
    assert undone(database, NOW + timedelta(minutes=1)) == ()


def test_what_was_left_behind_is_taken_over_by_one_process(database: Database) -> None:
    take(database)
    assert [take(database, at=NOW + timedelta(minutes=2)) for _ in range(2)] == [True, False]


def test_what_is_done_is_not_found_or_taken_again(database: Database) -> None:
    take(database)
    done(database)
    assert undone(database, NOW + timedelta(days=1)) == ()
    assert not take(database, at=NOW + timedelta(days=1))


def test_what_a_click_said_is_forgotten_once_it_is_done_and_its_key_is_not(database: Database) -> None:
    take(database)
    done(database)
    with database.read() as session:
        (row,) = session.exec(select(InteractionRow)).all()
    assert (row.key, row.payload) == (CLICK.key, "")
