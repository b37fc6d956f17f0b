"""Text with a delimiter, whatever program wrote it, as records with their lines."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from billing.errors import WrongInput

_DELIMITERS = (",", ";", "\t")
_LONGEST_SHOWN = 20
# A line for Excel before the header, perhaps filled up to the width of the table by a program that didn't know it.
_TOLD = re.compile(r"""\s*"?sep=(?P<what>[^"\r\n]*)"?(\r\n|\r|\n|\Z)""", re.IGNORECASE)


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
        # Whoever marks a text that has its mark already leaves one before the first column's name.
        return text.lstrip("\ufeff")
    raise TextIsUnreadable(1, "the file is not readable text; expected UTF-8, Windows-1252 or UTF-16 with its mark")


def delimiter_of(text: str) -> str:
    """What a first line such as `sep=;` says, else what the first one has most of: commas, semicolons or tabs.

    Raises:
        TextIsUnreadable: it says something else than one of these.

    """
    told = _TOLD.match(text)
    if told is None:
        first = next((line for line in io.StringIO(text) if line.strip()), "")
        return max(_DELIMITERS, key=first.count)
    said: str = told["what"]
    if len(set(said)) != 1 or said[0] not in _DELIMITERS:
        what = f"'sep={said[:_LONGEST_SHOWN]}' says how the cells are separated; expected sep=, or sep=; or a tab"
        raise TextIsUnreadable(1, what)
    return said[0]


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record that isn't blank, with the line on which it begins; a first line such as `sep=;` is none.

    Raises:
        TextIsUnreadable: the quotation marks don't match.

    """
    told = _TOLD.match(text)
    start = told.end() if told else 0
    reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=delimiter, strict=True)
    before = len(text[:start].splitlines())
    while True:
        line = before + reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as problem:
            raise TextIsUnreadable(line, f"the quotation marks don't match ({problem})") from problem
        if record is None:
            return
        if any(cell.strip() for cell in record):
            yield line, record
