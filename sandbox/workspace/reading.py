"""What a person sees of a message or a modal: its words, its buttons, and whom it pings."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.workspace.blockkit.judge import elements_of
from sandbox.workspace.errors import NotOnTheScreen
from sandbox.workspace.fields import path
from sandbox.workspace.model import Content, Json

_PING = re.compile(r"<(?:!(?:channel|here|everyone)|!subteam\^[^>]+|@[^>]+)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def words(content: Content) -> str:
    """A message as it reads, a line for each part; with blocks, the fallback text is not seen."""
    return block_words(content.blocks) if content.blocks else _unescaped(content.text)


def block_words(blocks: Sequence[Json]) -> str:
    """The words of blocks, a line for each part, buttons in brackets."""
    return "\n".join(line for block in blocks for line in _lines(block))


def buttons(blocks: Sequence[Json]) -> list[str]:
    """The labels of the buttons, in their order."""
    return [element["text"]["text"] for _, element in controls(blocks) if element["type"] == "button"]


def pings(content: Content) -> list[str]:
    """The mentions that would notify people: in markup anywhere, or as an element of a rich text.

    Plain text objects are left out, because Slack never reads markup in them.
    """
    found = _PING.findall(content.text)
    for node in _nodes(list(content.blocks)):
        if node.get("type") in {"mrkdwn", "markdown"}:
            found += _PING.findall(node["text"])
        elif node.get("type") == "broadcast":
            found.append(f"<!{node['range']}>")
        elif node.get("type") == "user":
            found.append(f"<@{node['user_id']}>")
        elif node.get("type") == "usergroup":
            found.append(f"<!subteam^{node['usergroup_id']}>")
    return found


def controls(blocks: Sequence[Json]) -> list[tuple[Json, Json]]:
    """Each element that can be used, with its block."""
    return [(block, element) for block in blocks for element in elements_of(block) if element["type"] != "image"]


def control(blocks: Sequence[Json], named: str) -> tuple[Json, Json]:
    """The element of this path or action id, or else with this label; NotOnTheScreen when there is none or several."""
    offered = controls(blocks)
    by_id = [found for found in offered if named in {path(*found), found[1]["action_id"]}]
    matching = by_id or [found for found in offered if named in _labels(*found)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise NotOnTheScreen(f"{named} stands here {len(matching)} times: {', '.join(path(*one) for one in matching)}.")
    names = ", ".join(next(iter(_labels(*found)), found[1]["action_id"]) for found in offered)
    raise NotOnTheScreen(f"There is no {named} to press here. To press: {names or 'nothing'}.")


def _labels(block: Json, element: Json) -> list[str]:
    texts = [element.get("text"), element.get("placeholder"), block.get("label")]
    return [text["text"] for text in texts if text]


def _lines(block: Json) -> Iterator[str]:
    match block["type"]:
        case "section":
            yield from (_text(text) for text in [block.get("text"), *block.get("fields", [])] if text)
            yield from (_element(block["accessory"]) for _ in range("accessory" in block))
        case "header" | "markdown":
            yield _text(block["text"]) if isinstance(block["text"], dict) else block["text"]
        case "context":
            yield " ".join(_element(element) for element in block["elements"])
        case "actions":
            yield " ".join(_element(element) for element in block["elements"])
        case "input":
            yield f"{block['label']['text']}: {_element(block['element'])}"
        case "rich_text":
            yield from (_rich(element) for element in block["elements"])
        case "table":
            yield from (" | ".join(_cell(cell) for cell in row) for row in block["rows"])
        case "image":
            yield block["alt_text"]


def _element(element: Json) -> str:
    match element["type"]:
        case "plain_text" | "mrkdwn":
            return _text(element)
        case "image":
            return str(element["alt_text"])
        case "button":
            return f"[{element['text']['text']}]"
        case _:
            options = [option["text"]["text"] for option in element.get("options", [])]
            return f"[{' / '.join(options) or element.get('placeholder', {}).get('text', '…')}]"


def _text(text: Json) -> str:
    return str(text["text"]) if text["type"] == "plain_text" else _unescaped(text["text"])


def _cell(cell: Json) -> str:
    return str(cell["text"]) if cell["type"] == "raw_text" else " ".join(_rich(part) for part in cell["elements"])


def _rich(element: Json) -> str:
    if element["type"] == "rich_text_list":
        return "\n".join(f"• {_rich(item)}" for item in element["elements"])
    return "".join(_inline(inline) for inline in element["elements"])


def _inline(inline: Json) -> str:
    match inline["type"]:
        case "text" | "link":
            return str(inline.get("text") or inline["url"])
        case "emoji":
            return f":{inline['name']}:"
        case "broadcast":
            return f"@{inline['range']}"
        case "date":
            return str(inline.get("fallback", inline["timestamp"]))
        case _:
            return str(next(value for key, value in inline.items() if key not in {"type", "style"}))


def _unescaped(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def _nodes(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)
