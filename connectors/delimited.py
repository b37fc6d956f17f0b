"""Text with a delimiter, whatever program wrote it, as records with their lines."""

import codecs
import csv
import io
from collections.abc import Iterator

from billing.errors import WrongInput

_DELIMITERS = (",", ";", "\t")


class TextIsUnreadable(WrongInput):
    """These bytes are no text, or its quotation marks don't match; `line` is where."""

    def __init__(self, line: int, what: str) -> None:
        """What is wrong, without a full stop."""
        super().__init__(what)
        self.line = line


def decoded(data: bytes) -> str:
    """Excel and the admin centre write UTF-8 with a mark, UTF-16 or the Western Windows code page.

    Raises:
        TextIsUnreadable: it is none of them.

    """
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise TextIsUnreadable(1, "the file is not readable text; expected UTF-8, UTF-16 or Windows-1252")


def delimiter_of(text: str) -> str:
    """What the first line that isn't blank has most of: commas, semicolons or tabs."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(_DELIMITERS, key=first.count)


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record that isn't blank, with the line on which it begins.

    Raises:
        TextIsUnreadable: the quotation marks don't match.

    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as problem:
            raise TextIsUnreadable(line, f"the quotation marks don't match ({problem})") from problem
        if record is None:
            return
        if any(cell.strip() for cell in record):
            yield line, record
