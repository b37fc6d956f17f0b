"""From shapes to what meters read: each reading once, and none that no line bills unless the book says so."""

from collections.abc import Iterator, Sequence

from billing.agreement import Terms
from billing.money import plain
from billing.quantities import Reading
from connectors.books.client_shapes import ReadingShape
from connectors.books.problems import Problems
from connectors.books.shape import did_you_mean
from connectors.books.values import BookReading
from rosters.effects import uncovered


def usage_of(shapes: Sequence[ReadingShape], meters: Sequence[str], problems: Problems) -> Iterator[BookReading]:
    """The readings in the file's order; one that stands there twice counts once, two of one key are refused."""
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
                f"({problems.said(line)}); expected each key once",
            )


def check_days(shapes: Sequence[ReadingShape], terms: Terms, problems: Problems) -> None:
    """Notes every reading that would silently never be billed, and every one that is said not to be and is."""
    for shape in shapes:
        reading = Reading(shape.on, shape.amount, shape.key)
        left_out = any(uncovered(terms, {shape.meter: (reading,)}))
        if left_out and not shape.unbilled:
            problems.add(
                shape.line("on"),
                f"found a reading of {shape.meter} on {shape.on}, a day that no line counting it covers; "
                "expected a line with that day, or unbilled: true if nobody is to pay for it",
            )
        elif shape.unbilled and not left_out:
            problems.add(
                shape.line("unbilled"),
                f"found unbilled: true for {shape.meter} on {shape.on}, a day that a line counting it covers; "
                "leave out unbilled, since that line bills it",
            )


def said(reading: Reading) -> str:
    """A reading in a message."""
    return f"{plain(reading.amount)} on {reading.on}"
