"""Every commit point and every outgoing call that the source has, so that none is forgotten by the stories.

What `rollcall doctor` asks Slack (`Slack.ask`) alters nothing, and no hook hears it.
"""

import ast
from collections.abc import Iterator

from tests.house.checks import PACKAGES, ROOT, modules_of

# How the source names what it does, by the method that it calls, and how a point says so.
_NAMES = {"write": "{}", "session": "{}", "client": "{}", "_call": "slack.{}", "_heard": "slack.{}"}


def named_in_source() -> set[str]:
    """What is committed (`database.write("sync")`) or called (`http.client("graph")`), as points name it."""
    return {
        point
        for file in modules_of(*PACKAGES)
        if file.parts[0] != "sandbox"
        for point in _named(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    }


def _named(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=did), args=[ast.Constant(value=str(name)), *_]) if did in _NAMES:
                yield _NAMES[did].format(name)
