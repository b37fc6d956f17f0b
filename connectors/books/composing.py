"""From text to YAML's nodes: one document, not too deep, with words typed as YAML 1.2 types them.

So `on` is a key and `NO` is Norway, not truth values, and no number is read in octal or in sixties.
"""

import re

import yaml
from yaml.nodes import Node

from connectors.books.problems import Problems

TAG = "tag:yaml.org,2002:"
_DEEPEST = 50
_WORDS = (
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+", "-+.0123456789"),
    ("float", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", "-+."),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
    ("merge", r"<<", "<"),
)


def resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """How plain words get their type, by their first character; shared by reading and writing."""
    table: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for kind, pattern, first_characters in _WORDS:
        for character in [*first_characters, *([""] if kind == "null" else [])]:
            table.setdefault(character, []).append((TAG + kind, re.compile(rf"(?:{pattern})\Z")))
    return table


class _Shallow:
    """Ends composing before the nesting can exhaust the stack, where libyaml's binding would end the process.

    Composing calls these two around every node; on their own they serve a feature of PyYAML that books don't use.
    """

    _depth = 0

    def descend_resolver(self, parent: Node | None, _: object) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            mark = parent.start_mark if parent else None
            raise yaml.composer.ComposerError(None, None, "this is nested too deeply", mark)

    def ascend_resolver(self) -> None:
        self._depth -= 1


def compose(text: str, problems: Problems) -> Node | None:
    """The document's node; None with a problem told where the text is not one document of YAML."""
    base: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = type("BookLoader", (_Shallow, base), {"yaml_implicit_resolvers": resolvers()})
    try:
        node: Node | None = yaml.compose(text, loader)
    except yaml.MarkedYAMLError as error:
        problems.add(_line_of_error(error), _sentence(error))
    except yaml.reader.ReaderError as error:
        # libyaml counts in bytes.
        line = text.encode()[: error.position or 0].count(b"\n") + 1
        problems.add(line, "the file holds a character that YAML does not allow; expected text in UTF-8")
    else:
        if node is None:
            problems.add(1, "the file is empty; expected a book that begins with version: 1")
        return node
    return None


def _line_of_error(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return int(mark.line) + 1 if mark else 1


def _sentence(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "this is not YAML"
    if "found another document" in problem:
        return "a second document begins here; expected one document"
    if "start any token" in problem or "\\t" in problem:
        return (
            f"{problem}; expected YAML (indent with spaces, not tabs, and put text with special characters in quotes)"
        )
    return f"{problem}; expected YAML"
