"""The two trips in the explanation name functions that exist, so that they can be followed."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_STEP = re.compile(r"`((?:\w+/)+\w+\.py):(\w+)`")


def steps(text: str) -> list[tuple[str, str]]:
    """Every `file:function` that a text names."""
    return _STEP.findall(text)


def lost(root: Path, text: str) -> list[str]:
    """The steps that lead nowhere."""
    return [f"{path}:{name}" for path, name in steps(text) if name not in _functions(root / path)]


def _functions(path: Path) -> set[str]:
    if not path.exists():
        return set()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)}


def test_every_step_of_the_two_trips_exists() -> None:
    text = (ROOT / "docs/explanation/architecture.md").read_text()
    assert len(steps(text)) >= 20
    assert lost(ROOT, text) == []


@pytest.mark.parametrize("step", ["`billing/money.py:no_such_function`", "`billing/no_such_file.py:exact`"])
def test_a_step_that_leads_nowhere_is_found(step: str) -> None:
    assert lost(ROOT, step) == [step.strip("`")]
