"""What Slack would refuse about the blocks of a message, or about a view."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.workspace.blockkit.blocks import MESSAGE_BLOCKS, VIEWS
from sandbox.workspace.blockkit.shapes import fault

_MARKDOWN_IN_ALL = 12_000
_TABLE_IN_ALL = 10_000
_MESSAGE_IN_ALL = 13_200
_VIEW_BYTES_MOST = 250_000


def message_faults(blocks: object) -> list[str]:
    """What is wrong with a message's blocks, in Slack's words; empty when nothing is."""
    faults = list(MESSAGE_BLOCKS.faults(blocks, "/blocks"))
    if not faults and isinstance(blocks, list):
        faults += _same_ids(blocks, "/blocks")
        faults += _too_much_of_a_kind(blocks)
    return faults


def view_faults(view: object) -> list[str]:
    """What is wrong with a modal or a home tab, in Slack's words; empty when nothing is."""
    faults = list(VIEWS.faults(view, "/view"))
    if not faults and isinstance(view, dict):
        faults += _same_ids(view["blocks"], "/view/blocks")
        asks = any(block["type"] == "input" for block in view["blocks"])
        if asks and view["type"] == "modal" and "submit" not in view:
            faults.append(fault("submit is required when an input block is within the blocks array", "/view"))
    return faults


def is_too_long(blocks: object) -> bool:
    """Whether a message's blocks are too long together, although each is within its own limits.

    Slack doesn't document the limit. People met it near 13,200 characters of text and below that when there was much
    structure around the text (slackapi/bolt-js issues 2509 and 2867), so every string counts here, ids and types too.
    """
    return sum(len(text) for text in _strings(blocks)) > _MESSAGE_IN_ALL


def is_too_large(view: object) -> bool:
    """Whether a view is over 250 kB."""
    return len(json.dumps(view).encode()) > _VIEW_BYTES_MOST


def elements_of(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The elements of one block that may carry an action id."""
    if block["type"] == "actions":
        return list(block["elements"])
    return [block[key] for key in ("accessory", "element") if key in block]


def _same_ids(blocks: list[dict[str, Any]], at: str) -> Iterator[str]:
    """A block id is unique in a message or view; an action id only within its block, as Slack's reference says."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            yield fault(f"`block_id` {block_id} already exists for another block", f"{at}/{index}/block_id")
        if block_id is not None:
            seen.add(block_id)
        actions = [element["action_id"] for element in elements_of(block) if "action_id" in element]
        for action_id in sorted({action_id for action_id in actions if actions.count(action_id) > 1}):
            yield fault(f"`action_id` {action_id} already exists for another action", f"{at}/{index}")


def _too_much_of_a_kind(blocks: list[dict[str, Any]]) -> Iterator[str]:
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > _MARKDOWN_IN_ALL:
        yield fault(f"markdown must be less than {_MARKDOWN_IN_ALL + 1} characters in all", "/blocks")
    tables = [(index, block) for index, block in enumerate(blocks) if block["type"] == "table"]
    if len(tables) > 1:
        yield fault("only one table allowed", "/blocks")
    for index, table in tables:
        if sum(_length_of_cell(cell) for row in table["rows"] for cell in row) > _TABLE_IN_ALL:
            yield fault(f"table must be less than {_TABLE_IN_ALL + 1} characters in all", f"/blocks/{index}/rows")


def _length_of_cell(cell: Any) -> int:
    """The characters that a cell shows: its own text, or those within its rich text."""
    if isinstance(cell, dict):
        return len(cell.get("text", "")) + sum(_length_of_cell(inner) for inner in cell.get("elements", []))
    return 0


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
