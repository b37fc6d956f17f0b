"""How an answer looks that can be shared, and that was."""

from bot.views.clients import client_card
from bot.views.quotes import quote_card
from bot.views.sharing import offered, shared
from tests.bot.views.test_clients import CLIENT
from tests.documents.test_quotes import paper
from tests.support.snapshots import assert_message_looks


def test_an_answer_that_can_be_shared_has_the_button_below_it() -> None:
    assert_message_looks("answer-to-share", offered(quote_card(paper()), "quote acme +3 full"))


def test_a_shared_answer_says_who_shared_it() -> None:
    assert_message_looks("answer-shared", shared(quote_card(paper()), "U0APPROVER"))


def test_words_that_are_too_long_for_a_button_leave_the_answer_as_it_was() -> None:
    answer = client_card(CLIENT)
    assert offered(answer, "w" * 3000) == answer
