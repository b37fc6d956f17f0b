"""How a quote and an explanation look."""

from bot.views.invoices import explained_card
from bot.views.quotes import quote_card
from commands.explain import Explained, Explanation
from tests.bot.views.samples import HOSTILE
from tests.documents.samples import document, issued
from tests.documents.test_quotes import paper
from tests.support.snapshots import assert_message_looks, assert_slack_takes

STORY = "Ann Ames, 1 May 2027: on full from 11 Apr 2027 by change 2, approved by U0APPROVER on 12 Apr 2027."


def test_a_quote() -> None:
    assert_message_looks("quote", quote_card(paper()))


def test_an_explanation() -> None:
    line = Explanation(1, "Managed user, 1 May 2027: $1,925.00", ("1 May: 45 at $40.00", STORY))
    assert_message_looks("invoice-explained", explained_card(Explained(issued(), (line,))))


def test_a_long_explanation_is_cut_and_says_how_to_see_the_rest() -> None:
    lines = tuple(Explanation(number, "Managed user: $1.00", (STORY,) * 300) for number in (1, 2))
    message = explained_card(Explained(issued(), lines))
    assert_slack_takes(message)
    said = str(message.blocks)
    assert "rollcall explain NW-000007 for all of it" in said
    # As much as fits is there: far more than one piece.
    assert said.count("U0APPROVER") > 50


def test_an_explanation_of_nothing_more_than_a_title_is_taken() -> None:
    assert_slack_takes(explained_card(Explained(document(), (Explanation(1, "x" * 5000, ()),))))


def test_hostile_names_stay_text_in_an_explanation() -> None:
    lines = tuple(Explanation(number, name, (name,)) for number, name in enumerate(HOSTILE, start=1))
    message = explained_card(Explained(document(), lines))
    assert_slack_takes(message)
    assert "mrkdwn" not in str(message.blocks)
