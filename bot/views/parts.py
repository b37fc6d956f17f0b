"""The few shapes that all our messages are made of, cut to Slack's limits.

Whatever comes from outside is plain text or an element of rich text: neither is read as markup, a ping or an emoji.
"""

import re
from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextPreformattedElement,
    RichTextSectionElement,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot.actions import Act
from bot.message import Json, Message
from bot.views import limits
from documents.format import one_line

_Parts = RichTextElementParts
Inline = _Parts.Text | _Parts.User | _Parts.Channel | _Parts.Link

_SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_COMMAND_LINE = "cli:"


def plain(text: str, most: int = limits.SECTION) -> PlainTextObject:
    """A text that Slack shows as it is."""
    return PlainTextObject(text=limits.cut(text, most), emoji=False)


def header(text: str) -> Json:
    """A heading."""
    return HeaderBlock(text=plain(text, limits.HEADER)).to_dict()


def paragraph(text: str, accessory: ButtonElement | None = None) -> Json:
    """A paragraph, with a button beside it where there is one."""
    return SectionBlock(text=plain(text), accessory=accessory).to_dict()


def small(text: str) -> Json:
    """A line in small print."""
    return ContextBlock(elements=[plain(text, limits.SECTION)]).to_dict()


def divider() -> Json:
    """A line across."""
    return DividerBlock().to_dict()


def rich(*parts: Inline) -> Json:
    """One paragraph of rich text."""
    return RichTextBlock(elements=[RichTextSectionElement(elements=list(parts))]).to_dict()


def text(words: str, *, bold: bool = False) -> RichTextElementParts.Text:
    """A piece of rich text."""
    style = RichTextElementParts.TextStyle(bold=True) if bold else None
    return RichTextElementParts.Text(text=limits.cut(words, limits.SECTION), style=style)


def titled(title: str, body: str) -> Json:
    """A paragraph that begins with a title in bold."""
    return rich(text(title, bold=True), text(f"\n{body}"))


def who(actor: str) -> Inline:
    """Somebody who acted: a Slack user by mention, whoever was at the command line in words."""
    if _SLACK_USER.fullmatch(actor):
        return RichTextElementParts.User(user_id=actor)
    known_as = one_line(actor)
    if known_as.startswith(_COMMAND_LINE):
        return text(f"{known_as.removeprefix(_COMMAND_LINE)} (command line)")
    return text(known_as)


def name(words: str) -> str:
    """A name from outside on one line, of a length that leaves room for others."""
    return limits.cut(one_line(words), limits.NAME)


def names(everyone: Sequence[str], most: int = limits.SECTION) -> str:
    """Names one after the other, with a count of those that there is no room for."""
    return limits.listed([name(each) for each in everyone], most)


def button(label: str, act: Act, value: object, *, says: str, style: str | None = None) -> ButtonElement:
    """A button; `says` is what a screen reader says instead of the label."""
    return ButtonElement(
        text=plain(label, limits.BUTTON),
        action_id=act,
        value=str(value),
        style=style,
        accessibility_label=limits.cut(says, limits.BUTTON),
    )


def buttons(*elements: ButtonElement) -> Json:
    """A row of buttons."""
    return ActionsBlock(elements=list(elements)).to_dict()


def modal(title: str, blocks: Sequence[Json]) -> Json:
    """A modal that asks nothing."""
    words = plain(title, limits.MODAL_TITLE)
    return View(type="modal", title=words, close=plain("Close", limits.MODAL_TITLE), blocks=list(blocks)).to_dict()


def preformatted(lines: Sequence[str]) -> Json:
    """Lines in letters of equal width, as for a small table."""
    inside = [RichTextElementParts.Text(text=limits.cut("\n".join(lines), limits.SECTION))]
    return RichTextBlock(elements=[RichTextPreformattedElement(elements=inside)]).to_dict()


def link(words: str, url: str) -> RichTextElementParts.Link:
    """A link in rich text."""
    return RichTextElementParts.Link(url=url, text=words)


def sent(file_name: str, permalink: str) -> Message:
    """That a file went to whoever asked, in a direct message; only they can follow the link."""
    words = f"I sent {file_name} to you in a direct message."
    where = (text("\n"), link("Open it", permalink)) if permalink else ()
    return Message(words, (rich(text(words), *where),))


def said(words: str) -> Message:
    """One plain sentence or two."""
    return Message(words, (paragraph(words),))
