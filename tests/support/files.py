"""Files as other programs write them."""

import io
from collections.abc import Iterable

from openpyxl import Workbook


def workbook(*rows: Iterable[object], formulas: bool = True, **others: Iterable[object]) -> bytes:
    """A workbook with these rows on its sheet `Sheet`, and one row on each of the others.

    Without `formulas`, a text that looks like one stays text, as in a program that was told so.
    """
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(list(row))
    for name, row in others.items():
        made.create_sheet(name).append(list(row))
    for cells in () if formulas else made.worksheets[0].iter_rows():
        for cell in cells:
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()
