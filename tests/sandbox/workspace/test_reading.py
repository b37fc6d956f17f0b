"""What a person sees of a message."""

from typing import Any

import pytest

from sandbox.workspace.model import Content
from sandbox.workspace.reading import pings, words
from tests.support.workspace import APPROVE

Block = dict[str, Any]


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def rich(*inlines: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(inlines)}]}


NAMES = {"type": "rich_text_list", "style": "bullet"} | {
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": name}]} for name in ("Ann", "Bo")]
}
READ: dict[str, tuple[Block, str]] = {
    "section": ({"type": "section", "text": mrkdwn("A &amp; B &lt;x&gt;")}, "A & B <x>"),
    "plain text keeps its signs": ({"type": "header", "text": plain("A &amp; B")}, "A &amp; B"),
    "fields": ({"type": "section", "fields": [mrkdwn("Total"), mrkdwn("5.00")]}, "Total\n5.00"),
    "accessory": ({"type": "section", "text": mrkdwn("Ann"), "accessory": APPROVE}, "Ann\n[Approve]"),
    "context": ({"type": "context", "elements": [mrkdwn("by"), plain("Ann")]}, "by Ann"),
    "names as a list": ({"type": "rich_text", "elements": [NAMES]}, "• Ann\n• Bo"),
    "table": (
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, rich({"type": "text", "text": "b"})]]},
        "a | b",
    ),
    "divider": ({"type": "divider"}, ""),
}


@pytest.mark.parametrize(("block", "read"), READ.values(), ids=READ.keys())
def test_a_block_reads_as(block: Block, read: str) -> None:
    assert words(Content("fallback", (block,))) == read


def test_without_blocks_the_text_is_read() -> None:
    assert words(Content("Ben &amp; Co")) == "Ben & Co"


@pytest.mark.parametrize(
    ("content", "pinged"),
    [
        (Content("<!channel> hi"), ["<!channel>"]),
        (Content("x", ({"type": "section", "text": mrkdwn("<@U1> <!here>")},)), ["<@U1>", "<!here>"]),
        (Content("x", (rich({"type": "broadcast", "range": "everyone"}),)), ["<!everyone>"]),
        (Content("x", (rich({"type": "text", "text": "<!channel>"}),)), []),
        (Content("x", ({"type": "header", "text": plain("<!channel>")},)), []),
        (Content("&lt;!channel&gt;"), []),
    ],
)
def test_only_markup_pings(content: Content, pinged: list[str]) -> None:
    assert pings(content) == pinged
