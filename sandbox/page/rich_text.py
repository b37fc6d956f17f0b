"""Rich text as safe HTML: sections, lists, quotes and code, made of elements and never of markup."""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from sandbox.page import inline
from sandbox.page.look import Look
from sandbox.workspace.model import Json

_STYLES = {"code": "code", "strike": "s", "underline": "u", "italic": "em", "bold": "strong"}
"""From the innermost to the outermost."""
_NOTHING = Markup()
_SECTION = Markup('<div class="bk-lines" dir="auto">{}</div>')
_QUOTE = Markup('<blockquote class="bk-quote" dir="auto"><span class="bk-lines">{}</span></blockquote>')
_PRE = Markup('<pre class="bk-pre" tabindex="0"><code>{}</code></pre>')
_ITEM = Markup('<li dir="auto"><span class="bk-lines">{}</span></li>')
_BULLETS = Markup('<ul class="bk-list bk-indent-{}">{}</ul>')
_NUMBERS = Markup('<ol class="bk-list bk-indent-{}" start="{}">{}</ol>')
_BORDERED = Markup('<div class="bk-bordered">{}</div>')


def rich_text(elements: Sequence[Json], look: Look) -> Markup:
    """The parts of a rich text, one below the other."""
    return _NOTHING.join(_bordered(element, _part(element, look)) for element in elements)


def _bordered(element: Json, shown: Markup) -> Markup:
    return _BORDERED.format(shown) if element.get("border") else shown


def _part(element: Json, look: Look) -> Markup:
    match element["type"]:
        case "rich_text_list":
            return _list(element, look)
        case "rich_text_quote":
            return _QUOTE.format(_inlines(element, look))
        case "rich_text_preformatted":
            return _PRE.format(_inlines(element, look))
        case _:
            return _SECTION.format(_inlines(element, look))


def _list(element: Json, look: Look) -> Markup:
    items = _NOTHING.join(_ITEM.format(_inlines(item, look)) for item in element["elements"])
    indent = int(element.get("indent", 0))
    if element["style"] == "ordered":
        return _NUMBERS.format(indent, int(element.get("offset", 0)) + 1, items)
    return _BULLETS.format(indent, items)


def _inlines(element: Json, look: Look) -> Markup:
    return _NOTHING.join(_styled(each, _inline(each, look)) for each in element["elements"])


def _styled(element: Json, shown: Markup) -> Markup:
    style = element.get("style", {})
    for name, tag in _STYLES.items():
        if style.get(name):
            shown = Markup(f"<{tag}>{{}}</{tag}>").format(shown)  # noqa: S704 - the tags are those above
    return shown


def _inline(element: Json, look: Look) -> Markup:
    draw = _DRAWN.get(element["type"])
    return draw(element, look) if draw else Markup("({})").format(element["type"])


def _date(element: Json, look: Look) -> Markup:
    fallback = element.get("fallback", str(element["timestamp"]))
    return inline.date(element["timestamp"], element["format"], fallback, look, element.get("url", ""))


def _emoji(element: Json) -> Markup:
    """Slack gives the code points of an emoji along with its name, and a bot may too."""
    try:
        drawn = "".join(chr(int(point, 16)) for point in element.get("unicode", "").split("-") if point)
    except (ValueError, OverflowError):
        drawn = ""
    return (
        inline.drawn_emoji(element["name"], drawn) if drawn.isprintable() and drawn else inline.emoji(element["name"])
    )


_DRAWN: Mapping[str, Callable[[Json, Look], Markup]] = {
    "text": lambda element, _look: Markup("{}").format(element["text"]),
    "link": lambda element, _look: inline.link(element["url"], element.get("text") or element["url"]),
    "user": lambda element, look: inline.person(element["user_id"], look),
    "usergroup": lambda element, _look: inline.group(element["usergroup_id"]),
    "channel": lambda element, look: inline.channel(element["channel_id"], look),
    "broadcast": lambda element, _look: inline.broadcast(element["range"]),
    "emoji": lambda element, _look: _emoji(element),
    "date": _date,
    "color": lambda element, _look: Markup("<code>{}</code>").format(element["value"]),
}
