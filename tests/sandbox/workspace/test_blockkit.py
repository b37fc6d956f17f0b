"""The judge of Block Kit: what it lets through, and one example of each kind of fault."""

from typing import Any

import pytest

from sandbox.workspace.blockkit.judge import is_too_long, message_faults, view_faults

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Block:
    return {"type": "section", "text": mrkdwn("hello"), **more}


def button(**more: Any) -> Block:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "One", value: str = "1", **more: Any) -> Block:
    return {"text": plain(text), "value": value, **more}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **more}


def field(**more: Any) -> Block:
    element = {"type": "plain_text_input", "action_id": "why"}
    return {"type": "input", "label": plain("Reason"), "element": element, **more}


def modal(*blocks: Block, **more: Any) -> Block:
    return {"type": "modal", "title": plain("Reject"), "submit": plain("Reject"), "blocks": list(blocks), **more}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


LEGAL = {
    "nothing": [],
    "section": [section()],
    "section at its limit": [section(text=mrkdwn("x" * 3000))],
    "section of fields": [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}],
    "section with accessory": [section(accessory=button())],
    "header, divider, context": [
        {"type": "header", "text": plain("x" * 150)},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("by"), {"type": "image", "image_url": "https://x", "alt_text": "x"}]},
    ],
    "buttons": [actions(button(style="primary", value="x" * 2000), button(action_id="no", style="danger"))],
    "the same action in two blocks": [actions(button()), actions(button())],
    "confirmation": [
        actions(
            button(confirm={"title": plain("Sure?"), "text": mrkdwn("x"), "confirm": plain("Y"), "deny": plain("N")})
        )
    ],
    "select": [actions(select(placeholder=plain("Which?"), initial_option=option()))],
    "overflow": [section(accessory={"type": "overflow", "action_id": "more", "options": [option()]})],
    "rich text": [rich({"type": "text", "text": "Ann", "style": {"bold": True}}, {"type": "emoji", "name": "wave"})],
    "table": [{"type": "table", "rows": [[{"type": "raw_text", "text": "Ann"}] * 20] * 100}],
    "table with rich cells and settings": [
        {
            "type": "table",
            "rows": [[{"type": "raw_text", "text": "Name"}], [rich({"type": "text", "text": "Ann"})]],
            "column_settings": [{"align": "right", "is_wrapped": True}],
        }
    ],
    "image that was uploaded": [{"type": "image", "alt_text": "chart", "slack_file": {"id": "F1"}}],
    "select that the bot fills": [actions({"type": "external_select", "action_id": "find", "min_query_length": 0})],
    "several from a select that the bot fills": [
        section(accessory={"type": "multi_external_select", "action_id": "find", "min_query_length": 2})
    ],
    "markdown": [{"type": "markdown", "text": "# Title"}],
}

