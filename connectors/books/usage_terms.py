"""From shapes to what meters read: each reading once, and none that no line bills."""

from collections.abc import Iterator, Sequence

from billing.money import plain
from billing.quantities import Reading
from connectors.books.agreement_shapes import LineShape
from connectors.books.client_shapes import ReadingShape
from connectors.books.problems import Problems
from connectors.books.shape import did_you_mean
from connectors.books.values import BookReading


def usage_of(shapes: Sequence[ReadingShape], lines: Sequence[LineShape], problems: Problems) -> Iterator[BookReading]:
    """The readings in the file's order; one that stands there twice counts once, two of one key are refused."""
    meters = sorted({line.count.usage for line in lines if line.count and line.count.usage})
    first: dict[tuple[str, str], tuple[Reading, int]] = {}
    for shape in shapes:
        if shape.meter not in meters:
            found = f"found the meter '{shape.meter}', which no line counts; {did_you_mean(shape.meter, meters)}"
            problems.add(shape.line("meter"), found)
        reading = Reading(shape.on, shape.amount, shape.key)
        before, line = first.setdefault((shape.meter, shape.key), (reading, shape.line()))
        if before is reading:
            yield BookReading(shape.meter, reading)
        elif before != reading:
            problems.add(
                shape.line("key"),
                f"found the reading '{shape.key}' of {shape.meter} as {said(reading)}, and before as {said(before)} "
                f"(line {line}); expected each key once",
            )


def said(reading: Reading) -> str:
    """A reading in a message."""
    return f"{plain(reading.amount)} on {reading.on}"
