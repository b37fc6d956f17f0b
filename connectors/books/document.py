"""YAML as plain data that remembers its lines.

The safe subset that a book needs: text keys, no key twice, no tag beyond the plain ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from connectors.books.composing import TAG, compose
from connectors.books.problems import Problems

_MERGE = f"{TAG}merge"


@dataclass(frozen=True, slots=True)
class Inexact:
    """A number with a point that stands without quotes, as it was written."""

    text: str


class Block(dict[str, Any]):
    """A mapping with the line on which it starts, and those of its keys and values."""

    def __init__(self, line: int) -> None:
        """An empty mapping that starts on the line."""
        super().__init__()
        self.line = line
        self.key_lines: dict[str, int] = {}
        self.value_lines: dict[str, int] = {}

    def place(self, key: str, value: object, key_line: int, value_line: int) -> None:
        """Adds an entry with its lines."""
        self[key] = value
        self.key_lines[key] = key_line
        self.value_lines[key] = value_line


class Items(list[Any]):
    """A list with the lines of its entries."""

    def __init__(self, values: Sequence[object] = (), lines: Sequence[int] = ()) -> None:
        """The values and, for each, its line."""
        super().__init__(values)
        self.lines = list(lines)


def locate(value: object, path: Sequence[str | int], line: int) -> tuple[int, str | None]:
    """The line of what the path leads to, and the last key on the way; steps that the data lacks are skipped."""
    last_key = None
    for step in path:
        if isinstance(value, Block) and isinstance(step, str) and step in value:
            line, value, last_key = value.value_lines[step], value[step], step
        elif isinstance(value, Items) and isinstance(step, int) and step < len(value):
            line, value = value.lines[step], value[step]
    return line, last_key


def parse(text: str, problems: Problems) -> Block | None:
    """The one mapping that the text holds; None with a problem told when it holds anything else."""
    node = compose(text, problems)
    if node is None:
        return None
    value = _Plain(problems).value(node)
    if not isinstance(value, Block):
        problems.add(_line(node), "expected a mapping that begins with version: 1")
        return None
    return value


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


class _Plain:
    """Turns nodes into values, each node once, so that anchors stay as cheap as they look."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._done: dict[int, object] = {}
        self._open: set[int] = set()

    def value(self, node: Node) -> object:
        key = id(node)
        if key in self._open:
            self._problems.add(_line(node), "this anchor holds itself; expected values that end")
            return None
        if key not in self._done:
            self._open.add(key)
            self._done[key] = self._made(node)
            self._open.discard(key)
        return self._done[key]

    def _made(self, node: Node) -> object:
        if isinstance(node, MappingNode) and node.tag == f"{TAG}map":
            return self._block(node)
        if isinstance(node, SequenceNode) and node.tag == f"{TAG}seq":
            return Items([self.value(item) for item in node.value], [_line(item) for item in node.value])
        if isinstance(node, ScalarNode) and node.tag in _SCALARS:
            return _SCALARS[node.tag](node.value)
        self._problems.add(_line(node), f"the tag {node.tag} can't be used here; expected a plain value without a tag")
        return None

    def _block(self, node: MappingNode) -> Block:
        block = Block(_line(node))
        for key, value in self._own(node):
            if key.value in block:
                first = block.key_lines[key.value]
                self._problems.add(
                    _line(key), f"the key '{key.value}' stands here again; expected it once (line {first})"
                )
            else:
                block.place(key.value, self.value(value), _line(key), _line(value))
        for merged in self._merged(node):
            for name in merged:
                if name not in block:
                    block.place(name, merged[name], merged.key_lines[name], merged.value_lines[name])
        return block

    def _own(self, node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._problems.add(_line(key), "a key is a list or a mapping; expected a word")
            elif key.tag != _MERGE:
                yield key, value

    def _merged(self, node: MappingNode) -> Iterator[Block]:
        for key, value in node.value:
            if key.tag != _MERGE:
                continue
            found = self.value(value)
            for block in found if isinstance(found, Items) else [found]:
                if isinstance(block, Block):
                    yield block
                else:
                    self._problems.add(
                        _line(value), "<< merges something else; expected a mapping or a list of mappings"
                    )


def _day(text: str) -> date | str:
    # A day that the calendar doesn't have stays text, so that whoever expects a date can say so.
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


_SCALARS: Mapping[str, Any] = {
    f"{TAG}str": str,
    f"{TAG}null": lambda _: None,
    f"{TAG}bool": lambda text: text.lower() == "true",
    f"{TAG}int": int,
    f"{TAG}float": Inexact,
    f"{TAG}timestamp": _day,
}
