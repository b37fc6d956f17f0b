"""What somebody says to the bot in a message, as the words of a command.

Slack writes a message's text with entities (`<@U0…>`, `<http://acme.example|acme.example>`), escapes & < >, and keeps
the marks of what somebody made bold or wrote as code; phones put curly quotes in the place of straight ones.
"""

import html
import re
from collections.abc import Mapping

_ENTITY = re.compile(r"<([^<>]*)>")
_SCHEME = re.compile(r"(?:mailto|tel):")
_MARKS = "*_~"
# Quotes that set a name apart say nothing; an apostrophe and a minus do, however a phone writes them.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys('"`\u201c\u201d\u201e\u201f\xab\xbb\u2033', " "),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
    }
)
_OWN_NAME = ("rollcall", "/rollcall")

Event = Mapping[str, object]


def is_from_a_person(event: Event, bot: str | None) -> bool:
    """Whether a person said it: what bots say, this one too, is never answered."""
    user = event.get("user")
    return bool(user) and user not in {bot, "USLACKBOT"} and not event.get("bot_id") and not event.get("subtype")


def as_typed(text: str) -> str:
    """A text without what a phone makes of quotes, apostrophes and signs."""
    return text.translate(_LETTERS)


def words_of(text: str, bot: str | None) -> str:
    """The words of the command in a message that mentions the bot, by its user id; nothing where there are none.

    They stand behind the mention, to the end of the line, or else before it. Where it isn't known who the bot is, the
    first mention is its own.
    """
    mention = re.search(rf"<@{re.escape(bot) if bot else '[A-Z0-9]+'}(?:\|[^<>]*)?>", text)
    if mention is None:
        return _first_line(text)
    return _first_line(text[mention.end() :]) or _first_line(text[: mention.start()])


def _first_line(text: str) -> str:
    lines = (" ".join(_words(line)) for line in text.splitlines())
    return next(filter(None, lines), "")


def _words(line: str) -> list[str]:
    plain = as_typed(html.unescape(_ENTITY.sub(lambda entity: _shown(entity[1]), line)))
    words = [bare for word in plain.split() if (bare := word.strip(_MARKS))]
    return words[1:] if words and words[0].casefold() in _OWN_NAME else words


def _shown(entity: str) -> str:
    """A link, a channel or a person as it is read."""
    target, _, label = entity.partition("|")
    return label or _SCHEME.sub("", target).replace("!", "@")
