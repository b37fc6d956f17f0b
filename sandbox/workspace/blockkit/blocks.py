"""The blocks that a message, a modal and a home tab may hold.

A block that stands in none of these tables is refused: a judge who can't tell should not wave it through.
"""

from collections.abc import Mapping

from sandbox.workspace.blockkit.elements import IMAGE_ELEMENT, IN_ACTIONS, IN_INPUT, IN_SECTION, URL, image
from sandbox.workspace.blockkit.shapes import (
    FLAG,
    ByType,
    Characters,
    Choice,
    ListOf,
    Rule,
    Shape,
    Whole,
    any_text,
    plain_text,
)

_SECTION_TEXT_MOST = 3000
_MARKDOWN_MOST = 12_000
_TABLE_ROWS_MOST = 100
_TABLE_COLUMNS_MOST = 20
_CELL_MOST = 10_000
_RICH_MOST = 4000
"""Slack states no number for the parts of a rich text; the length of the whole message bounds it."""

_STYLE = Shape({}, {"bold": FLAG, "italic": FLAG, "strike": FLAG, "underline": FLAG, "code": FLAG})
_STYLED: Mapping[str, Rule] = {"style": _STYLE}
_ID = Characters(255)
_INLINE = ByType(
    {
        "text": Shape({"text": Characters(_RICH_MOST)}, _STYLED),
        "link": Shape({"url": URL}, {**_STYLED, "text": Characters(_RICH_MOST), "unsafe": FLAG}),
        "emoji": Shape({"name": _ID}, {**_STYLED, "unicode": _ID, "skin_tone": Whole(6)}),
        "user": Shape({"user_id": _ID}, _STYLED),
        "usergroup": Shape({"usergroup_id": _ID}, _STYLED),
        "channel": Shape({"channel_id": _ID}, _STYLED),
        "broadcast": Shape({"range": Choice(("here", "channel", "everyone"))}, _STYLED),
        "date": Shape(
            {"timestamp": Whole(9_999_999_999), "format": _ID},
            {**_STYLED, "url": URL, "fallback": Characters(_RICH_MOST)},
        ),
        "color": Shape({"value": _ID}, _STYLED),
    }
)
_INLINES: Mapping[str, Rule] = {"elements": ListOf(_INLINE, _RICH_MOST, 0)}
_RICH_SECTION = Shape(_INLINES)
_BORDER: Mapping[str, Rule] = {"border": Whole(1)}
_RICH = ByType(
    {
        "rich_text_section": _RICH_SECTION,
        "rich_text_preformatted": Shape(_INLINES, {**_BORDER, "language": _ID}),
        "rich_text_quote": Shape(_INLINES, _BORDER),
        "rich_text_list": Shape(
            {
                "style": Choice(("bullet", "ordered")),
                "elements": ListOf(ByType({"rich_text_section": _RICH_SECTION}), _RICH_MOST),
            },
            {**_BORDER, "indent": Whole(8), "offset": Whole(_RICH_MOST)},
        ),
    }
)
_RICH_TEXT = Shape({"elements": ListOf(_RICH, _RICH_MOST)})
_CELL = ByType({"raw_text": Shape({"text": Characters(_CELL_MOST)}), "rich_text": _RICH_TEXT})
_COLUMN = Shape({}, {"align": Choice(("left", "center", "right")), "is_wrapped": FLAG})

_EVERYWHERE: Mapping[str, Shape] = {
    "section": Shape(
        {},
        {
            "text": any_text(_SECTION_TEXT_MOST),
            "fields": ListOf(any_text(2000), 10),
            "accessory": IN_SECTION,
            "expand": FLAG,
        },
        ("text", "fields"),
    ),
    "divider": Shape(),
    "header": Shape({"text": plain_text(150)}),
    "context": Shape({"elements": ListOf(ByType({**any_text(_SECTION_TEXT_MOST).shapes, "image": IMAGE_ELEMENT}), 10)}),
    "actions": Shape({"elements": ListOf(IN_ACTIONS, 25)}),
    "image": image({"title": plain_text(2000)}),
    "input": Shape(
        {"label": plain_text(2000), "element": IN_INPUT},
        {"hint": plain_text(2000), "optional": FLAG, "dispatch_action": FLAG},
    ),
    "rich_text": _RICH_TEXT,
}
_MESSAGES_ONLY: Mapping[str, Shape] = {
    "markdown": Shape({"text": Characters(_MARKDOWN_MOST)}),
    "table": Shape(
        {"rows": ListOf(ListOf(_CELL, _TABLE_COLUMNS_MOST), _TABLE_ROWS_MOST)},
        {"column_settings": ListOf(_COLUMN, _TABLE_COLUMNS_MOST)},
    ),
}


def _with_ids(shapes: Mapping[str, Shape]) -> ByType:
    return ByType(
        {
            name: Shape(shape.required, {**shape.optional, "block_id": _ID}, shape.one_of, shape.also)
            for name, shape in shapes.items()
        }
    )


MESSAGE_BLOCKS = ListOf(_with_ids({**_EVERYWHERE, **_MESSAGES_ONLY}), 50, 0)
VIEW_BLOCKS = ListOf(_with_ids(_EVERYWHERE), 100, 0)

_ANY_VIEW: Mapping[str, Rule] = {
    "private_metadata": Characters(3000, 0),
    "callback_id": Characters(255, 0),
    "external_id": Characters(255, 0),
}
VIEWS = ByType(
    {
        "modal": Shape(
            {"title": plain_text(24), "blocks": VIEW_BLOCKS},
            {
                **_ANY_VIEW,
                "submit": plain_text(24),
                "close": plain_text(24),
                "clear_on_close": FLAG,
                "notify_on_close": FLAG,
                "submit_disabled": FLAG,
            },
        ),
        "home": Shape({"blocks": VIEW_BLOCKS}, _ANY_VIEW),
    }
)
