"""Whatever is in the file, the answer is a book or one refusal, never a traceback."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.books.problems import BookIsWrong
from connectors.books.reader import read_book

EXAMPLE = (Path(__file__).parent / "example.yaml").read_text(encoding="utf-8")
PIECES = (
    *(
        "",
        " ",
        "\t",
        "\n",
        "  ",
        ":",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "#",
        "&a ",
        "*a",
        "<<: ",
        "!x ",
        "? ",
        "---\n",
    ),
    *("null", "[]", "{}", "[[1]]", "{a: {b: c}}", "true", "1", "-1", "1.5", ".nan", "2027-02-30", "9" * 30, "\ud800"),
    *("from", "price", "model", "tiers", "roster", "reason", "clients", "\x00", "\u2028", "é", "\U0001f600"),
)


def told(content: bytes) -> str:
    """The refusal of a file, or nothing when it is a book."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "book.yaml"
        file.write_bytes(content)
        try:
            read_book(file)
        except BookIsWrong as refusal:
            return str(refusal).replace(str(file), "book.yaml")
        return ""


@pytest.mark.property
@given(content=st.binary(max_size=200))
def test_any_bytes_are_answered(content: bytes) -> None:
    assert told(content).startswith("book.yaml:")


@pytest.mark.property
@given(
    start=st.integers(0, len(EXAMPLE)),
    length=st.integers(0, 30),
    piece=st.sampled_from(PIECES) | st.text(max_size=10),
)
def test_an_example_with_any_piece_replaced_is_answered(start: int, length: int, piece: str) -> None:
    text = EXAMPLE[:start] + piece + EXAMPLE[start + length :]
    answer = told(text.encode(errors="surrogatepass"))
    assert answer == "" or answer.startswith("book.yaml:")


@pytest.mark.property
@given(value=st.sampled_from(PIECES), index=st.integers(0, EXAMPLE.count(": ") - 1))
def test_an_example_with_any_value_replaced_is_answered(value: str, index: int) -> None:
    parts = EXAMPLE.split(": ")
    end = min((parts[index + 1].find(stop) for stop in ",}\n" if stop in parts[index + 1]), default=0)
    parts[index + 1] = value + parts[index + 1][end:]
    answer = told(": ".join(parts).encode(errors="surrogatepass"))
    assert answer == "" or answer.startswith("book.yaml:")
