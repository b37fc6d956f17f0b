"""The few shapes that all our messages and modals are made of, cut to Slack's limits.

Whatever comes from outside is plain text or an element of rich text: neither is read as markup, a ping or an emoji.
"""

import re
from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    Option,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextSectionElement,
    SectionBlock,
    StaticSelectElement,
)

from bot.actions import Act
from bot.message import Json
from bot.views import limits
from documents.format import one_line
from documents.sources import actor as known_as
from documents.sources import is_slack_group, is_slack_user

_Parts = RichTextElementParts
Inline = _Parts.Text | _Parts.User | _Parts.UserGroup | _Parts.Channel | _Parts.Link | _Parts.Date

# Overrides of the direction of writing, and controls other than the ends of lines.
_TURNING = re.compile("[\u202a-\u202e\x00-\x09\x0b-\x1f\x7f-\x9f]")

# Slack refuses a whole message for what can't be the id of a channel or a user in it.
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{2,}")


def readable(text: str, most: int) -> str:
    """A text without what could turn round the writing of others, and with something to read."""
    return limits.filled(_TURNING.sub("", limits.cut(text, most)), most)


def plain(text: str, most: int = limits.SECTION) -> PlainTextObject:
    """A text that Slack shows as it is."""
    return PlainTextObject(text=readable(text, most), emoji=False)


def header(text: str) -> Json:
    """A heading."""
    return HeaderBlock(text=plain(text, limits.HEADER)).to_dict()


def paragraph(text: str, accessory: ButtonElement | None = None) -> Json:
    """A paragraph, with a button beside it where there is one."""
    return SectionBlock(text=plain(text), accessory=accessory).to_dict()


def small(text: str) -> Json:
    """A line in small print."""
    return ContextBlock(elements=[plain(text)]).to_dict()


def divider() -> Json:
    """A line across."""
    return DividerBlock().to_dict()


def rich(*parts: Inline) -> Json:
    """One paragraph of rich text."""
    return RichTextBlock(elements=[RichTextSectionElement(elements=list(parts))]).to_dict()


def rich_list(heading: Sequence[Inline], items: Sequence[Sequence[Inline]]) -> Json:
    """A paragraph of rich text, and below it a list with a point for each item."""
    points = RichTextListElement(style="bullet", elements=[RichTextSectionElement(elements=list(i)) for i in items])
    top = [RichTextSectionElement(elements=list(heading))] if heading else []
    return RichTextBlock(elements=[*top, *([points] if items else [])]).to_dict()


def text(words: str, *, bold: bool = False) -> RichTextElementParts.Text:
    """A piece of rich text."""
    style = RichTextElementParts.TextStyle(bold=True) if bold else None
    return RichTextElementParts.Text(text=_TURNING.sub("", limits.cut(words, limits.SECTION)) or " ", style=style)


def titled(title: str, body: str) -> Json:
    """A paragraph that begins with a title in bold."""
    return rich(text(title, bold=True), text(f"\n{body}"))


def who(actor: str) -> Inline:
    """Somebody who acted: a Slack user or user group by mention, whoever was at the command line in words."""
    if len(actor) <= limits.ID and is_slack_user(actor):
        return RichTextElementParts.User(user_id=actor)
    if len(actor) <= limits.ID and is_slack_group(actor):
        return RichTextElementParts.UserGroup(usergroup_id=actor)
    return text(name(known_as(actor)))


def channel(channel_id: str) -> Inline:
    """A channel as Slack shows it; what can't be an id stays text."""
    if len(channel_id) <= limits.ID and _CHANNEL.fullmatch(channel_id):
        return RichTextElementParts.Channel(channel_id=channel_id)
    return text(name(channel_id))


def name(words: str) -> str:
    """A name from outside on one line, of a length that leaves room for others."""
    return limits.cut(one_line(words), limits.NAME)


def reason(words: str) -> str:
    """What somebody wrote in a field that takes thousands of characters, on one line that leaves room for the rest."""
    return limits.cut(one_line(words), limits.THIRD)


def names(everyone: Sequence[str], most: int = limits.SECTION) -> str:
    """Names one after the other, with a count of those that there is no room for."""
    return limits.listed(everyone, most, show=name)


def confirm(question: str, words: str, yes: str) -> ConfirmObject:
    """What is asked before a button does what it says."""
    return ConfirmObject(
        title=plain(question, limits.CONFIRM_TITLE),
        text=plain(words, limits.CONFIRM),
        confirm=plain(yes, limits.CONFIRM_BUTTON),
        deny=plain("Cancel", limits.CONFIRM_BUTTON),
    )


def button(
    label: str, act: Act, value: object, *, says: str, style: str | None = None, asks: ConfirmObject | None = None
) -> ButtonElement:
    """A button; `says` is what a screen reader says instead of the label, `asks` what is asked before it acts.

    One whose value Slack has no room for has none: a click on it is then answered with what to do.
    """
    return ButtonElement(
        text=plain(label, limits.BUTTON),
        action_id=act,
        value=limits.whole(str(value), limits.BUTTON_VALUE) or None,
        style=style,
        accessibility_label=readable(one_line(says), limits.BUTTON),
        confirm=asks,
    )


def buttons(*elements: ButtonElement) -> Json:
    """A row of buttons."""
    return ActionsBlock(elements=list(elements)).to_dict()


def options(choices: Iterable[tuple[str, str]], room: int = limits.MENU) -> list[Option]:
    """Labels and their values as a menu offers them: as many as a message has room for, and only whole values."""
    offered: list[Option] = []
    for label, value in choices:
        if not limits.whole(value, limits.OPTION_VALUE):
            continue
        option = Option(value=value, text=plain(one_line(label), limits.OPTION))
        room -= limits.length(option.to_dict())
        if room < 0 or len(offered) == limits.OPTIONS:
            break
        offered.append(option)
    return offered


def ticked(name: str, act: Act, offered: Sequence[Option]) -> list[Json]:
    """Options to be unticked, all ticked at first, in as many groups as it takes; their blocks are called `name`."""
    groups = [offered[at : at + limits.CHECKBOXES] for at in range(0, len(offered), limits.CHECKBOXES)]
    boxes = (CheckboxesElement(action_id=act, options=group, initial_options=group) for group in groups)
    return [ActionsBlock(block_id=f"{name}:{at}", elements=[box]).to_dict() for at, box in enumerate(boxes)]


def menu(hint: str, act: Act, offered: Sequence[Option]) -> Json:
    """A menu of one or more options."""
    placeholder = plain(hint, limits.PLACEHOLDER)
    select = StaticSelectElement(action_id=act, options=offered, placeholder=placeholder)
    return ActionsBlock(elements=[select]).to_dict()


def preformatted(lines: Sequence[str]) -> Json:
    """Lines in letters of equal width, as for a small table."""
    inside = [text("\n".join(lines))]
    return RichTextBlock(elements=[RichTextPreformattedElement(elements=inside)]).to_dict()


def link(words: str, url: str) -> RichTextElementParts.Link:
    """A link in rich text."""
    return RichTextElementParts.Link(url=url, text=limits.cut(words, limits.LABEL))
