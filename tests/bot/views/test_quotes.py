"""How a quote looks."""

from bot.views.quotes import quote_card
from tests.documents.test_quotes import paper
from tests.support.snapshots import assert_message_looks


def test_a_quote() -> None:
    assert_message_looks("quote", quote_card(paper()))
