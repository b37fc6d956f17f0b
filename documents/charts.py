"""A chart of head counts: what is drawn, worked out here in points, and the picture that typst makes of it.

A number of people stays the same from one day to the next until somebody comes or goes, so the lines are steps. The
scale begins at 0: the height of a line is the number, and a change looks as large as it is.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from billing.calendar import add_months
from billing.quantities import Step
from documents.drawing import Area, Dot, Drawing, Label, Line, Point, apart, cut, round_step
from documents.format import Format, month_name
from documents.pdf import FONTS

_TEMPLATE = Path(__file__).with_name("templates") / "chart.typ"

# The size in points of a picture that a phone still shows legibly; two pixels a point, for sharp screens.
_WIDTH, _HEIGHT = 520, 260
_PIXELS_AN_INCH = 2 * 72

_LEFT, _TOP, _BOTTOM = 40, 18, _HEIGHT - 44
_GAP = 12
_HEADROOM = 1.06
_ROOM_FOR_PROPOSALS = 0.07
_WIDTH_OF_A_LETTER = 0.58

# A ground of its own, since Slack's dark mode puts none behind a picture; colours that also differ in lightness.
_GROUND, _QUIET, _HAIRLINE, _AXIS, _FILL = "#ffffff", "#5b6875", "#e6eaee", "#aeb7c0", "#e4eff1"
_COLOURS = ("#0f5c6e", "#c2571a", "#5b4b9a", "#2f8f5b")

_AXIS_SIZE, _LABEL_SIZE, _YEAR_SIZE = 13, 14, 11
_LABEL_DISTANCE = 18


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


def as_png(chart: Chart) -> bytes:
    """The picture, 1040 by 520 pixels: the same bytes for the same chart."""
    # The engine is loaded when it is used, so that starting the bot doesn't wait for it.
    from typst import Compiler, Fonts  # noqa: PLC0415 - see above

    compiler = Compiler(
        input=_TEMPLATE.read_bytes(),
        font_paths=Fonts(include_system_fonts=False, font_paths=[FONTS]),
        ignore_system_fonts=True,
        sys_inputs={"chart": json.dumps(asdict(draw(chart)))},
    )
    png = compiler.compile(format="png", ppi=_PIXELS_AN_INCH)
    if not isinstance(png, bytes):
        raise TypeError("typst gave pages instead of one picture.")
    return png


def draw(chart: Chart) -> Drawing:
    """The shapes; there are colours for four curves, and further ones are left to the words beside the picture."""
    curves = tuple(zip(chart.curves, _COLOURS, strict=False))
    plot = _Plot(replace(chart, curves=chart.curves[: len(_COLOURS)]))
    endings = [label for curve, colour in curves for label in _endings(curve, colour, plot)]
    heights = apart([label.point[1] for label in endings], _LABEL_DISTANCE, _BOTTOM)
    moved = [replace(each, point=(each.point[0], height)) for each, height in zip(endings, heights, strict=True)]
    return Drawing(
        width=_WIDTH,
        height=_HEIGHT,
        ground=_GROUND,
        areas=tuple(_area(curve, plot) for curve, _ in curves) if len(curves) == 1 else (),
        lines=(*_grid(plot), *(line for curve, colour in curves for line in _lines(curve, colour, plot))),
        dots=tuple(dot for curve, colour in curves for dot in _dots(curve, colour, plot)),
        labels=(*_numbers(plot), *_months(plot), *moved),
    )


class _Plot:
    """Where a day and a number lie."""

    def __init__(self, chart: Chart) -> None:
        """The scales that take all curves in, and the room that their labels leave."""
        proposed = [curve.proposed for curve in chart.curves if curve.proposed is not None]
        last = max([chart.today, *(step.on for step in proposed)])
        # A proposal is drawn a little beyond the last day, so that it is seen although it may begin only today.
        share = _ROOM_FOR_PROPOSALS if proposed else 0
        said = [text for curve in chart.curves for text, _ in _said(curve, chart)]
        highest = max([1.0, *(float(s.quantity) for c in chart.curves for s in c.steps), *_floats(proposed)])
        self.chart = chart
        self.end = last + timedelta(days=round((last - chart.start).days * share))
        self.right = _WIDTH - 2 * _GAP - max(map(len, said), default=0) * _LABEL_SIZE * _WIDTH_OF_A_LETTER
        self.ticks: Iterable[int] = range(0, int(highest * _HEADROOM) + 1, round_step(highest))
        self._top_number = highest * _HEADROOM

    def x(self, day: date) -> float:
        """How far from the left a day lies."""
        share = (day - self.chart.start).days / max((self.end - self.chart.start).days, 1)
        return round(_LEFT + share * (self.right - _LEFT), 2)

    def y(self, number: Decimal | int) -> float:
        """How far from the top a number lies."""
        return round(_BOTTOM - float(number) / self._top_number * (_BOTTOM - _TOP), 2)


def _floats(steps: Sequence[Step]) -> list[float]:
    return [float(step.quantity) for step in steps]


def _corners(curve: Curve, plot: _Plot) -> tuple[Point, ...]:
    """The corners of the steps, up to today."""
    corners: list[Point] = []
    for step in curve.steps:
        if corners:
            corners.append((plot.x(step.on), corners[-1][1]))
        corners.append((plot.x(step.on), plot.y(step.quantity)))
    return (*corners, (plot.x(plot.chart.today), corners[-1][1]))


def _area(curve: Curve, plot: _Plot) -> Area:
    corners = _corners(curve, plot)
    return Area(((corners[0][0], _BOTTOM), *corners, (corners[-1][0], _BOTTOM)), _FILL)


def _lines(curve: Curve, colour: str, plot: _Plot) -> Iterator[Line]:
    if curve.proposed is not None:
        begin, now = plot.x(curve.proposed.on), plot.y(curve.steps[-1].quantity)
        height = plot.y(curve.proposed.quantity)
        yield Line(((begin, now), (begin, height), (plot.x(plot.end), height)), colour, 2, dashed=True)
    yield Line(_corners(curve, plot), colour, 2.5)


def _dots(curve: Curve, colour: str, plot: _Plot) -> Iterator[Dot]:
    yield Dot((plot.x(plot.chart.today), plot.y(curve.steps[-1].quantity)), colour)
    if curve.proposed is not None:
        yield Dot((plot.x(plot.end), plot.y(curve.proposed.quantity)), colour, hollow=True)


def _endings(curve: Curve, colour: str, plot: _Plot) -> Iterator[Label]:
    for text, number in _said(curve, plot.chart):
        yield Label((plot.right + _GAP, plot.y(number)), text, _LABEL_SIZE, colour, strong=True)


def _said(curve: Curve, chart: Chart) -> tuple[tuple[str, Decimal], ...]:
    """What stands at the end of a curve: its number, and the curve's name where there are several."""
    name = f" {cut(curve.name)}" if len(chart.curves) > 1 else ""
    number = curve.steps[-1].quantity
    now = f"{chart.style.number(number)}{name}"
    if curve.proposed is None:
        return ((now, number),)
    then = curve.proposed.quantity
    return ((f"{chart.style.number(then)}{name} proposed", then), (f"{now} now", number))


def _grid(plot: _Plot) -> Iterator[Line]:
    for number in plot.ticks:
        height = plot.y(number)
        yield Line(((_LEFT, height), (plot.right, height)), _HAIRLINE if number else _AXIS)


def _numbers(plot: _Plot) -> Iterator[Label]:
    for number in plot.ticks:
        text = plot.chart.style.number(Decimal(number))
        yield Label((_LEFT - 8, plot.y(number)), text, _AXIS_SIZE, _QUIET, "end")


def _months(plot: _Plot) -> Iterator[Label]:
    """Every other month at its first day, January always; the year below the first of them and below January."""
    start, today = plot.chart.start, plot.chart.today
    passed = (today.year - start.year) * 12 + today.month - start.month
    days = [day for day in (add_months(start, number) for number in range(passed + 1)) if day.month % 2]
    for day in days:
        name = month_name(day, plot.chart.style.locale)
        yield Label((plot.x(day), _BOTTOM + 14), name, _AXIS_SIZE, _QUIET, "middle")
        if day == days[0] or day.month == 1:
            yield Label((plot.x(day), _BOTTOM + 31), str(day.year), _YEAR_SIZE, _QUIET, "middle")
