"""How what Slack didn't take is told."""

from datetime import UTC, datetime

from bot.views.undelivered import closed_channel_card, given_up_card
from commands.closed_channels import ClosedChannel
from commands.undelivered import Undelivered
from tests.support.snapshots import assert_message_looks

NOT_IN = "C0ACME: Slack refused chat.postMessage with not_in_channel: invite the bot to the channel: /invite @Rollcall."
TENTH = datetime(2027, 4, 10, 9, 30, tzinfo=UTC)
CARDS = (
    Undelivered(
        "a change of Acme Corp", "C0ACME", "Slack refused chat.update with invalid_blocks.", TENTH, is_given_up=True
    ),
    Undelivered(
        "the billing run of 1 May 2027", None, "Slack didn't answer chat.postMessage.", TENTH, is_given_up=True
    ),
)


def test_a_closed_channel_says_what_waits_and_what_to_do() -> None:
    waiting = ("a change of Acme Corp", "word of a directory of Acme Corp")
    assert_message_looks("channel-closed", closed_channel_card(ClosedChannel("C0ACME", waiting, (NOT_IN,))))


def test_a_channel_that_is_open_again_is_over() -> None:
    card = closed_channel_card(ClosedChannel("C0ACME", (), ()))
    assert card.closes
    assert_message_looks("channel-open-again", card)


def test_cards_that_were_given_up_are_listed_with_their_reasons() -> None:
    assert_message_looks("given-up", given_up_card(CARDS))


def test_once_none_is_given_up_any_more_the_card_says_so() -> None:
    card = given_up_card(())
    assert card.closes
    assert_message_looks("given-up-over", card)
