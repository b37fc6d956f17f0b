"""Which files a browser shows, and as what; what a bot uploads is never run."""

import pytest

from sandbox.page.files import served
from sandbox.workspace.model import File


def file(name: str, content: bytes | None) -> File:
    return File("F1", name, len(content or b""), content)


def test_a_pdf_is_shown_in_the_browser() -> None:
    response = served(file("NW-1.pdf", b"%PDF-1.7 ..."))
    assert response.media_type == "application/pdf"
    assert response.headers["content-disposition"] == "inline; filename*=UTF-8''NW-1.pdf"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg onload='alert(1)'/>"),
        ("invoice.pdf", b"<script>alert(1)</script>"),
        ("picture.png", b"<script>alert(1)</script>"),
        ("nothing", b"plain"),
    ],
)
def test_what_is_not_certainly_harmless_is_only_kept(name: str, content: bytes) -> None:
    response = served(file(name, content))
    assert response.media_type == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in response.headers["content-security-policy"]


def test_a_table_is_shown_as_plain_text() -> None:
    response = served(file("users.csv", b"<b>name</b>,mail"))
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_name_cannot_add_a_header() -> None:
    response = served(file('a"\r\nSet-Cookie: x=1;.pdf', b"%PDF-"))
    assert "set-cookie" not in response.headers
    assert "\n" not in response.headers["content-disposition"]


def test_a_file_that_has_not_arrived_is_missing() -> None:
    assert served(file("a.pdf", None)).status_code == 404
