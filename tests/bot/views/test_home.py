"""How the home tab looks, by role and by what there is to show."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.message import HomeTab
from bot.views.home import home_tab, home_trouble
from commands.digest_cards import WaitingChange
from commands.home import DirectoriesView, DirectoryView, HomeView, WaitingView
from commands.permissions import Role
from documents.sources import When
from sandbox.workspace.reading import block_words, buttons
from tests.bot.views.samples import AS_OF, HOSTILE, JOINS
from tests.bot.views.test_digests import AHEAD, FULL, SAME
from tests.support.referees import faults
from tests.support.snapshots import assert_home_looks


def at_two(day: int) -> When:
    """When the directories are read in April."""
    return When(date(2027, 4, day), datetime(2027, 4, day, 6, tzinfo=UTC), "America/New_York")


TROUBLED = (
    DirectoryView("Cedar Ltd", "m365", at_two(9), "The client secret expired on 8 Apr 2027.", at_two(8)),
    DirectoryView("Elm Street", "ad", None, "", at_two(10)),
)
DIRECTORIES = DirectoriesView(14, at_two(8), 1, TROUBLED, (("Entra client secret", date(2027, 5, 3)),))
FINE = DirectoriesView(14, at_two(10))
WAITING = WaitingView(FULL.changes, mine=2, others=1)
BILLER = HomeView(
    user="U0BILLER",
    as_of=AS_OF,
    role=Role.BILLER,
    clients=12,
    waiting=WAITING,
    run=FULL.run,
    holding=(("R05", 1),),
    revenue=FULL.revenue,
    directories=DIRECTORIES,
    decides=True,
    overrides=True,
    sees_money=True,
)
QUIET = replace(BILLER, waiting=WaitingView(), run=AHEAD, holding=(), revenue=SAME, directories=FINE)


def words(tab: HomeTab) -> str:
    return block_words(tab["blocks"])


def test_a_billers_tab_with_everything_on_it() -> None:
    assert_home_looks("home-biller", home_tab(BILLER))


def test_a_tab_on_which_nothing_waits() -> None:
    assert_home_looks("home-quiet", home_tab(QUIET))


def test_a_viewers_tab_has_no_button_that_decides() -> None:
    waits = WaitingView(FULL.changes, others=2)
    tab = home_tab(replace(BILLER, role=Role.VIEWER, waiting=waits, decides=False, overrides=False))
    assert buttons(tab["blocks"]) == ["Details", "Details"]
    assert "2 changes wait for approval. It takes the role approver to decide." in words(tab)


def test_a_tab_of_somebody_who_sees_no_amounts_has_none() -> None:
    blind = tuple(replace(each, change=replace(each.change, shows_money=False)) for each in FULL.changes)
    waits = replace(WAITING, shown=blind)
    tab = home_tab(replace(BILLER, role=Role.APPROVER, waiting=waits, revenue=None, sees_money=False))
    assert "$" not in words(tab)
    assert "Birch Corp is held (R05)" in words(tab)


def test_somebody_without_a_role_is_welcomed_and_told_how_to_get_one() -> None:
    assert_home_looks("home-stranger", home_tab(HomeView("U0STRANGER", AS_OF, None)))


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (replace(QUIET, clients=0), "There is no client yet"),
        (QUIET, "Nothing waits for you"),
        (replace(QUIET, waiting=WaitingView(others=3)), "3 changes wait for somebody else; /changes shows what."),
        (replace(QUIET, run=None), "No run is ahead"),
        (replace(QUIET, run=replace(AHEAD, due=True)), "Its day has come: /run 2027-05-01 start"),
        (replace(QUIET, revenue=replace(SAME, sums=())), "Nothing was issued or drafted in Apr 2027 and Mar 2027."),
        (replace(QUIET, directories=DirectoriesView()), "No client has one yet."),
        (replace(QUIET, directories=DirectoriesView(2, None, 2)), "2 of 2 directories in order, 2 never read."),
    ],
)
def test_what_there_is_nothing_of_is_said_in_words(shown: HomeView, said: str) -> None:
    assert said in words(home_tab(shown))


def test_of_three_hundred_of_everything_a_few_are_shown_and_the_rest_is_counted() -> None:
    name = "N" * 200
    change = WaitingChange(replace(JOINS, client_name=name), 3)
    assert FULL.run is not None
    held = tuple(replace(FULL.run.held[0], client_name=name, causes=(name * 20,) * 9) for _ in range(300))
    directories = replace(DIRECTORIES, troubled=(replace(TROUBLED[0], client_name=name),) * 300)
    tab = home_tab(
        replace(
            BILLER,
            waiting=WaitingView((change,) * 10, mine=300),
            run=replace(FULL.run, held=held),
            directories=directories,
        )
    )
    assert faults(tab) == []
    shown = words(tab)
    assert shown.count("It has waited for 3 days.") == 10
    for told in ("and 290 more: /changes lists them all", "and 292 more: /run status", "and 292 more: /reconcile"):
        assert told in shown


def test_changes_that_there_is_no_room_for_are_counted_with_those_that_were_not_read() -> None:
    long = replace(JOINS, items=tuple(replace(JOINS.items[0], number=at, kind="quantity") for at in range(99)))
    change = WaitingChange(replace(long, rosters=(), client_name="N" * 80), 3)
    tab = home_tab(replace(BILLER, waiting=WaitingView((change,) * 10, mine=300)))
    shown = words(tab).count("It has waited")
    assert faults(tab) == []
    assert f"and {300 - shown} more: /changes lists them all, /changes xlsx as a file." in words(tab)


def test_names_from_outside_are_never_markup() -> None:
    changes = tuple(WaitingChange(replace(JOINS, client_name=name), 1) for name in HOSTILE)
    troubled = tuple(replace(TROUBLED[0], client_name=name, failure=name) for name in HOSTILE)
    directories = replace(DIRECTORIES, troubled=troubled)
    tab = home_tab(replace(BILLER, waiting=WaitingView(changes, mine=len(changes)), directories=directories))
    assert faults(tab) == []
    assert "mrkdwn" not in str(tab)


def test_a_tab_that_could_not_be_made_says_why() -> None:
    trouble = home_trouble("Something went wrong, reference 5ea1.")
    assert_home_looks("home-trouble", trouble)
    assert "reference 5ea1" in words(trouble)
