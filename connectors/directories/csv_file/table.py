"""A CSV file as rows under a header, whatever program wrote it; anything doubtful is refused with its line."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import Cause, DirectoryNotRead

_DELIMITERS = (",", ";", "\t")
_LARGEST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line on which it begins, and its cells by folded column name."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The folded column names (as compared: trimmed, without case) and the text below them."""

    path: Path
    columns: tuple[str, ...]
    text: str
    delimiter: str

    def rows(self) -> Iterator[Row]:
        """Every record below the header; blank lines are skipped, a record of another length is refused."""
        records = _records(self.path, self.text, self.delimiter)
        next(records)
        for line, record in records:
            if len(record) != len(self.columns):
                what = f"{len(record)} cells under a header of {len(self.columns)}"
                raise refused(self.path, line, f"{what}; expected one cell for each column")
            yield Row(line, dict(zip(self.columns, (cell.strip() for cell in record), strict=True)))


def read_table(path: Path) -> Table:
    """The table in a file; raises `DirectoryNotRead` when there is no file, no header or no readable text."""
    text = _decode(path, _bytes(path))
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    line, header = next(_records(path, text, delimiter), (1, []))
    columns = tuple(fold(name) for name in header)
    if not any(columns):
        raise refused(path, line, "the file is empty; expected a header row and a row for each account")
    for name in columns:
        if name and columns.count(name) > 1:
            raise refused(path, line, f"the column '{name}' appears twice; expected each column once")
    return Table(path, columns, text, delimiter)


def fold(name: str) -> str:
    """A column's name as it is compared."""
    return name.strip().casefold()


def refused(path: Path, line: int, what: str) -> DirectoryNotRead:
    """The error for a file that can't be used, with the place and what was expected there."""
    return DirectoryNotRead(Cause.MALFORMED, f"{path}, line {line}: {what}. Nothing was read from this file.")


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            message = f"{path} is larger than {_LARGEST_BYTES // 1024 // 1024} MB; expected a list of accounts."
            raise DirectoryNotRead(Cause.MALFORMED, message)
        return path.read_bytes()
    except FileNotFoundError as problem:
        message = f"There is no file {path}. Save the export there, or correct the directory's `path` in the book."
        raise DirectoryNotRead(Cause.NOT_FOUND, message) from problem
    except OSError as problem:
        message = (
            f"The file {path} can't be read ({problem.strerror}). Check its permissions, or the `path` in the book."
        )
        raise DirectoryNotRead(Cause.FORBIDDEN, message) from problem


def _decode(path: Path, data: bytes) -> str:
    """Excel and the admin centre write UTF-8 with a mark, UTF-16 or the Western Windows code page."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise refused(path, 1, "the file is not readable text; expected UTF-8, UTF-16 or Windows-1252")


def _records(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as problem:
            raise refused(path, line, f"the quotation marks don't match ({problem})") from problem
        if record is None:
            return
        if any(cell.strip() for cell in record):
            yield line, record
