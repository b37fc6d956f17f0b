"""A document as one HTML page that needs nothing from elsewhere."""

from pathlib import Path

from documents.document import Document
from documents.presentation import Working, present

_TEMPLATES = Path(__file__).with_name("templates")


def as_html(document: Document, sources: tuple[Working, ...] = ()) -> str:
    """The page: for a phone and a desk, by day and by night; every text in it is escaped."""
    # The engine is loaded when it is used, so that starting the bot doesn't wait for it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - see above

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("invoice.html.jinja").render(doc=present(document, sources))
