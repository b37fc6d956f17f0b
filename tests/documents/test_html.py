import re
import subprocess
import sys
from dataclasses import replace
from html import unescape

from documents.html import as_html
from tests.documents.samples import HOSTILE, credit_note, document, draft, hostile, issued, recurring


def test_the_page_shows_amounts_names_and_parties() -> None:
    page = as_html(issued())
    for text in ("Northwind IT", "Acme Corp", "NW-000007", "$1,925.00", "$80.00", "$2,170.41", "Ola Castillo"):
        assert text in page


def test_a_preview_is_marked_and_an_invoice_is_not() -> None:
    assert ">DRAFT<" in as_html(document())
    assert "DRAFT" not in as_html(issued())


def test_markup_in_names_stays_text() -> None:
    page = as_html(hostile())
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<!channel>" not in page
    for name in HOSTILE:
        assert " ".join(name.replace("\u202e", "").split()) in unescape(page)


def test_the_page_fetches_nothing() -> None:
    for page in (as_html(issued()), as_html(hostile()), as_html(credit_note())):
        assert not re.search(r"(src|href)\s*=|url\(|@import|https?:", page)


def test_the_table_can_be_read_aloud() -> None:
    page = as_html(issued())
    assert page.count("<caption>") == 1
    assert page.count('scope="col"') == 3
    assert 'scope="row"' in page


def test_without_a_quantity_there_is_no_column_for_it() -> None:
    page = as_html(issued(draft(replace(recurring(), quantity=None))))
    assert (page.count('scope="col"'), "Quantity" in page, "colspan" in page) == (2, False, False)


def test_the_engines_are_not_loaded_before_a_document_is_made() -> None:
    code = "import sys, documents.html, documents.pdf; sys.exit(bool({'jinja2', 'typst'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
