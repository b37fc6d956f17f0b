"""How a billing run looks."""

from dataclasses import replace
from datetime import date

import pytest

from bot.views.runs import abandon_question, outdated_run, run_card, run_note
from commands.run_cards import FindingView
from tests.bot.views.samples import run, run_client
from tests.support.snapshots import assert_message_looks, assert_slack_takes

HELD = run_client("acme", "held", held=("R05", "R06"))
DRAFTED = run_client("globex", "drafted", 10000)


def test_a_run_with_a_hold_and_a_draft() -> None:
    assert_message_looks("run-drafted", run_card(run(HELD, DRAFTED, run_client("initech", "nothing"))))


def test_an_approved_run() -> None:
    assert_message_looks("run-approved", run_card(run(run_client("globex", "approved", 10000), state="approved")))


def test_an_issued_run() -> None:
    assert_message_looks("run-issued", run_card(run(run_client("globex", "issued", 10000), state="issued")))


FOUND = FindingView("gap", "backup", date(2027, 5, 1), date(2027, 6, 1), "Nothing is charged for backup, May 2027.")


def test_an_issued_run_in_which_something_was_left_out() -> None:
    issued = replace(run_client("globex", "issued", 10000), findings=())
    left_out = replace(run_client("initech", "nothing"), findings=(FOUND,))
    assert_message_looks("run-gap", run_card(run(issued, left_out, state="issued")))


def test_an_issued_run_in_which_nothing_was_found_says_that_somebody_looked() -> None:
    issued = replace(run_client("globex", "issued", 10000), findings=())
    assert "left out or billed twice: nothing was found." in str(run_card(run(issued, state="issued")).blocks)


def test_what_a_draft_catches_up_with_is_told_before_it_is_approved() -> None:
    late = replace(run_client("globex", "drafted", 10000), late="Not billed when it was due: backup, May 2027.")
    assert "Not billed when it was due: backup, May 2027." in str(run_card(run(late)).blocks)


def test_an_abandoned_run_says_who_gave_it_up_and_why_and_has_no_button() -> None:
    given_up = replace(run(state="abandoned"), approved_by=None)
    card = run_card(replace(given_up, abandoned_by="U0BILLER", abandoned_because="2027 was meant"))
    assert_message_looks("run-abandoned", card)
    assert card.text.endswith(": abandoned")
    assert ": 2027 was meant" in str(card.blocks)
    assert "button" not in str(card.blocks)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((), "It has no drafts; "),
        (("drafted", "held"), "Its draft is dropped; "),
        (("drafted", "approved", "nothing"), "Its 2 drafts are dropped; "),
    ],
)
def test_what_is_abandoned_says_how_many_drafts_go(states: tuple[str, ...], said: str) -> None:
    given = run(*(run_client(f"c{at}", state, 100) for at, state in enumerate(states)))
    assert said in abandon_question(given).text


def test_the_question_before_a_run_is_abandoned() -> None:
    assert_message_looks("run-abandon", abandon_question(run(DRAFTED)))


def test_findings_of_a_thousand_clients_fit() -> None:
    left_out = [replace(run_client(f"c{at}", "nothing"), findings=(FOUND,) * 3) for at in range(1000)]
    assert_slack_takes(run_card(run(*left_out, state="issued")))


def test_a_run_without_clients_can_still_be_shown() -> None:
    assert_slack_takes(run_card(run()))


def test_an_outdated_card_of_an_approved_run_says_that_it_is_approved() -> None:
    approved = run(run_client("globex", "approved", 10000), state="approved")
    assert outdated_run("It has changed.", approved).text == "The billing run of 1 May 2027 is approved already."


def test_an_outdated_card_of_another_run_says_why_nothing_was_done() -> None:
    outdated = outdated_run(
        "The run has changed since it was shown; nothing was approved. Look at it again.", run(DRAFTED)
    )
    assert_message_looks("run-outdated", outdated)
    assert outdated.text == "The run has changed since it was shown; nothing was approved. Look at it again."


def test_whoever_took_a_step_is_told_how_the_run_stands() -> None:
    assert run_note(run(HELD, DRAFTED)).text.startswith("Done. Billing run of 1 May 2027: 1 drafted, 1 held.")


def test_a_thousand_clients_fit_and_the_buttons_stay() -> None:
    held = [run_client(f"held-{number}", "held", held=("R01", "R05")) for number in range(500)]
    ready = [run_client(f"ready-{number}", "drafted", 10000) for number in range(500)]
    card = run_card(run(*held, *ready))
    assert_slack_takes(card)
    assert "Approve run" in str(card.blocks[-1])
    assert "more: /run 2027-05-01 xlsx has them all as a file." in str(card.blocks)
