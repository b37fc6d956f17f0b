"""A chart of head counts: described here for Vega-Lite, and drawn by it in a process of its own.

A number of people stays the same from one day to the next until somebody comes or goes, so the lines are steps. The
scale begins at 0: the height of a line is the number, and a change looks as large as it is.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from billing.calendar import add_months
from billing.errors import OutsideFailed
from billing.money import plain, rounded
from billing.quantities import Step
from documents.format import Format, month_name

# In points, two pixels each: legible on a phone, sharp on its screen.
_WIDTH, _HEIGHT, _MARGIN = 400, 200, 16
_LABEL_DISTANCE = 18

# A ground of its own, since Slack's dark mode puts none behind a picture; colours that also differ in lightness.
_GROUND, _QUIET, _HAIRLINE, _AXIS = "#ffffff", "#5b6875", "#e6eaee", "#aeb7c0"
_COLOURS = ("#0f5c6e", "#c2571a", "#5b4b9a", "#2f8f5b")
_FONT = "Inter"

_HEADROOM_PERCENT, _ROOM_FOR_PROPOSALS_PERCENT = 6, 7
_NAME_MOST = 14

_DRAWER = Path(__file__).with_name("drawer.py")
_PATIENCE_SECONDS = 60

Spec = dict[str, Any]


class ChartCouldNotBeDrawn(OutsideFailed):
    """The process that draws ended without a picture."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One number over time: its first step is its first known day; `proposed` is where it would go, and when."""

    name: str
    steps: tuple[Step, ...]
    proposed: Step | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers over time, from the first of a month through today, written as the client reads them."""

    start: date
    today: date
    curves: tuple[Curve, ...]
    style: Format


def as_png(chart: Chart, drawer: Path = _DRAWER) -> bytes:
    """The picture: the same bytes for the same chart.

    The engine holds Python's lock for about a second at first and 90 MB for as long as its process lives, so that
    process isn't the bot's.

    Raises:
        ChartCouldNotBeDrawn: it ended without a picture, or had none after a minute.

    """
    asked = json.dumps(specification(chart)).encode()
    try:
        # -I: whatever lies in the working directory must not be taken for one of the engine's modules.
        drawn = subprocess.run(  # noqa: S603 - our own program, which reads nothing but our own description
            [sys.executable, "-I", str(drawer)],
            input=asked,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        told = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip().splitlines()
        last = told[-1] if told else type(error).__name__
        raise ChartCouldNotBeDrawn(f"The chart could not be drawn ({last}).") from error
    return drawn.stdout


def specification(chart: Chart) -> Spec:
    """The picture in Vega-Lite's terms; there are colours for four curves, further ones are left to the words."""
    curves = chart.curves[: len(_COLOURS)]
    plot = _Plot(chart, curves)
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "background": _GROUND,
        "padding": _MARGIN,
        "config": {"font": _FONT, "view": {"stroke": None}, "locale": {"number": _number_locale(chart.style)}},
        "layer": [
            *(_area(curve, plot) for curve in curves if len(curves) == 1),
            *(layer for curve, colour in zip(curves, _COLOURS, strict=False) for layer in _drawn(curve, colour, plot)),
            *_endings(curves, plot),
            *(_nothing(plot) for _ in range(not curves)),
        ],
    }


