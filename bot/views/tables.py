"""Tables: Slack's own block, and the same in letters of equal width, for where Slack doesn't take the block."""

from collections.abc import Sequence

from slack_sdk.models.blocks import RawTextObject, TableBlock

from bot.message import Json
from bot.views import limits, parts

_BETWEEN = "  "
_TO_THE_RIGHT = {"align": "right"}

Rows = Sequence[Sequence[str]]


def table(rows: Rows, names: int = 1) -> Json:
    """Slack's table of rows of equal length, the headings first: so many `names` to the left, numbers to the right.

    Where there is no room for all rows, a last one says how many more there are.
    """
    columns = min(len(rows[0]), limits.TABLE_COLUMNS)
    cells, room = [], limits.TABLE
    for row in rows[: limits.TABLE_ROWS]:
        cells.append(_cells(row[:columns]))
        room -= limits.length(cells[-1])
        if room < 0:
            break
    whole = room >= 0 and len(cells) == len(rows)
    while not whole and (room < limits.QUARTER or len(cells) == limits.TABLE_ROWS):
        room += limits.length(cells.pop())
    if not whole:
        more = f"\N{HORIZONTAL ELLIPSIS} and {len(rows) - len(cells):,} more"
        cells.append(_cells((more, *[""] * (columns - 1))))
    settings = [*[{"align": "left"}] * min(names, columns), *[_TO_THE_RIGHT] * (columns - names)]
    return TableBlock(rows=cells, column_settings=settings).to_dict()


def preformatted(rows: Rows) -> Json:
    """The same as lines of text."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    aligned = (_BETWEEN.join(_aligned(place, cell, widths) for place, cell in enumerate(row)) for row in rows)
    return parts.preformatted(list(aligned))


def columns_as_text() -> int:
    """How many columns of a name each there is room for in lines of text."""
    return limits.TABLE_WIDTH // (limits.COLUMN + len(_BETWEEN))


def _cells(row: Sequence[str]) -> list[Json]:
    """Cells of plain text; a dash stands in an empty one, which Slack would refuse."""
    return [RawTextObject(text=parts.readable(cell, limits.NAME)).to_dict() for cell in row]


def _aligned(place: int, cell: str, widths: Sequence[int]) -> str:
    return cell.rjust(widths[place]) if place else cell.ljust(widths[place])
