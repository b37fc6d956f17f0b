"""A document as PDF, set by typst with the font that we ship, and with the machine's fonts for signs that it lacks."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

from documents.document import Document
from documents.presentation import Presentation, Working, present
from documents.quotes import QuotePaper, present_quote

FONTS = Path(__file__).with_name("fonts")
_TEMPLATE = Path(__file__).with_name("templates") / "invoice.typ"


def as_pdf(document: Document, sources: tuple[Working, ...] = ()) -> bytes:
    """The bytes of an invoice's or credit note's file, with a page on its sources where there are any."""
    return _set_in_type(present(document, sources), document.issued_on or document.draft.bill_date)


def quote_as_pdf(paper: QuotePaper) -> bytes:
    """The bytes of a quote's file, to be sent to the client."""
    return _set_in_type(present_quote(paper), paper.quoted_on)


def _set_in_type(presentation: Presentation, on: date) -> bytes:
    """The bytes of the file: the same for the same strings and day, PDF/A-3b wherever a font has every sign of it.

    Values reach the template as data, so that markup in a name stays text. Only a document with a sign that our font
    lacks, such as a Chinese name, is set again with the fonts of this machine beside ours. A sign that no font has
    prints as a box; PDF/A forbids that, so such a document is plain PDF.
    """
    # The engine is loaded when it is used, so that starting the bot doesn't wait for it.
    from typst import TypstError  # noqa: PLC0415 - see above

    content = json.dumps(asdict(presentation) | {"counted": presentation.counted})
    written_on = datetime.combine(on, time(), tzinfo=UTC)
    for with_system_fonts in (False, True):
        try:
            return _compiled(content, written_on, "a-3b", with_system_fonts=with_system_fonts)
        except TypstError:
            continue
    return _compiled(content, written_on, "1.7", with_system_fonts=True)


def _compiled(
    content: str, written_on: datetime, standard: Literal["a-3b", "1.7"], *, with_system_fonts: bool
) -> bytes:
    from typst import Compiler, Fonts  # noqa: PLC0415 - loaded when used, as above

    compiler = Compiler(
        input=_TEMPLATE.read_bytes(),
        font_paths=Fonts(include_system_fonts=with_system_fonts, font_paths=[FONTS]),
        ignore_system_fonts=not with_system_fonts,
        sys_inputs={"document": content},
    )
    pdf = compiler.compile(format="pdf", pdf_standards=standard, timestamp=written_on)
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave pages instead of one file.")
    return pdf
