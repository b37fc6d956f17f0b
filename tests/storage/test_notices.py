"""Cards owed to Slack, on both databases."""

from datetime import UTC, datetime, timedelta

from storage import notices
from storage.database import Database
from storage.notices import Owed

NOW = datetime(2027, 4, 11, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=2)


def owe(database: Database, subject: str = "7", channel: str | None = "C0ACME") -> None:
    with database.write("test") as session:
        notices.owe(session, "change", subject, None, channel)


def owed(database: Database, now: datetime = NOW) -> tuple[Owed, ...]:
    with database.read() as session:
        return notices.owed(session, now, 10)


def test_what_is_owed_is_found(database: Database) -> None:
    owe(database)
    assert [(one.kind, one.subject, one.channel, one.ts, one.wanted) for one in owed(database)] == [
        ("change", "7", "C0ACME", None, 1)
    ]


def test_the_next_version_is_owed_in_the_same_notice(database: Database) -> None:
    owe(database)
    owe(database)
    assert [one.wanted for one in owed(database)] == [2]


def test_what_is_shown_is_no_longer_owed(database: Database) -> None:
    owe(database)
    with database.write("test") as session:
        notices.mark_shown(session, owed(database)[0].id, 1, "C0ACME", "1.1")
    assert owed(database) == ()


def test_a_version_wanted_meanwhile_is_still_owed_and_edits_the_message(database: Database) -> None:
    owe(database)
    (first,) = owed(database)
    owe(database)
    with database.write("test") as session:
        notices.mark_shown(session, first.id, first.wanted, "C0ACME", "1.1")
    assert [(one.wanted, one.ts) for one in owed(database)] == [(2, "1.1")]


def test_an_older_version_never_takes_the_place_of_a_newer_one(database: Database) -> None:
    owe(database)
    owe(database)
    (notice,) = owed(database)
    with database.write("test") as session:
        notices.mark_shown(session, notice.id, 2, "C0ACME", "2.2")
        notices.mark_shown(session, notice.id, 1, "C0ACME", "1.1")
    owe(database)
    assert [one.ts for one in owed(database)] == ["2.2"]


def test_a_refused_card_waits_for_its_turn(database: Database) -> None:
    owe(database)
    with database.write("test") as session:
        notices.mark_failed(session, owed(database)[0].id, SOON, "Slack is down.")
    assert owed(database) == ()
    assert [one.attempts for one in owed(database, SOON)] == [1]


def test_a_new_version_is_tried_at_once(database: Database) -> None:
    owe(database)
    with database.write("test") as session:
        notices.mark_failed(session, owed(database)[0].id, SOON, "Slack is down.")
    owe(database)
    assert len(owed(database)) == 1


def test_a_card_that_was_not_posted_follows_its_client_to_another_channel(database: Database) -> None:
    owe(database)
    owe(database, channel="C0OTHER")
    assert [one.channel for one in owed(database)] == ["C0OTHER"]


def test_a_posted_card_stays_in_its_channel(database: Database) -> None:
    owe(database)
    with database.write("test") as session:
        notices.mark_shown(session, owed(database)[0].id, 1, "C0ACME", "1.1")
    owe(database, channel="C0OTHER")
    assert [one.channel for one in owed(database)] == ["C0ACME"]


def test_a_forgotten_message_is_posted_anew(database: Database) -> None:
    owe(database)
    with database.write("test") as session:
        notices.mark_shown(session, owed(database)[0].id, 1, "C0ACME", "1.1")
        notices.ask_again(session, "change", "7")
        notices.forget_message(session, 1)
    assert [one.ts for one in owed(database)] == [None]


def test_asking_again_for_a_card_that_never_was_owes_nothing(database: Database) -> None:
    with database.write("test") as session:
        notices.ask_again(session, "change", "7")
    assert owed(database) == ()


def test_one_channel_has_one_sender_at_a_time(database: Database) -> None:
    with database.write("test") as session:
        assert notices.lease_channel(session, "C0ACME", "one", NOW, SOON)
        assert not notices.lease_channel(session, "C0ACME", "two", NOW, SOON)


def test_the_holder_may_renew_its_lease(database: Database) -> None:
    with database.write("test") as session:
        assert notices.lease_channel(session, "C0ACME", "one", NOW, SOON)
        assert notices.lease_channel(session, "C0ACME", "one", NOW, SOON)


def test_a_lease_that_has_passed_or_was_given_back_is_free(database: Database) -> None:
    with database.write("test") as session:
        notices.lease_channel(session, "C0ACME", "one", NOW, SOON)
        assert notices.lease_channel(session, "C0ACME", "two", SOON, SOON + timedelta(minutes=2))
        notices.release_channel(session, "C0ACME", "one")
        assert not notices.lease_channel(session, "C0ACME", "three", SOON, SOON + timedelta(minutes=2))
        notices.release_channel(session, "C0ACME", "two")
        assert notices.lease_channel(session, "C0ACME", "three", SOON, SOON + timedelta(minutes=2))


def test_the_backlog_counts_and_tells_each_problem_once(database: Database) -> None:
    for subject in ("7", "8", "9"):
        owe(database, subject)
    with database.write("test") as session:
        notices.mark_failed(session, 1, SOON, "Slack is down.")
        notices.mark_failed(session, 2, SOON, "Slack is down.")
    with database.read() as session:
        assert notices.backlog(session) == (3, ("Slack is down.",))
