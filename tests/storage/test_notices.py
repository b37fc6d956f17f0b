"""Cards owed to Slack, on both databases."""

from datetime import UTC, datetime, timedelta

from storage import channels, failures, notices
from storage.database import Database
from storage.notices import Owed

NOW = datetime(2027, 4, 11, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=2)


def owe(database: Database, subject: str = "7", channel: str | None = "C0ACME") -> None:
    with database.write("test") as session:
        notices.owe(session, "change", subject, None, channel)


def owed(database: Database, now: datetime = NOW) -> tuple[Owed, ...]:
    with database.read() as session:
        return notices.owed(session, now, "")


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
        failures.mark_failed(session, owed(database)[0].id, NOW, SOON, "Slack is down.")
    assert owed(database) == ()
    assert [one.attempts for one in owed(database, SOON)] == [1]


def test_a_new_version_is_tried_at_once(database: Database) -> None:
    owe(database)
    with database.write("test") as session:
        failures.mark_failed(session, owed(database)[0].id, NOW, SOON, "Slack is down.")
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
        assert channels.lease(session, "C0ACME", "one", NOW, SOON)
        assert not channels.lease(session, "C0ACME", "two", NOW, SOON)


def test_the_holder_may_renew_its_lease(database: Database) -> None:
    with database.write("test") as session:
        assert channels.lease(session, "C0ACME", "one", NOW, SOON)
        assert channels.lease(session, "C0ACME", "one", NOW, SOON)


def test_a_lease_that_has_passed_or_was_given_back_is_free(database: Database) -> None:
    with database.write("test") as session:
        channels.lease(session, "C0ACME", "one", NOW, SOON)
        assert channels.lease(session, "C0ACME", "two", SOON, SOON + timedelta(minutes=2))
        channels.release(session, "C0ACME", "one")
        assert not channels.lease(session, "C0ACME", "three", SOON, SOON + timedelta(minutes=2))
        channels.release(session, "C0ACME", "two")
        assert channels.lease(session, "C0ACME", "three", SOON, SOON + timedelta(minutes=2))


def test_the_backlog_counts_and_tells_each_problem_once(database: Database) -> None:
    for subject in ("7", "8", "9"):
        owe(database, subject)
    with database.write("test") as session:
        failures.mark_failed(session, 1, NOW, SOON, "Slack is down.")
        failures.mark_failed(session, 2, NOW, SOON, "Slack is down.")
    with database.read() as session:
        assert failures.backlog(session) == (3, ("Slack is down.",), 0)


def fail(database: Database, now: datetime = NOW, refused_by: str | None = None) -> None:
    with database.write("test") as session:
        failures.mark_failed(session, 1, now, now, "Slack is down.", refused_by)


def given_up(database: Database, now: datetime) -> bool:
    with database.write("test") as session:
        return failures.give_up(session, 1, now, now - timedelta(days=1))


def test_of_each_channel_the_first_card_is_found(database: Database) -> None:
    for subject, channel in (("7", None), ("8", "C0ACME"), ("9", "C0ACME"), ("10", "C0HOUSE")):
        owe(database, subject, channel)
    with database.read() as session:
        found = [one.subject for one in notices.owed(session, NOW, "", "C0HOUSE")]
        first = notices.next_in(session, NOW, "C0HOUSE", "C0HOUSE")
    assert (found, first and first.subject) == (["7", "8"], "7")


def test_a_channel_that_another_sender_has_is_left_out(database: Database) -> None:
    owe(database)
    with database.write("test") as session:
        channels.lease(session, "C0ACME", "one", NOW, SOON)
    with database.read() as session:
        assert [len(notices.owed(session, NOW, holder)) for holder in ("one", "two")] == [1, 0]


def test_a_card_is_given_up_once_a_day_after_its_first_failure(database: Database) -> None:
    owe(database)
    fail(database)
    almost, later = NOW + timedelta(hours=23), NOW + timedelta(hours=24)
    fail(database, almost)
    assert [given_up(database, when) for when in (almost, later, later)] == [False, True, False]
    assert owed(database, later) == ()
    with database.read() as session:
        assert failures.backlog(session) == (1, ("Slack is down.",), 1)
        assert [(one.since, one.is_given_up) for one in failures.stuck(session)] == [(NOW, True)]


def test_a_card_that_was_shown_in_between_has_failed_since_its_next_failure(database: Database) -> None:
    owe(database)
    fail(database)
    with database.write("test") as session:
        notices.mark_shown(session, 1, 1, "C0ACME", "1.1")
    owe(database)
    fail(database, NOW + timedelta(hours=23))
    assert not given_up(database, NOW + timedelta(hours=25))


def test_another_try_is_for_everything_that_failed_and_opens_its_channel(database: Database) -> None:
    owe(database)
    owe(database, "8")
    fail(database, refused_by="C0ACME")
    assert given_up(database, NOW + timedelta(days=2))
    with database.write("test") as session:
        channels.close(session, "C0ACME", SOON)
        assert failures.try_again(session) == 1
    assert [one.subject for one in owed(database)] == ["7"]
    assert not given_up(database, NOW + timedelta(days=2))


def test_only_a_channel_that_refused_something_keeps_its_cards_waiting(database: Database) -> None:
    for subject, channel in (("7", None), ("8", None), ("9", "C0ACME")):
        owe(database, subject, channel)
    with database.read() as session:
        assert failures.stuck_in(session, "C0HOUSE", ()) == ()
    fail(database, refused_by="C0HOUSE")
    with database.read() as session:
        assert [one.subject for one in failures.stuck_in(session, "C0HOUSE", ())] == ["7", "8"]
        assert failures.stuck_in(session, "C0HOUSE", ("change",)) == ()
