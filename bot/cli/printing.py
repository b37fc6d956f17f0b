"""Plain text for a terminal of 80 columns: tables and paragraphs, without colours and without control characters."""

import json
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import typer

WIDTH = 80
_GAP = "  "
_NARROWEST = 12
_FEW = 10


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and on which side its cells stand."""

    heading: str
    right: bool = False


def say(*lines: str) -> None:
    """Prints lines."""
    for line in lines:
        typer.echo(line)


def say_json(document: object) -> None:
    """Prints the one JSON document of a command."""
    typer.echo(json_text(document))


def json_text(document: object) -> str:
    """JSON as a person can read it too."""
    return json.dumps(document, indent=2, ensure_ascii=False)


def complain(message: str) -> None:
    """Prints an error; what a client's directory put into it can't steer the terminal."""
    text = "\n".join(clean(line) for line in message.splitlines() if line.strip())
    typer.echo(f"rollcall: {text}", err=True)


def clean(text: str) -> str:
    """A text from outside on one line, without signs that steer a terminal or turn the direction of writing."""
    # babel, behind this function, is slow to load, and --help prints nothing from outside.
    from documents.format import one_line

    return one_line(text)


def paragraph(text: str, indent: str = "") -> list[str]:
    """A text wrapped to the width of the terminal."""
    return textwrap.wrap(clean(text), WIDTH, initial_indent=indent, subsequent_indent=indent)


def few(words: Sequence[str]) -> str:
    """The first few of many words, and how many more there are."""
    more = len(words) - _FEW
    return ", ".join(words[:_FEW]) + (f" and {more} more" if more > 0 else "")


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], indent: str = "") -> list[str]:
    """A table; where it would be too wide, the cells of its widest columns are wrapped."""
    cells = [[clean(cell) for cell in row] for row in rows]
    headed = [[column.heading for column in columns], *cells] if any(column.heading for column in columns) else cells
    widths = _widths(columns, headed, WIDTH - len(indent))
    return [line for row in headed for line in _row(columns, row, widths, indent)]


def in_columns(texts: Sequence[str], indent: str = "") -> list[str]:
    """Short texts side by side, to be read downwards; a long one makes all of them stand below each other."""
    cleaned = [clean(text) for text in texts]
    widest = max(map(_width, cleaned), default=0)
    beside = max((WIDTH - len(indent) + len(_GAP)) // (widest + len(_GAP)), 1)
    if beside == 1:
        return [line for text in cleaned for line in paragraph(text, indent)]
    height = -(-len(cleaned) // beside)
    rows = [cleaned[start::height] for start in range(height)]
    return [(indent + _GAP.join(cell + " " * (widest - _width(cell)) for cell in row)).rstrip() for row in rows]


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    widths = [max((_width(row[index]) for row in rows), default=0) for index in range(len(columns))]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > room:
        # A figure is never broken, so only the columns of words give way.
        widest = max(
            (index for index, column in enumerate(columns) if not column.right), key=lambda index: widths[index]
        )
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _row(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], indent: str) -> list[str]:
    wrapped = [[cell] if column.right else _wrapped(cell, width) for column, cell, width in _each(columns, row, widths)]
    height = max(len(lines) for lines in wrapped)
    filled = [lines + [""] * (height - len(lines)) for lines in wrapped]
    return [
        (
            indent + _GAP.join(_padded(column, cell, width) for column, cell, width in _each(columns, line, widths))
        ).rstrip()
        for line in zip(*filled, strict=True)
    ]


def _each(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> Iterable[tuple[Column, str, int]]:
    return zip(columns, cells, widths, strict=True)


def _wrapped(cell: str, width: int) -> list[str]:
    # Signs of double width, such as Chinese, take two places each.
    signs = width if _width(cell) <= len(cell) else width * len(cell) // _width(cell)
    return textwrap.wrap(cell, max(signs, 1)) or [""]


def _padded(column: Column, cell: str, width: int) -> str:
    space = " " * (width - _width(cell))
    return space + cell if column.right else cell + space


def _width(text: str) -> int:
    return sum(_places(sign) for sign in text)


def _places(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"F", "W"} else 1