FAULTY = {
    "51 blocks": ([section()] * 51, "no more than 50 items allowed", "/blocks"),
    "no list": ({"type": "section"}, "must be an array", "/blocks"),
    "no object": (["hello"], "must be an object", "/blocks/0"),
    "no type": ([{"text": plain("x")}], "missing required field: type", "/blocks/0"),
    "unknown block": ([{"type": "marquee"}], "unsupported type: marquee", "/blocks/0/type"),
    "unknown key": ([section(colour="red")], "invalid additional property: colour", "/blocks/0"),
    "section without anything": ([{"type": "section"}], "missing required field: text or fields", "/blocks/0"),
    "section 3001": ([section(text=mrkdwn("x" * 3001))], "must be less than 3001 characters", "/blocks/0/text/text"),
    "empty text": ([section(text=mrkdwn(""))], "must be more than 0 characters", "/blocks/0/text/text"),
    "text that is a number": ([section(text=mrkdwn(5))], "must be a string", "/blocks/0/text/text"),  # type: ignore[arg-type]  # the fault that is tried
    "text as string": ([section(text="hello")], "must be an object", "/blocks/0/text"),
    "emoji in mrkdwn": (
        [section(text={**mrkdwn("x"), "emoji": True})],
        "invalid additional property: emoji",
        "/blocks/0/text",
    ),
    "field 2001": (
        [{"type": "section", "fields": [mrkdwn("x" * 2001)]}],
        "must be less than 2001 characters",
        "/blocks/0/fields/0/text",
    ),
    "11 fields": (
        [{"type": "section", "fields": [mrkdwn("x")] * 11}],
        "no more than 10 items allowed",
        "/blocks/0/fields",
    ),
    "header 151": (
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters",
        "/blocks/0/text/text",
    ),
    "header in mrkdwn": (
        [{"type": "header", "text": mrkdwn("x")}],
        "unsupported type: mrkdwn",
        "/blocks/0/text/type",
    ),
    "button text 76": (
        [actions(button(text=plain("x" * 76)))],
        "must be less than 76 characters",
        "/blocks/0/elements/0/text/text",
    ),
    "button value 2001": (
        [actions(button(value="x" * 2001))],
        "must be less than 2001 characters",
        "/blocks/0/elements/0/value",
    ),
    "button style": (
        [actions(button(style="loud"))],
        "must be a valid enum value, one of primary, danger",
        "/blocks/0/elements/0/style",
    ),
    "action id 256": (
        [actions(button(action_id="x" * 256))],
        "must be less than 256 characters",
        "/blocks/0/elements/0/action_id",
    ),
    "accessibility label 76": (
        [actions(button(accessibility_label="x" * 76))],
        "must be less than 76 characters",
        "/blocks/0/elements/0/accessibility_label",
    ),
    "26 actions": (
        [actions(*[button(action_id=str(n)) for n in range(26)])],
        "no more than 25 items allowed",
        "/blocks/0/elements",
    ),
    "no actions": ([actions()], "no fewer than 1 items allowed", "/blocks/0/elements"),
    "same action twice in a block": (
        [actions(button(), button())],
        "`action_id` go already exists for another action",
        "/blocks/0",
    ),
    "same block id twice": (
        [section(block_id="a"), section(block_id="a")],
        "`block_id` a already exists for another block",
        "/blocks/1/block_id",
    ),
    "block id 256": ([section(block_id="x" * 256)], "must be less than 256 characters", "/blocks/0/block_id"),
    "11 in a context": (
        [{"type": "context", "elements": [mrkdwn("x")] * 11}],
        "no more than 10 items allowed",
        "/blocks/0/elements",
    ),
    "button in a context": (
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button",
        "/blocks/0/elements/0/type",
    ),
    "text field among actions": (
        [actions({"type": "plain_text_input", "action_id": "a"})],
        "unsupported type: plain_text_input",
        "/blocks/0/elements/0/type",
    ),
    "option text 76": (
        [actions(select(options=[option("x" * 76)]))],
        "must be less than 76 characters",
        "/blocks/0/elements/0/options/0/text/text",
    ),
    "option value 151": (
        [actions(select(options=[option(value="x" * 151)]))],
        "must be less than 151 characters",
        "/blocks/0/elements/0/options/0/value",
    ),
    "101 options": (
        [actions(select(options=[option()] * 101))],
        "no more than 100 items allowed",
        "/blocks/0/elements/0/options",
    ),
    "6 in an overflow": (
        [section(accessory={"type": "overflow", "options": [option()] * 6})],
        "no more than 5 items allowed",
        "/blocks/0/accessory/options",
    ),
    "11 radio buttons": (
        [actions({"type": "radio_buttons", "options": [option()] * 11})],
        "no more than 10 items allowed",
        "/blocks/0/elements/0/options",
    ),
    "an initial option that is not offered": (
        [actions(select(initial_option=option("Two", "2")))],
        "initial option must exactly match one of the options",
        "/blocks/0/elements/0",
    ),
    "placeholder 151": (
        [actions(select(placeholder=plain("x" * 151)))],
        "must be less than 151 characters",
        "/blocks/0/elements/0/placeholder/text",
    ),
    "confirmation without deny": (
        [actions(button(confirm={"title": plain("x"), "text": plain("x"), "confirm": plain("x")}))],
        "missing required field: deny",
        "/blocks/0/elements/0/confirm",
    ),
    "image without alt text": (
        [{"type": "image", "image_url": "https://x"}],
        "missing required field: alt_text",
        "/blocks/0",
    ),
    "image from two places": (
        [{"type": "image", "alt_text": "x", "image_url": "https://x", "slack_file": {"id": "F1"}}],
        "only one of image_url and slack_file allowed",
        "/blocks/0",
    ),
    "uploaded file named twice": (
        [{"type": "image", "alt_text": "x", "slack_file": {"id": "F1", "url": "https://x"}}],
        "only one of id and url allowed",
        "/blocks/0/slack_file",
    ),
    "uploaded file without a name": (
        [{"type": "image", "alt_text": "x", "slack_file": {}}],
        "missing required field: id or url",
        "/blocks/0/slack_file",
    ),
    "select with options and groups": (
        [actions(select(option_groups=[{"label": plain("All"), "options": [option()]}]))],
        "only one of options and option_groups allowed",
        "/blocks/0/elements/0",
    ),
    "several choices among actions": (
        [actions({"type": "multi_external_select", "action_id": "find"})],
        "unsupported type: multi_external_select",
        "/blocks/0/elements/0/type",
    ),
    "table of 10,001 characters": (
        [
            {
                "type": "table",
                "rows": [
                    [
                        {"type": "raw_text", "text": "x" * 5001},
                        rich({"type": "text", "text": "x" * 4000}, {"type": "text", "text": "x" * 1000}),
                    ]
                ],
            }
        ],
        "table must be less than 10001 characters in all",
        "/blocks/0/rows",
    ),
    "column that is justified": (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]], "column_settings": [{"align": "justify"}]}],
        "must be a valid enum value, one of left, center, right",
        "/blocks/0/column_settings/0/align",
    ),
    "table of 101 rows": (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}],
        "no more than 100 items allowed",
        "/blocks/0/rows",
    ),
    "table of 21 columns": (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}],
        "no more than 20 items allowed",
        "/blocks/0/rows/0",
    ),
    "two tables": (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2,
        "only one table allowed",
        "/blocks",
    ),
    "markdown 12,001 in all": (
        [{"type": "markdown", "text": "x" * 6001}] * 2,
        "markdown must be less than 12001 characters in all",
        "/blocks",
    ),
    "unknown part of a rich text": (
        [rich({"type": "shout", "text": "x"})],
        "unsupported type: shout",
        "/blocks/0/elements/0/elements/0/type",
    ),
}

