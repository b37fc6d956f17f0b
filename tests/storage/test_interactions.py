"""What Slack sent that must be done once, on both databases."""

from datetime import UTC, datetime

from storage import interactions
from storage.database import Database
from storage.interactions import Interaction

NOW = datetime(2027, 4, 11, 12, 0, tzinfo=UTC)
CLICK = Interaction("click:1", "change.approve", "{}")


def test_the_same_key_is_kept_once(database: Database) -> None:
    with database.write("test") as session:
        assert interactions.record(session, CLICK, NOW)
    with database.write("test") as session:
        assert not interactions.record(session, CLICK, NOW)


def test_what_is_not_done_is_found_in_the_order_in_which_it_came(database: Database) -> None:
    later = Interaction("click:0", "change.approve", "{}")
    with database.write("test") as session:
        interactions.record(session, CLICK, NOW)
        interactions.record(session, later, NOW.replace(hour=13))
    with database.read() as session:
        assert interactions.undone(session) == (CLICK, later)


def test_what_is_done_is_not_found_again(database: Database) -> None:
    with database.write("test") as session:
        interactions.record(session, CLICK, NOW)
        interactions.mark_done(session, CLICK.key, NOW)
        assert interactions.undone(session) == ()
