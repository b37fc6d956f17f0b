"""How a billing run looks."""

from bot.views.runs import outdated_run, run_card, run_note
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


def test_a_run_without_clients_can_still_be_shown() -> None:
    assert_slack_takes(run_card(run()))


def test_an_outdated_card_of_an_approved_run_says_that_it_is_approved() -> None:
    approved = run(run_client("globex", "approved", 10000), state="approved")
    assert outdated_run("It has changed.", approved).text == "The billing run of 1 May 2027 is approved already."


def test_an_outdated_card_of_another_run_says_why_nothing_was_done() -> None:
    assert outdated_run("It has changed.", run(DRAFTED)).text == "It has changed."


def test_whoever_took_a_step_is_told_how_the_run_stands() -> None:
    assert run_note(run(HELD, DRAFTED)).text.startswith("Done. Billing run of 1 May 2027: 1 drafted, 1 held.")


def test_a_thousand_clients_fit_and_the_buttons_stay() -> None:
    held = [run_client(f"held-{number}", "held", held=("R01", "R05")) for number in range(500)]
    ready = [run_client(f"ready-{number}", "drafted", 10000) for number in range(500)]
    card = run_card(run(*held, *ready))
    assert_slack_takes(card)
    assert "Approve run" in str(card.blocks[-1])
    assert "more clients than fit" in str(card.blocks)
