"""Slack's own markup as safe HTML, and texts without markup.

What a text may contain is text alone: everything is escaped, and only the few elements below are ever made.
"""

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from sandbox.page import inline
from sandbox.page.look import Look

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_FENCED = re.compile(r"```(.+?)```", re.DOTALL)
_QUOTED = re.compile(r"(?:>|&gt;)(?!(?:>|&gt;){2})[ ]?(.*)")
_ALL_QUOTED = re.compile(r"(?:>|&gt;){3}\s?")
_TOKEN = re.compile(r"`[^`\n]+`|<[^<>\n]+>|:[a-z0-9_+-]+:|[*_~]|[^`<:*_~]+|.", re.DOTALL)
_STYLES = {
    "*": Markup("<strong>{}</strong>"),
    "_": Markup("<em>{}</em>"),
    "~": Markup("<s>{}</s>"),
}
_LINES = Markup('<span class="bk-lines">{}</span>')
_CODE = Markup("<code>{}</code>")
_PRE = Markup('<pre class="bk-pre" tabindex="0"><code>{}</code></pre>')
_QUOTE = Markup('<blockquote class="bk-quote">{}</blockquote>')
_NOTHING = Markup()
_DATE = re.compile(r"!date\^(-?\d{1,12})\^([^^]*)(?:\^(.*))?")


def mrkdwn(text: str, look: Look) -> Markup:
    """A text with Slack's markup: styles, code, quotes, links, mentions, dates and emoji."""
    parts = _FENCED.split(text)
    return _NOTHING.join(
        _PRE.format(_bare(part.strip("\n"), look)) if index % 2 else _outside_fences(part, look)
        for index, part in enumerate(parts)
    )


def plain(text: str, *, with_emoji: bool = False) -> Markup:
    """A text without markup; only emoji are drawn, where the bot asked for it."""
    if not with_emoji:
        return _LINES.format(text)
    return _LINES.format(_NOTHING.join(_emoji_or_text(token) for token in _TOKEN.findall(text)))


def _outside_fences(text: str, look: Look) -> Markup:
    if not text.strip("\n"):
        return _NOTHING
    before, quoted, rest = text, "", ""
    if found := _ALL_QUOTED.search(text):
        starts_line = found.start() == 0 or text[found.start() - 1] == "\n"
        before, quoted = (text[: found.start()], text[found.end() :]) if starts_line else (text, "")
    if quoted:
        rest = _QUOTE.format(_lines(quoted.split("\n"), look))
    return _NOTHING.join([*_by_lines(before.strip("\n").split("\n"), look), rest])


def _by_lines(lines: Sequence[str], look: Look) -> Iterator[Markup]:
    """Runs of lines that are quoted, and runs of those that are not."""
    run: list[str] = []
    is_quote = False
    for line in lines:
        found = _QUOTED.fullmatch(line)
        if run and bool(found) != is_quote:
            yield _run(run, look, is_quote=is_quote)
            run = []
        is_quote = bool(found)
        run.append(found[1] if found else line)
    if any(run):
        yield _run(run, look, is_quote=is_quote)


def _run(lines: Sequence[str], look: Look, *, is_quote: bool) -> Markup:
    shown = _lines(lines, look)
    return _QUOTE.format(shown) if is_quote else shown


def _lines(lines: Sequence[str], look: Look) -> Markup:
    return _LINES.format(Markup("\n").join(_styled(_TOKEN.findall(line), look, frozenset(_STYLES)) for line in lines))


def _styled(tokens: Sequence[str], look: Look, styles: frozenset[str]) -> Markup:
    """The tokens of one line; a style isn't looked for within itself, so nothing nests deeper than there are styles."""
    made: list[Markup] = []
    unclosed: set[str] = set()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = None
        if token in styles and token not in unclosed and _opens(tokens, at):
            end = _closing(tokens, at)
            if end is None:
                unclosed.add(token)
        if end is None:
            made.append(_token(token, look))
            at += 1
        else:
            made.append(_STYLES[token].format(_styled(tokens[at + 1 : end], look, styles - {token})))
            at = end + 1
    return _NOTHING.join(made)


def _opens(tokens: Sequence[str], at: int) -> bool:
    after_word = at > 0 and tokens[at - 1][-1].isalnum()
    return not after_word and at + 1 < len(tokens) and not tokens[at + 1][0].isspace()


def _closing(tokens: Sequence[str], opening: int) -> int | None:
    for at in range(opening + 2, len(tokens)):
        before_word = at + 1 < len(tokens) and tokens[at + 1][0].isalnum()
        if tokens[at] == tokens[opening] and not before_word and not tokens[at - 1][-1].isspace():
            return at
    return None


def _token(token: str, look: Look) -> Markup:
    if len(token) > 1 and token[0] == token[-1] == "`":
        return _CODE.format(_bare(token[1:-1], look))
    if token.startswith("<") and token.endswith(">"):
        return _control(token[1:-1], look)
    return _emoji_or_text(_unescaped(token))


def _bare(text: str, look: Look) -> Markup:
    """Text in code: links and mentions are still read, styles are not."""
    return _NOTHING.join(
        _control(part[1:-1], look)
        if part.startswith("<") and part.endswith(">")
        else Markup("{}").format(_unescaped(part))
        for part in re.split(r"(<[^<>\n]+>)", text)
    )


def _control(inside: str, look: Look) -> Markup:
    """What stands between angle brackets; anything that is no link, mention or date is shown as it was written."""
    target, _, label = inside.partition("|")
    label = _unescaped(label)
    if date := _DATE.fullmatch(target):
        return inline.date(int(date[1]), _unescaped(date[2]), label or date[1], look, _unescaped(date[3] or ""))
    match target[:1]:
        case "@":
            return inline.person(target[1:], look)
        case "#":
            return inline.channel(target[1:], look)
        case "!" if target[1:] in {"here", "channel", "everyone"}:
            return inline.broadcast(target[1:])
        case "!" if target.startswith("!subteam^"):
            return inline.group(label or target.removeprefix("!subteam^"))
    url = _unescaped(target)
    return inline.link(url, label or url) if inline.is_safe(url) else Markup("&lt;{}&gt;").format(_unescaped(inside))


def _emoji_or_text(token: str) -> Markup:
    if len(token) > 2 and token[0] == token[-1] == ":":  # noqa: PLR2004 - two colons and a name between them
        return inline.emoji(token[1:-1])
    return Markup("{}").format(token)


def _unescaped(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