class _Plot:
    """Where a day and a number lie."""

    def __init__(self, chart: Chart, curves: Sequence[Curve]) -> None:
        """The scales that take all curves in."""
        proposed = [curve.proposed for curve in curves if curve.proposed is not None]
        last = max([chart.today, *(step.on for step in proposed)])
        # A proposal is drawn a little beyond the last day, so that it is seen although it may begin only today.
        beyond = (last - chart.start).days * _ROOM_FOR_PROPOSALS_PERCENT // 100 if proposed else 0
        numbers = [step.quantity for curve in curves for step in curve.steps] + [step.quantity for step in proposed]
        self.chart = chart
        self.several = len(curves) > 1
        self.end = last + timedelta(days=max(beyond, last == chart.start))
        highest = int(max([Decimal(1), *numbers]))
        self.top = highest + max(1, highest * _HEADROOM_PERCENT // 100)

    def x(self) -> Spec:
        """Days: every other month by name, the year below the first of them and below January."""
        chart = self.chart
        ticks = list(_odd_months(chart.start, chart.today))
        names = [_tick_lines(day, chart.style.locale, is_first=day == ticks[0]) for day in ticks]
        axis = {
            "title": None,
            "grid": False,
            "ticks": False,
            "domainColor": _AXIS,
            "values": [day.isoformat() for day in ticks],
            # Vega gives labels of several lines where an expression is a list.
            "labelExpr": f"{json.dumps(names)}[indexof({json.dumps([_moment(day) for day in ticks])}, +datum.value)]",
            "labelColor": _QUIET,
            "labelFontSize": 13,
            "labelPadding": 8,
            "labelOverlap": False,
            "labelFlush": False,
        }
        scale = {"type": "utc", "domain": [chart.start.isoformat(), self.end.isoformat()]}
        return {"field": "day", "type": "temporal", "scale": scale, "axis": axis}

    def y(self) -> Spec:
        """Numbers from 0."""
        axis = {
            "title": None,
            "tickCount": 4,
            "tickMinStep": 1,
            "format": ",d",
            "domain": False,
            "ticks": False,
            "gridColor": _HAIRLINE,
            "labelColor": _QUIET,
            "labelFontSize": 13,
            "labelPadding": 8,
            "minExtent": 34,
        }
        scale = {"domain": [0, self.top], "nice": False}
        return {"field": "number", "type": "quantitative", "scale": scale, "axis": axis}

    def height(self, number: Decimal) -> int:
        """How far from the top, in points, a number lies."""
        return _HEIGHT - rounded(_HEIGHT * Fraction(number) * Fraction(1, self.top))

    def said(self, curve: Curve) -> tuple[tuple[str, Decimal], ...]:
        """What stands at the end of a curve: its number, and the curve's name where there are several."""
        style = self.chart.style
        name = f" {_cut(curve.name)}" if self.several else ""
        number = curve.steps[-1].quantity
        if curve.proposed is None:
            return ((f"{style.number(number)}{name}", number),)
        then = curve.proposed.quantity
        return ((f"{style.number(then)}{name} proposed", then), (f"{style.number(number)} now", number))


def _drawn(curve: Curve, colour: str, plot: _Plot) -> Iterator[Spec]:
    """A curve with a dot on today, and a dashed branch with a hollow dot where a proposal leads."""
    known = _rows(curve, plot)
    if curve.proposed is not None:
        begin, then = curve.proposed.on, curve.proposed.quantity
        branch = [_row(begin, curve.steps[-1].quantity), _row(begin, then), _row(plot.end, then)]
        dashed = {"type": "line", "strokeWidth": 2, "strokeDash": [4, 4], "color": colour}
        branched = _layer(branch, dashed, plot)
        # Two of its corners lie on one day, so that the days don't say in which order they are joined: as given.
        yield {**branched, "encoding": {**branched["encoding"], "order": {"value": None}}}
    yield _layer(known, {"type": "line", "interpolate": "step-after", "strokeWidth": 3, "color": colour}, plot)
    yield _layer(known[-1:], {"type": "point", "filled": True, "size": 64, "opacity": 1, "color": colour}, plot)
    if curve.proposed is not None:
        ring = {"type": "point", "fill": _GROUND, "stroke": colour, "strokeWidth": 2, "size": 64, "opacity": 1}
        yield _layer([_row(plot.end, curve.proposed.quantity)], ring, plot)


def _area(curve: Curve, plot: _Plot) -> Spec:
    mark = {"type": "area", "interpolate": "step-after", "color": f"{_COLOURS[0]}1a"}
    return _layer(_rows(curve, plot), mark, plot)


def _nothing(plot: _Plot) -> Spec:
    """The empty scales, where nothing was counted."""
    return _layer([_row(plot.chart.start, Decimal(0))], {"type": "point", "opacity": 0}, plot)


def _endings(curves: Sequence[Curve], plot: _Plot) -> Iterator[Spec]:
    """The numbers at the ends of the curves, moved where one would lie upon another."""
    coloured = zip(curves, _COLOURS, strict=False)
    said = [(text, number, colour) for curve, colour in coloured for text, number in plot.said(curve)]
    heights = _apart([plot.height(number) for _, number, _ in said])
    for (text, _, colour), height in zip(said, heights, strict=True):
        mark = {"type": "text", "align": "left", "dx": 12, "fontSize": 14, "fontWeight": 600, "color": colour}
        # The text is data, so that nothing in a name is ever read as an expression.
        encoding = {"text": {"field": "text"}, "x": {"value": _WIDTH}, "y": {"value": height}}
        yield {"data": {"values": [{"text": text}]}, "mark": mark, "encoding": encoding}


def _layer(rows: list[Spec], mark: Spec, plot: _Plot) -> Spec:
    # Numbers are written out, exactly, and read by the one who draws them.
    data = {"values": rows, "format": {"parse": {"number": "number"}}}
    return {"data": data, "mark": mark, "encoding": {"x": plot.x(), "y": plot.y()}}


def _rows(curve: Curve, plot: _Plot) -> list[Spec]:
    """The steps of a curve, up to today."""
    return [*(_row(step.on, step.quantity) for step in curve.steps), _row(plot.chart.today, curve.steps[-1].quantity)]


def _row(day: date, number: Decimal) -> Spec:
    return {"day": day.isoformat(), "number": plain(number)}


def _odd_months(start: date, today: date) -> Iterator[date]:
    passed = (today.year - start.year) * 12 + today.month - start.month
    return (day for day in (add_months(start, number) for number in range(passed + 1)) if day.month % 2)


def _tick_lines(day: date, locale: str, *, is_first: bool) -> list[str]:
    name = month_name(day, locale)
    return [name, str(day.year)] if is_first or day.month == 1 else [name]


def _moment(day: date) -> int:
    """Milliseconds since 1970, as Vega counts time."""
    return (day - date(1970, 1, 1)).days * 86_400_000


def _number_locale(style: Format) -> Spec:
    """How numbers are grouped; the decimal point and the currency are never shown."""
    return {"decimal": ".", "thousands": style.group_mark, "grouping": [3], "currency": ["", ""]}


def _cut(name: str) -> str:
    """A name, or its beginning."""
    return name if len(name) <= _NAME_MOST else name[: _NAME_MOST - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _apart(heights: Iterable[int]) -> list[int]:
    """The heights moved so that none is nearer to another than a label is high, in the same order from the top."""
    moved = list(heights)
    order = sorted(range(len(moved)), key=lambda place: moved[place])
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + _LABEL_DISTANCE)
    # Whoever was pushed out at the bottom pushes the others up again.
    lowest = _HEIGHT
    for place in reversed(order):
        moved[place] = min(moved[place], lowest)
        lowest = moved[place] - _LABEL_DISTANCE
    return moved
