"""Shapes of a picture in points from its upper left corner, and what keeps the labels of a scale legible."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]

_MOST_STEPS = 5
_NAME = 14


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A filled surface between points."""

    points: tuple[Point, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot, filled or hollow."""

    point: Point
    colour: str
    radius: float = 4
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A text of which the start, the middle or the end stands at a point."""

    point: Point
    text: str
    size: float
    colour: str
    anchor: str = "start"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: areas lie below lines, lines below dots, and labels on top."""

    width: float
    height: float
    ground: str
    areas: tuple[Area, ...]
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]


def round_step(highest: float) -> int:
    """The distance between the marks of a scale from 0: 1, 2 or 5 times a power of ten, so that there are few marks."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if highest / (factor * size) < _MOST_STEPS:
                return factor * size
        size *= 10


def cut(name: str) -> str:
    """A name, or its beginning."""
    return name if len(name) <= _NAME else name[: _NAME - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def apart(heights: Sequence[float], distance: float, lowest: float) -> list[float]:
    """The heights moved so that none is nearer to another than the distance, in the same order from top to bottom."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    moved = list(heights)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + distance)
    # Whoever was pushed out at the bottom pushes the others up again.
    limit = lowest
    for place in reversed(order):
        moved[place] = min(moved[place], limit)
        limit = moved[place] - distance
    return moved
