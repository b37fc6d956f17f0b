"""What a page of the documentation holds that can be tried out: files to save, and a terminal with what it answers."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^ *```(?P<language>[\w-]*)\n(?P<content>.*?)^ *```$", re.DOTALL | re.MULTILINE)
_PROMPT = "$ "
LEFT_OUT = "…"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, and the paragraph before it."""

    language: str
    content: str
    before: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as it is typed, and the lines that the page shows as its answer."""

    words: tuple[str, ...]
    answer: tuple[str, ...]


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        paragraphs = text[: match.start()].rstrip().split("\n\n")
        yield Block(match["language"], match["content"], paragraphs[-1])


def typed(block: Block) -> Iterator[Typed]:
    """The commands of a block of kind `console`; their prompt is `$ `."""
    words: tuple[str, ...] | None = None
    answer: list[str] = []
    for line in block.content.splitlines():
        if line.startswith(_PROMPT):
            if words is not None:
                yield Typed(words, tuple(answer))
            words, answer = tuple(shlex.split(line.removeprefix(_PROMPT))), []
        else:
            answer.append(line)
    if words is not None:
        yield Typed(words, tuple(answer))


def answers(shown: Sequence[str], said: Sequence[str]) -> bool:
    """Whether a page's lines fit what was really said: `…` alone stands for any lines, at a line's end for its rest."""
    if not shown:
        return not said
    first, *rest = shown
    if first == LEFT_OUT:
        return any(answers(rest, said[start:]) for start in range(len(said) + 1))
    if not said:
        return False
    fits = said[0].startswith(first.removesuffix(LEFT_OUT)) if first.endswith(LEFT_OUT) else said[0] == first
    return fits and answers(rest, said[1:])
