"""What is read out of a message that mentions the bot."""

import pytest

from bot.clicks import Click
from bot.mentions import words_of
from bot.message import Json

BOT = "U0ROLLCALL"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@U0ROLLCALL> invoice acme preview", "invoice acme preview"),
        ("<@U0ROLLCALL|rollcall>   invoice\tacme\u00a0preview ", "invoice acme preview"),
        ("Hi <@U0ROLLCALL> users acme", "users acme"),
        ("users acme <@U0ROLLCALL>", "users acme"),
        ("<@U0VIEWER> look: <@U0ROLLCALL> users acme why <@U0ADMIN|ada>", "users acme why ada"),
        ("<@U0ROLLCALL>\nusers acme\nThank you!", "users acme"),
        ("<@U0ROLLCALL> <http://acme.example|acme.example> preview", "acme.example preview"),
        ("<@U0ROLLCALL> users acme why <mailto:ann@acme.example|ann@acme.example>", "users acme why ann@acme.example"),
        ("<@U0ROLLCALL> users acme why <mailto:ann@acme.example>", "users acme why ann@acme.example"),
        ("<@U0ROLLCALL> users <#C0ACME|acme>", "users acme"),
        ("<@U0ROLLCALL> changes <!here>", "changes @here"),
        ("<@U0ROLLCALL> users Dune &amp; Sons &lt;Ltd&gt;", "users Dune & Sons <Ltd>"),
        ("<@U0ROLLCALL> users &amp;lt;", "users &lt;"),
        ("<@U0ROLLCALL> users \u201cAcme Corp\u201d why O\u2019Brien", "users Acme Corp why O'Brien"),
        ("<@U0ROLLCALL> quote acme \u22122 full", "quote acme -2 full"),
        ("<@U0ROLLCALL> `invoice acme preview`", "invoice acme preview"),
        ("<@U0ROLLCALL> ```invoice acme preview```", "invoice acme preview"),
        ("*<@U0ROLLCALL>* *invoice* _acme_ ~preview~", "invoice acme preview"),
        ("<@U0ROLLCALL> users acme_north", "users acme_north"),
        ("<@U0ROLLCALL> /rollcall users acme", "users acme"),
        ("<@U0ROLLCALL> Rollcall /users acme", "/users acme"),
        ("<@U0ROLLCALL>", ""),
        ("<@U0ROLLCALL> \u201c\u201d * ", ""),
    ],
)
def test_the_words_of_a_command_are_read_however_slack_writes_them(text: str, words: str) -> None:
    assert words_of(text, BOT) == words


def test_where_nobody_says_who_the_bot_is_the_first_mention_is_its_own() -> None:
    assert words_of("<@U0OTHER> users acme", None) == "users acme"


def body(**event: str) -> Json:
    told = {"type": "app_mention", "user": "U0VIEWER", "text": "<@U0ROLLCALL> help", "channel": "C0ACME", **event}
    return {"event_id": "Ev1", "event": told, "authorizations": [{"user_id": BOT, "is_bot": True}]}


def test_a_mention_is_kept_under_the_events_own_id() -> None:
    click = Click.of_mention(body(thread_ts="1.000001"))
    assert click is not None
    assert (click.key, click.value, click.thread) == ("event:Ev1", "help", "1.000001")
    assert Click.of_interaction(click.as_interaction()) == click


@pytest.mark.parametrize(
    "event", [{"bot_id": "B0OTHER"}, {"subtype": "bot_message"}, {"user": BOT}, {"user": "USLACKBOT"}, {"user": ""}]
)
def test_what_no_person_said_is_nobodys_question(event: dict[str, str]) -> None:
    assert Click.of_mention(body(**event)) is None
