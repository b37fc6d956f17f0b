"""Reading directories: what is proposed, what is held back, and what a failure leaves in force."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from commands import alerts, audit, changes, sync
from commands.clients import ClientIsUnknown
from connectors.errors import Cause, DirectoryNotRead
from documents.sources import spoken
from rosters.rules import Account, Roster, Rule
from storage import directories
from tests.billing.build import agreement, line, per_unit
from tests.support.books import client, counting, stating
from tests.support.cards import every_owed
from tests.support.msp import ADA, Memory, Msp, crowd, played_once, somebody


def owed(msp: Msp, kind: str) -> list[tuple[str, int]]:
    """Subject and wanted version of every card that is owed."""
    return [(card.subject, card.wanted) for card in every_owed(msp.database) if card.kind == kind]


def items(msp: Msp) -> list[tuple[str, str, str]]:
    return [(item.kind, item.name, str(item.effective)) for item in msp.pending().items]


def actions(msp: Msp) -> list[str]:
    return [entry.action for entry in audit.entries(msp.database, ADA)][::-1]


@pytest.fixture
@played_once
def new(msp: Msp) -> Msp:
    """Acme, whose book says 2 users at 10 dollars, and whose directory has Ann, Bo and Cy; never read."""
    msp.imports(client(per_unit("10"), quantities=stating(("2027-01-01", "2"))))
    msp.hire("ann", "bo", "cy")
    return msp


# The first count.


def test_the_first_reading_proposes_a_first_count(new: Msp) -> None:
    new.on("2027-01-10").sync()
    change = new.pending()
    assert (change.first_count, items(new)) == (
        True,
        [("join", "Ann", "2027-01-10"), ("join", "Bo", "2027-01-10"), ("join", "Cy", "2027-01-10")],
    )


def test_a_first_count_shows_the_difference_to_the_stated_number(new: Msp) -> None:
    new.sync()
    change = new.pending()
    assert [(move.before, move.after) for move in change.rosters] == [(2, 3)]
    assert change.monthly_minor == 1_000


def test_until_a_first_count_is_approved_the_stated_number_is_billed(new: Msp) -> None:
    new.sync()
    assert new.preview()["lines"][0]["quantity"] == "2"


def test_a_first_count_of_many_does_not_trip_the_catch(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.hire(*crowd(40))
    assert msp.sync_one().outcome == "accepted"


def test_a_first_count_of_nobody_is_held(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), quantities=stating(("2027-01-01", "2"))))
    assert msp.sync_one().outcome == "held"
    assert msp.preview()["lines"][0]["quantity"] == "2"


# Revisions.


def test_a_reading_without_news_makes_no_new_revision(new: Msp) -> None:
    first = new.sync_one()
    second = new.sync_one()
    assert (first.change_id, first.revision) == (second.change_id, second.revision) == (1, 1)
    assert owed(new, "change") == [("1", 1)]


def test_a_reading_without_news_is_not_in_the_audit_log(new: Msp) -> None:
    new.sync()
    before = actions(new)
    new.sync()
    assert actions(new) == before


def test_nothing_is_proposed_when_everybody_is_seated(counted: Msp) -> None:
    outcome = counted.on("2027-01-05").sync_one()
    assert (outcome.accounts_seen, outcome.billable, outcome.change_id) == (3, 3, None)


def test_another_joiner_makes_a_new_revision_of_the_same_change(counted: Msp) -> None:
    counted.on("2027-01-05").hire("dee")
    counted.sync()
    counted.hire("eve")
    outcome = counted.sync_one()
    assert (outcome.change_id, outcome.revision) == (2, 2)
    assert changes.show(counted.database, 2, 1).state == "replaced"
    assert owed(counted, "change") == [("1", 2), ("2", 2)]


def test_each_item_keeps_the_day_on_which_it_was_first_seen(counted: Msp) -> None:
    counted.on("2027-01-05").hire("dee")
    counted.sync()
    counted.on("2027-01-09").hire("eve")
    counted.fire("bo")
    counted.sync()
    assert items(counted) == [
        ("leave", "Bo", "2027-01-09"),
        ("join", "Dee", "2027-01-05"),
        ("join", "Eve", "2027-01-09"),
    ]


def test_the_day_is_the_clients_own(counted: Msp) -> None:
    counted.moment = datetime(2027, 1, 6, 3, 0, tzinfo=UTC)
    counted.hire("dee")
    counted.sync()
    assert items(counted) == [("join", "Dee", "2027-01-05")]


def test_other_money_makes_a_new_revision(counted: Msp) -> None:
    counted.on("2027-01-05").hire("dee")
    counted.sync()
    counted.imports(client(per_unit("12")))
    assert counted.sync_one().revision == 2
    assert counted.pending().monthly_minor == 1_200


def test_a_change_whose_difference_vanished_is_withdrawn(counted: Msp) -> None:
    counted.on("2027-01-05").hire("dee")
    counted.sync()
    counted.fire("dee")
    assert counted.sync_one().change_id is None
    assert changes.show(counted.database, 2).state == "withdrawn"
    assert owed(counted, "change") == [("1", 2), ("2", 2)]


def test_nothing_is_withdrawn_twice(counted: Msp) -> None:
    counted.on("2027-01-05").hire("dee")
    counted.sync()
    counted.fire("dee")
    counted.sync()
    counted.sync()
    assert actions(counted).count("change.withdraw") == 1


# People.


def test_somebody_deleted_leaves_from_the_first_day_missing(counted: Msp) -> None:
    counted.on("2027-01-05").sync()
    counted.on("2027-01-07").fire("bo")
    counted.sync()
    assert items(counted) == [("leave", "Bo", "2027-01-07")]
    assert counted.pending().items[0].verdict == "GONE"


def test_somebody_disabled_leaves(counted: Msp) -> None:
    counted.on("2027-01-07").hire(somebody("bo", enabled=False))
    counted.sync()
    assert [(item.kind, item.verdict) for item in counted.pending().items] == [("leave", "DISABLED")]


def test_somebody_back_before_the_approval_was_never_away(counted: Msp) -> None:
    counted.on("2027-01-07").fire("bo")
    counted.sync()
    counted.on("2027-01-09").hire("bo")
    counted.sync()
    assert not counted.waits()
    assert counted.preview("2027-02-01")["subtotal"] == "60.00"


def test_somebody_back_after_the_approval_is_the_same_person_and_the_gap_is_not_billed(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.on("2027-01-11").fire("bo")
    counted.sync()
    (left,) = counted.approve().items
    counted.on("2027-01-21").hire("bo")
    counted.sync()
    (back,) = counted.approve().items
    assert (back.kind, back.person) == ("join", left.person)
    adjustment = counted.preview("2027-02-01")["lines"][1]
    assert (adjustment["from"], adjustment["amount"]) == ("2027-01-01", "-3.23")


def test_the_same_sign_in_name_with_another_id_is_another_account(counted: Msp) -> None:
    counted.on("2027-01-07").fire("bo")
    counted.hire(somebody("bo2", name="Bo", upn="bo@acme.example"))
    counted.sync()
    leaver, joiner = counted.pending().items
    assert (leaver.kind, joiner.kind, leaver.person == joiner.person) == ("leave", "join", False)


def test_a_rename_is_no_event(counted: Msp) -> None:
    counted.on("2027-01-07").hire(somebody("bo", name="Beau Brown", upn="beau@acme.example"))
    assert counted.sync_one().change_id is None


def test_another_roster_is_one_leave_and_one_join(msp: Msp) -> None:
    rosters = (Roster("desk", Rule(counted_licences=("F1",))), Roster("full", Rule(basis="enabled")))
    terms = agreement(line(per_unit("10")), counting("desk", per_unit("4")))
    msp.imports(client(terms, rosters=rosters))
    msp.count("ann", Account("bo", "Bo", licences=("F1",)))
    msp.on("2027-01-07").hire("bo")
    msp.sync()
    change = msp.pending()
    assert [(item.kind, item.roster) for item in change.items] == [("leave", "desk"), ("join", "full")]
    assert change.monthly_minor == 600


# The safety catch.


@pytest.fixture
@played_once
def forty(msp: Msp) -> Msp:
    """Acme with 40 users at 10 dollars, counted on 1 January and read again on the 5th."""
    msp.imports(client(per_unit("10")))
    msp.count(*crowd(40))
    msp.on("2027-01-05").sync()
    return msp


def test_leaves_up_to_the_limit_are_proposed(forty: Msp) -> None:
    forty.fire(*crowd(4))
    assert forty.sync_one().outcome == "accepted"
    assert len(forty.pending().items) == 4


def test_more_leaves_than_the_limit_propose_nothing(forty: Msp) -> None:
    forty.fire(*crowd(5))
    outcome = forty.sync_one()
    assert (outcome.outcome, outcome.change_id, forty.waits()) == ("held", None, False)
    assert "5 of 40 seats would close. Nothing was changed." in outcome.message


def test_more_joins_than_the_limit_propose_nothing(forty: Msp) -> None:
    forty.hire(*crowd(11, "new"))
    assert (forty.sync_one().outcome, forty.waits()) == ("held", False)


def test_a_held_reading_leaves_accounts_and_cursor_as_they_were(forty: Msp) -> None:
    def state() -> list[object]:
        with forty.database.read() as session:
            (row,) = directories.of_client(session, 1)
            present = sum(account.present for account in directories.accounts(session, row.id or 0).values())
            return [row.cursor, row.last_read, present]

    before = state()
    forty.on("2027-01-06").fire(*crowd(5))
    forty.sync()
    assert state() == before


def test_a_held_reading_lists_in_the_audit_log_who_would_move(forty: Msp) -> None:
    forty.fire(*crowd(5))
    forty.sync()
    entry = audit.entries(forty.database, ADA, "acme")[0]
    assert entry.action == "sync.hold"
    assert '"accounts":["p001","p002","p003","p004","p005"]' in entry.data


def test_a_reading_that_is_held_again_is_told_once(forty: Msp) -> None:
    forty.fire(*crowd(5))
    forty.sync()
    forty.on("2027-01-06").sync()
    assert actions(forty).count("sync.hold") == 1
    assert [wanted for _, wanted in owed(forty, "alert")] == [1]


def test_a_held_reading_holds_the_client(forty: Msp) -> None:
    forty.fire(*crowd(5))
    forty.sync()
    assert ("R02", "hold") in forty.codes()


def test_an_empty_directory_is_held_however_small_it_was(counted: Msp) -> None:
    counted.on("2027-01-05").fire("ann", "bo", "cy")
    assert (counted.sync_one().outcome, counted.waits()) == ("held", False)


def test_let_through_proposes_with_the_day_on_which_it_was_first_held(forty: Msp) -> None:
    forty.on("2027-01-06").fire(*crowd(5))
    forty.sync()
    forty.on("2027-01-09").sync()
    outcome = forty.sync_one(let_through="They sold a branch.")
    assert outcome.outcome == "accepted"
    assert {str(item.effective) for item in forty.pending().items} == {"2027-01-06"}


def test_who_left_after_the_first_hold_has_a_day_of_his_own(forty: Msp) -> None:
    forty.on("2027-01-06").fire(*crowd(5))
    forty.sync()
    forty.on("2027-01-08").fire("p006")
    forty.sync()
    forty.on("2027-01-09").sync_one(let_through="They sold a branch.")
    assert [str(item.effective) for item in forty.pending().items if item.account == "p006"] == ["2027-01-08"]


def test_nobody_is_dated_by_a_reading_that_saw_nobody_at_all(forty: Msp) -> None:
    forty.on("2027-01-06").fire(*crowd(40))
    forty.sync()
    forty.on("2027-01-08").hire(*crowd(40)[5:])
    forty.sync()
    forty.on("2027-01-09").sync_one(let_through="They sold a branch.")
    assert {(item.kind, str(item.effective)) for item in forty.pending().items} == {("leave", "2027-01-08")}


def test_let_through_is_in_the_audit_log_with_its_reason(forty: Msp) -> None:
    forty.fire(*crowd(5))
    forty.sync()
    forty.sync_one(let_through="They sold a branch.")
    entry = next(e for e in audit.entries(forty.database, ADA, "acme") if e.action == "sync.let_through")
    assert (entry.actor, "They sold a branch." in entry.data) == (ADA.id, True)


def test_another_list_than_the_one_that_was_shown_is_not_let_through_unseen(forty: Msp) -> None:
    forty.fire(*crowd(5))
    forty.sync()
    forty.fire(*crowd(11)[5:])
    outcome = forty.sync_one(let_through="They sold a branch.")
    assert (outcome.outcome, forty.waits()) == ("held", False)
    assert (
        "Another list than this one was shown before, so it wasn't let through. Nothing was changed." in outcome.message
    )
    assert len([move for move in outcome.moves if move.kind == "leave"]) == 11
    assert forty.sync_one(let_through="They sold two.").outcome == "accepted"


def test_what_is_let_through_unseen_is_in_the_audit_log_too(forty: Msp) -> None:
    forty.fire(*crowd(5))
    forty.sync_one(let_through="They sold a branch.")
    assert "sync.let_through" in actions(forty)


def test_a_reason_that_nothing_needed_is_not_in_the_audit_log(forty: Msp) -> None:
    forty.fire("p001")
    forty.sync_one(let_through="They sold a branch.")
    assert "sync.let_through" not in actions(forty)


def test_let_through_is_for_one_reading(forty: Msp) -> None:
    forty.fire(*crowd(5))
    forty.sync_one(let_through="They sold a branch.")
    forty.approve()
    forty.fire(*crowd(12)[5:])
    assert forty.sync_one().outcome == "held"


def test_after_let_through_the_alert_is_cleared(forty: Msp) -> None:
    forty.fire(*crowd(5))
    forty.sync()
    ((subject, _),) = owed(forty, "alert")
    directory_id = int(subject.removeprefix("directory:"))
    assert alerts.alert(forty.database, directory_id).cleared is False
    forty.sync_one(let_through="They sold a branch.")
    assert alerts.alert(forty.database, directory_id).cleared is True


def test_a_held_directory_that_recovers_proposes_nothing(forty: Msp) -> None:
    forty.on("2027-01-06").fire(*crowd(5))
    forty.sync()
    forty.on("2027-01-07").hire(*crowd(5))
    assert (forty.sync_one().outcome, forty.waits(), forty.codes()) == ("accepted", False, [])


def test_who_leaves_later_is_not_dated_by_an_earlier_hold(forty: Msp) -> None:
    forty.on("2027-01-06").fire(*crowd(5))
    forty.sync()
    forty.on("2027-01-07").hire(*crowd(5))
    forty.sync()
    forty.on("2027-01-20").fire("p001")
    forty.sync()
    assert [str(item.effective) for item in forty.pending().items] == ["2027-01-20"]


def test_a_catch_in_one_directory_does_not_hold_up_another(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), directories=("hr", "m365")))
    msp.hire("ann", name="m365")
    outcomes = {outcome.directory: outcome.outcome for outcome in msp.sync()}
    assert outcomes == {"hr": "held", "m365": "accepted"}


# Failures.


def test_a_failure_leaves_the_last_good_state_in_force(counted: Msp) -> None:
    counted.on("2027-01-05").break_down()
    outcome = counted.sync_one()
    assert (outcome.outcome, outcome.message) == ("failed", "acme/hr: The client secret expired.")
    assert (counted.waits(), counted.preview("2027-01-01")["subtotal"]) == (False, "30.00")


def test_a_failure_is_no_event_for_the_pending_change(counted: Msp) -> None:
    counted.on("2027-01-05").hire("dee")
    counted.sync()
    counted.break_down()
    counted.sync()
    assert (counted.pending().revision, items(counted)) == (1, [("join", "Dee", "2027-01-05")])


def test_the_same_failure_is_told_once(counted: Msp) -> None:
    counted.on("2027-01-05").break_down()
    counted.sync()
    counted.on("2027-01-06").sync()
    ((subject, wanted),) = owed(counted, "alert")
    assert wanted == 1
    said = alerts.alert(counted.database, int(subject.removeprefix("directory:")))
    assert said.title == "Acme Corp: hr can't be read since 5 Jan 2027"


def test_another_failure_is_told_anew(counted: Msp) -> None:
    counted.on("2027-01-05").break_down()
    counted.sync()
    counted.break_down("The consent is gone.", cause=Cause.CONSENT)
    counted.sync()
    assert [wanted for _, wanted in owed(counted, "alert")] == [2]


def test_a_failure_that_only_words_itself_otherwise_is_not_told_anew(counted: Msp) -> None:
    for day in ("05", "06", "07"):
        counted.on(f"2027-01-{day}").break_down(f"Try again after {day} Jan 2027, in 3{day} seconds.")
        counted.sync()
    assert [wanted for _, wanted in owed(counted, "alert")] == [1]


def test_a_failure_that_comes_back_is_told_anew(counted: Msp) -> None:
    counted.on("2027-01-05").break_down()
    counted.sync()
    counted.mend()
    counted.sync()
    counted.break_down()
    counted.sync()
    assert [wanted for _, wanted in owed(counted, "alert")] == [3]


def test_a_failure_says_what_happened_since_when_what_it_holds_up_and_what_to_do(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.on("2027-01-04").sync()
    counted.on("2027-01-05").break_down()
    counted.sync()
    said = alerts.alert(counted.database, 1)
    assert (said.title, said.sentences, said.remedy) == (
        "Acme Corp: hr can't be read since 5 Jan 2027",
        (
            "The client secret expired.",
            "The last good state stays in force; the invoice of 1 Feb 2027 waits, $30.00 before tax as it stands.",
        ),
        "When it is mended: rollcall sync acme",
    )
    assert spoken(said.moments) == "It failed first on 5 Jan 2027 and was last read on 4 Jan 2027."


def test_a_directory_that_was_never_read_says_so(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.break_down()
    msp.sync()
    assert spoken(alerts.alert(msp.database, 1).moments).endswith(" and was never read.")


def test_what_holds_up_no_invoice_names_none(msp: Msp) -> None:
    msp.imports(client(agreement(line(per_unit("10")), end="2026-12-31", start="2026-01-01")))
    msp.break_down()
    msp.sync()
    assert alerts.alert(msp.database, 1).sentences[-1].endswith("; the next invoice waits.")


def test_a_directory_that_is_read_again_says_so(counted: Msp) -> None:
    counted.on("2027-01-05").break_down()
    counted.sync()
    counted.mend()
    counted.sync()
    said = alerts.alert(counted.database, 1)
    assert (said.title, said.cleared) == ("Acme Corp: hr is read again", True)


def test_a_mended_directory_clears_its_alert_and_its_hold(counted: Msp) -> None:
    counted.on("2027-01-05").break_down()
    counted.sync()
    assert ("R01", "hold") in counted.codes()
    counted.mend()
    counted.sync()
    assert ([wanted for _, wanted in owed(counted, "alert")], counted.codes()) == ([2], [])


def test_what_changed_during_a_failure_comes_with_the_next_reading(counted: Msp) -> None:
    counted.on("2027-01-05").break_down()
    counted.fire("bo")
    counted.sync()
    counted.on("2027-01-08").mend()
    counted.sync()
    assert items(counted) == [("leave", "Bo", "2027-01-08")]


def test_a_bug_while_reading_holds_that_client_and_stops_nobody_else(msp: Msp) -> None:
    msp.imports(client(per_unit("10")), client(per_unit("10"), slug="globex"))
    msp.hire("ann")
    msp.hire("gil", client="globex")
    msp.directory().meanwhile = lambda: int("a bug")
    with pytest.raises(ValueError, match="a bug"):
        msp.sync()
    assert [("R01", "hold") in msp.codes(slug) for slug in ("acme", "globex")] == [True, False]


def test_a_failing_client_does_not_stop_the_others(msp: Msp) -> None:
    msp.imports(client(per_unit("10")), client(per_unit("10"), slug="globex"))
    msp.break_down(client="acme")
    msp.hire("gil", client="globex")
    assert [(o.client, o.outcome) for o in msp.sync()] == [("acme", "failed"), ("globex", "accepted")]


def test_many_clients_may_be_read_for_the_first_time_at_once(msp: Msp) -> None:
    slugs = [f"client{number}" for number in range(8)]
    msp.imports(*(client(per_unit("10"), slug=slug) for slug in slugs))
    for slug in slugs:
        msp.hire("ann", "bo", client=slug)
    outcomes = msp.sync()
    assert sorted(outcome.change_id or 0 for outcome in outcomes) == list(range(1, 9))


def test_only_the_named_clients_are_read(msp: Msp) -> None:
    msp.imports(client(per_unit("10")), client(per_unit("10"), slug="globex"))
    assert [outcome.client for outcome in msp.sync("glob")] == ["globex"]


def test_without_a_client_there_is_nothing_to_read(msp: Msp) -> None:
    with pytest.raises(ClientIsUnknown, match="rollcall import BOOK --apply brings them"):
        msp.sync()


def test_a_full_reading_finds_whom_the_cursor_lost(counted: Msp) -> None:
    counted.on("2027-01-05").sync()
    directory = counted.directory()
    del directory.accounts["bo"]
    counted.sync()
    assert not counted.waits()
    counted.sync_one(full=True)
    assert items(counted) == [("leave", "Bo", "2027-01-05")]


def test_a_reading_overtaken_by_another_is_dropped(counted: Msp) -> None:
    counted.on("2027-01-05").hire("dee")
    counted.directory().meanwhile = counted.sync
    outcome = counted.sync_one()
    assert (outcome.outcome, outcome.exit_code, counted.pending().revision) == ("dropped", 0, 1)
    assert outcome.message.startswith("acme/hr: another reading came first, so this one was dropped")


def test_a_full_reading_overtaken_by_a_newer_one_brings_nobody_back(counted: Msp) -> None:
    def fires_bo() -> None:
        counted.fire("bo")
        counted.sync()

    counted.on("2027-01-05").directory().meanwhile = fires_bo
    assert counted.sync_one(full=True).outcome == "dropped"
    assert items(counted) == [("leave", "Bo", "2027-01-05")]


def test_a_full_reading_overtaken_by_one_that_was_held_does_not_end_the_hold(counted: Msp) -> None:
    def shows_nobody() -> None:
        counted.fire("ann", "bo", "cy")
        counted.sync()

    counted.directory().meanwhile = shows_nobody
    assert counted.sync_one(full=True).outcome == "dropped"
    assert ("R02", "hold") in counted.codes()


def test_a_reading_of_where_a_directory_was_before_is_dropped(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), settings={"path": "old.csv"}))
    msp.hire("ann")
    msp.directory().meanwhile = lambda: msp.imports(client(per_unit("10"), settings={"path": "new.csv"}))
    outcome = msp.sync_one()
    assert (outcome.outcome, outcome.exit_code, msp.waits()) == ("dropped", 1, False)
    assert "the book changed where it is while it was read" in outcome.message


def test_a_failure_where_a_directory_was_before_holds_nobody(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), settings={"path": "old.csv"}))

    def moves() -> None:
        msp.imports(client(per_unit("10"), settings={"path": "new.csv"}))
        raise DirectoryNotRead(Cause.NOT_FOUND, "There is no file old.csv.")

    msp.directory().meanwhile = moves
    assert msp.sync_one().outcome == "dropped"


def test_a_reading_of_a_directory_that_is_gone_is_dropped(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.directory().meanwhile = lambda: msp.imports(client(per_unit("10"), directories=()))
    assert "doesn't name it any more" in msp.sync_one().message


def test_a_reading_says_that_a_change_was_withdrawn(counted: Msp) -> None:
    counted.hire("dee")
    counted.sync()
    counted.fire("dee")
    assert counted.sync_one().message.endswith("change 2 was withdrawn, since the difference is gone")


def test_tenants_that_keep_us_waiting_delay_no_other(msp: Msp) -> None:
    slow = [f"slow{number}" for number in range(40)]
    msp.imports(*(client(slug=slug) for slug in [*slow, "zeta"]))

    async def play() -> int:
        done: list[int] = []
        for slug in slow:
            msp.directory(slug).open_again = asyncio.Event()

        def heard(number: int, of: int) -> None:
            done.append(of)
            for slug in slow:
                opened = msp.directory(slug).open_again
                assert opened is not None
                opened.set()

        reading = sync.sync_clients(
            msp.database, ADA, lambda _, __, slug, name: msp.directory(slug, name), msp.clock, progress=heard
        )
        async with asyncio.timeout(60):
            await reading
        return len(done)

    # Nobody of them goes on before the one that answers is done.
    assert asyncio.run(play()) == 41


def test_a_change_that_a_source_swallowed_is_found_within_a_week(counted: Msp) -> None:
    del counted.directory().accounts["ann"]
    counted.on("2027-01-07").sync()
    assert not counted.waits()
    counted.on("2027-01-09").sync()
    assert [item.kind for item in counted.pending().items] == ["leave"]


class Asked(Memory):
    """A directory that can be asked for single accounts, and whose next list leaves somebody out."""

    left_out: frozenset[str] = frozenset()

    async def still_there(self, object_ids: Sequence[str]) -> frozenset[str]:
        return self.left_out & frozenset(object_ids)


def test_a_full_reading_that_lacks_somebody_who_is_still_there_is_refused(counted: Msp) -> None:
    short = Asked(dict(counted.directory().accounts))
    counted.sources["acme", "hr"] = short
    del short.accounts["ann"]
    short.left_out = frozenset({"ann"})
    outcome = counted.sync_one(full=True)
    assert (outcome.outcome, counted.waits()) == ("failed", False)
    assert "left out 1 account that is still there when asked for" in outcome.message


def test_a_full_reading_that_lacks_somebody_who_is_gone_is_taken(counted: Msp) -> None:
    short = Asked(dict(counted.directory().accounts))
    counted.sources["acme", "hr"] = short
    del short.accounts["ann"]
    assert counted.sync_one(full=True).outcome == "accepted"
    assert [item.kind for item in counted.pending().items] == ["leave"]
