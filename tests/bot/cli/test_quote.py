"""Worked examples told by a book alone."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine

BOOK = """
version: 1
seller: {{name: Northwind IT, address: [1 Main St], country: US}}
clients:
  - slug: acme
    name: Acme Corp
    currency: USD
    timezone: America/New_York
    locale: en_US
    agreements:
      - name: Managed services
        start: {start}
        cycle: {{months: 1, anchor: 2027-06-01}}
        timing: advance
        lines:
          - name: everything
            text: Everything
            price:
              - {{model: flat, amount: "10000"}}
              - {{from: 2027-06-11, known: {known}, model: flat, amount: "11000"}}
  - slug: globex
    name: Globex
    currency: USD
    timezone: America/New_York
    locale: en_US
    agreements: []
"""


def quoted(rollcall: CommandLine, folder: Path, *options: str, start: str, known: str) -> list[dict[str, object]]:
    (folder / "book.yaml").write_text(BOOK.format(start=start, known=known))
    ran = rollcall("quote", "book.yaml", "--through", "2027-07-01", "--json", *options)
    assert (ran.code, ran.err) == (0, "")
    documents: list[dict[str, object]] = json.loads(ran.out)
    return documents


def test_a_price_that_changes_on_a_date_is_billed_by_days_once_it_is_known(
    rollcall: CommandLine, tmp_path: Path
) -> None:
    documents = quoted(rollcall, tmp_path, start="2027-06-01", known="2027-06-20")
    assert [document["total"] for document in documents] == ["10000.00", "11666.67"]


def test_a_price_that_is_known_before_is_billed_by_days_at_once(rollcall: CommandLine, tmp_path: Path) -> None:
    documents = quoted(rollcall, tmp_path, start="2027-06-01", known="2027-05-01")
    assert [document["total"] for document in documents] == ["10666.67", "11000.00"]


def test_a_start_in_mid_cycle_is_billed_with_the_first_whole_one(rollcall: CommandLine, tmp_path: Path) -> None:
    documents = quoted(rollcall, tmp_path, start="2027-06-21", known="2027-05-01")
    assert [document["total"] for document in documents] == ["14666.67"]


def test_a_client_without_an_agreement_is_quoted_nothing(rollcall: CommandLine, tmp_path: Path) -> None:
    assert quoted(rollcall, tmp_path, "--client", "globex", start="2027-06-01", known="2027-05-01") == []


@pytest.mark.parametrize("today", ["2027-06-01", "2027-06-30"])
def test_without_a_day_the_quote_ends_with_the_business_date(
    today: str, rollcall: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book.yaml").write_text(BOOK.format(start="2027-06-01", known="2027-05-01"))
    monkeypatch.setenv("ROLLCALL_TODAY", today)
    assert len(json.loads(rollcall("quote", "book.yaml", "--json").out)) == 1


def test_a_client_that_is_not_in_the_book_is_answered_with_those_that_are(
    rollcall: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "book.yaml").write_text(BOOK.format(start="2027-06-01", known="2027-05-01"))
    ran = rollcall("quote", "book.yaml", "--client", "initech")
    assert ran.code == 2
    assert "acme, globex" in ran.err


def test_a_quote_reads_like_an_invoice(rollcall: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(BOOK.format(start="2027-06-01", known="2027-06-20"))
    ran = rollcall("quote", "book.yaml", "--client", "acme", "--through", "2027-07-01")
    assert "$11,666.67" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_nothing_to_bill_is_said_in_a_sentence(rollcall: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(BOOK.format(start="2027-06-01", known="2027-06-20"))
    ran = rollcall("quote", "book.yaml", "--through", "2027-01-01")
    said = " ".join(ran.out.split())
    assert (ran.code, said[:72]) == (0, "The book bills nothing through 2027-01-01; --through DATE looks further.")
    assert "a roster without any has nobody" in said


@pytest.mark.parametrize("made", ["missing", "folder", "garbage", "empty"])
def test_what_is_no_book_is_refused_in_a_sentence(made: str, rollcall: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "book.yaml"
    if made == "folder":
        file.mkdir()
    elif made != "missing":
        file.write_bytes(b"\x00\xff\xfe\x9c" if made == "garbage" else b"")
    ran = rollcall("quote", "book.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("rollcall: ")
    assert "book.yaml" in ran.err
