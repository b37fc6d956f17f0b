"""Ordinary Markdown, as a `markdown` block brings it, as safe HTML: what Slack draws of it, apart from tables."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from sandbox.page import inline

_NOTHING = Markup()
_FENCED = re.compile(r"^```[^\n]*\n(.*?)(?:^```[ ]*$|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"(#{1,6})[ ]+(.*?)[ #]*")
_RULE = re.compile(r"[ ]{0,3}([-*_])(?:[ ]*\1){2,}[ ]*")
_QUOTED = re.compile(r">[ ]?(.*)")
_BULLET = re.compile(r"([ ]*)[-*+][ ]+(.*)")
_NUMBER = re.compile(r"([ ]*)(\d{1,9})[.)][ ]+(.*)")
_INDENT = 2
_DEEPEST = 8
_SPAN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<url>[^()\s]+)\)"
    r"|\*\*(?P<bold>[^*\n]+)\*\*"
    r"|~~(?P<strike>[^~\n]+)~~"
    r"|(?<!\w)(?P<mark>[*_])(?P<italic>[^*_\n]+)(?P=mark)(?!\w)"
)


def markdown(text: str) -> Markup:
    """A whole Markdown text."""
    made: list[Markup] = []
    end = 0
    for found in _FENCED.finditer(text):
        made += [_blocks(text[end : found.start()]), _pre(found[1])]
        end = found.end()
    return _NOTHING.join([*made, _blocks(text[end:])])


def _pre(code: str) -> Markup:
    return Markup('<pre class="bk-pre" tabindex="0"><code>{}</code></pre>').format(code.rstrip("\n"))


def _blocks(text: str) -> Markup:
    runs = groupby(text.split("\n"), key=_kind)
    return _NOTHING.join(shown for kind, lines in runs for shown in _run(kind, list(lines)))


def _kind(line: str) -> str:
    kinds = (("rule", _RULE), ("heading", _HEADING), ("quote", _QUOTED), ("bullet", _BULLET), ("number", _NUMBER))
    return next((kind for kind, pattern in kinds if pattern.fullmatch(line)), "text" if line.strip() else "gap")


def _run(kind: str, lines: Sequence[str]) -> Iterator[Markup]:
    match kind:
        case "rule":
            yield Markup('<hr class="bk-rule">')
        case "heading":
            yield from (_heading(line) for line in lines)
        case "quote":
            inside = "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines)
            yield Markup('<blockquote class="bk-quote">{}</blockquote>').format(_paragraph(inside.split("\n")))
        case "bullet" | "number":
            yield from (_item(line) for line in lines)
        case "text":
            yield _paragraph(lines)


def _heading(line: str) -> Markup:
    found = _HEADING.fullmatch(line)
    words = _spans(found[2] if found else line)
    return Markup('<p class="bk-heading" role="heading" aria-level="4" dir="auto">{}</p>').format(words)


def _item(line: str) -> Markup:
    """One item as a list of its own, which carries its depth and its number."""
    if found := _NUMBER.fullmatch(line):
        made = Markup('<ol class="bk-list bk-indent-{}" start="{}"><li dir="auto">{}</li></ol>')
        return made.format(_depth(found[1]), int(found[2]), _spans(found[3]))
    indent, _, words = line.partition(line.strip()[0])
    made = Markup('<ul class="bk-list bk-indent-{}"><li dir="auto">{}</li></ul>')
    return made.format(_depth(indent), _spans(words.strip()))


def _depth(indent: str) -> int:
    return min(len(indent) // _INDENT, _DEEPEST)


def _paragraph(lines: Sequence[str]) -> Markup:
    return Markup('<p class="bk-paragraph bk-lines" dir="auto">{}</p>').format(Markup("\n").join(map(_spans, lines)))


def _spans(text: str) -> Markup:
    made: list[Markup] = []
    end = 0
    for found in _SPAN.finditer(text):
        made += [Markup("{}").format(text[end : found.start()]), _span(found)]
        end = found.end()
    return _NOTHING.join([*made, Markup("{}").format(text[end:])])


def _span(found: re.Match[str]) -> Markup:
    if found["code"]:
        return Markup("<code>{}</code>").format(found["code"])
    if found["url"]:
        return inline.link(found["url"], _spans(found["label"]))
    if found["bold"]:
        return Markup("<strong>{}</strong>").format(_spans(found["bold"]))
    if found["strike"]:
        return Markup("<s>{}</s>").format(_spans(found["strike"]))
    return Markup("<em>{}</em>").format(found["italic"])