FAULTY_VIEWS = {
    "title 25": (modal(title=plain("x" * 25)), "must be less than 25 characters", "/view/title/text"),
    "submit 25": (modal(submit=plain("x" * 25)), "must be less than 25 characters", "/view/submit/text"),
    "metadata 3001": (
        modal(private_metadata="x" * 3001),
        "must be less than 3001 characters",
        "/view/private_metadata",
    ),
    "callback id 256": (modal(callback_id="x" * 256), "must be less than 256 characters", "/view/callback_id"),
    "101 blocks": (modal(*[section()] * 101), "no more than 100 items allowed", "/view/blocks"),
    "markdown in a modal": (
        modal({"type": "markdown", "text": "x"}),
        "unsupported type: markdown",
        "/view/blocks/0/type",
    ),
    "a field but no submit": (
        {key: value for key, value in modal(field()).items() if key != "submit"},
        "submit is required when an input block is within the blocks array",
        "/view",
    ),
    "no title": (
        {"type": "modal", "blocks": []},
        "missing required field: title",
        "/view",
    ),
}


@pytest.mark.parametrize("blocks", LEGAL.values(), ids=LEGAL.keys())
def test_legal_blocks_have_no_faults(blocks: list[Block]) -> None:
    assert message_faults(blocks) == []


@pytest.mark.parametrize(("blocks", "words", "at"), FAULTY.values(), ids=FAULTY.keys())
def test_a_fault_is_told_with_its_place(blocks: object, words: str, at: str) -> None:
    assert message_faults(blocks) == [f"[ERROR] {words} [json-pointer:{at}]"]


def test_a_modal_with_a_field_has_no_faults() -> None:
    assert view_faults(modal(field(), private_metadata="7", callback_id="reject", notify_on_close=True)) == []


@pytest.mark.parametrize(("view", "words", "at"), FAULTY_VIEWS.values(), ids=FAULTY_VIEWS.keys())
def test_a_fault_of_a_view_is_told_with_its_place(view: object, words: str, at: str) -> None:
    assert view_faults(view) == [f"[ERROR] {words} [json-pointer:{at}]"]


def test_blocks_can_be_too_long_together() -> None:
    assert not is_too_long([section(text=mrkdwn("x" * 3000))] * 4)
    assert is_too_long([section(text=mrkdwn("x" * 2700))] * 5)
