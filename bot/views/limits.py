"""Slack's limits, and how what is longer is cut: always visibly, with a count of what was left out.

The numbers are those of Slack's Block Kit reference. That a whole message is refused near 13,200 characters although
every block is within its own limit is not documented; people met it (slackapi/bolt-js issue 2509).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.message import Json

HEADER = 150
SECTION = 3000
BUTTON = 75
OPTION = 75
OPTION_VALUE = 150
OPTIONS = 100
MODAL_TITLE = 24
PLAIN_TEXT_INPUT = 3000
BLOCKS = 50
VIEW_BLOCKS = 100
VIEW = 20_000
ALT_TEXT = 2000
MESSAGE = 12_000
NAME = 80

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def cut(text: str, most: int) -> str:
    """The text, or as much of it as there is room for."""
    return text if len(text) <= most else text[: most - 1].rstrip() + _ELLIPSIS


def listed(items: Sequence[str], most: int, joint: str = ", ") -> str:
    """The items in one text of at most so many characters; where they don't all fit, how many more there are."""
    text = joint.join(items)
    if len(text) <= most:
        return text
    room = most - len(f"{joint}and {len(items)} more")
    kept: list[str] = []
    for item in items:
        room -= len(item) + len(joint)
        if room < 0:
            break
        kept.append(item)
    return joint.join([*kept, f"and {len(items) - len(kept)} more"])


def pieces(items: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    """The items in order, as many at a time as fit into so many characters, a line each; a longer one is cut."""
    kept: list[str] = []
    for item in (cut(each, most) for each in items):
        if kept and sum(len(each) + 1 for each in kept) + len(item) > most:
            yield tuple(kept)
            kept = []
        kept.append(item)
    if kept:
        yield tuple(kept)


def length(blocks: Sequence[Json]) -> int:
    """How long blocks are for Slack: every text in them, the names of their parts too."""
    return sum(len(text) for text in _texts(list(blocks)))


@dataclass(frozen=True, slots=True)
class Room:
    """How many blocks, and how many characters in all of them, there is room for."""

    blocks: int
    characters: int

    def takes(self, blocks: Sequence[Json]) -> bool:
        """Whether the blocks fit."""
        return len(blocks) <= self.blocks and length(blocks) <= self.characters


IN_A_MESSAGE = Room(BLOCKS, MESSAGE)
# Slack takes 250 kB, and a character may be twelve bytes of its JSON.
IN_A_MODAL = Room(VIEW_BLOCKS, VIEW)


def fitted(
    top: Sequence[Json],
    middle: Sequence[Json],
    bottom: Sequence[Json],
    cut_note: Json,
    room: Room = IN_A_MESSAGE,
) -> tuple[Json, ...]:
    """Blocks of which the middle may be cut, with a note in place of what was left out."""
    whole = (*top, *middle, *bottom)
    if room.takes(whole):
        return whole
    for kept in range(len(middle) - 1, -1, -1):
        shorter = (*top, *middle[:kept], cut_note, *bottom)
        if room.takes(shorter):
            return shorter
    return (*top, cut_note, *bottom)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
