"""A billing run in the terminal: what the search after it found, and what would hold a client in it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.cli.runs import run_text
from commands.run_cards import FindingView
from tests.bot.cli.samples import HELD, RUN
from tests.support.command_line import CommandLine

GAP = FindingView("gap", "backup", date(2027, 5, 1), date(2027, 6, 1), "Nothing is charged for backup.")
ISSUED = replace(HELD, state="issued", held=(), causes=(), number="NW-000001")
BOOK = """
version: 1
seller: {name: Northwind IT}
clients:
  - slug: acme
    name: Acme Corp
    currency: USD
    timezone: America/New_York
    agreements:
      - name: Managed services
        start: 2027-01-01
        cycle: {months: 1, anchor: 2027-01-01}
        timing: advance
        lines:
          - {name: flat, text: Flat, price: {model: flat, amount: "100.00"}}
"""


def test_what_the_search_found_is_told_with_its_client() -> None:
    assert "  acme: Nothing is charged for backup." in run_text(
        replace(RUN, clients=(replace(ISSUED, findings=(GAP,)),))
    )


def test_a_search_that_found_nothing_is_told() -> None:
    told = run_text(replace(RUN, clients=(replace(ISSUED, findings=()),)))
    assert "  Looked for what was left out or billed twice: found nothing." in told


def test_what_a_draft_catches_up_with_is_told_with_its_client() -> None:
    late = "Not billed when it was due, and on this invoice: backup, May 2027: $10.00."
    told = run_text(replace(RUN, clients=(replace(HELD, late=late),)))
    assert f"{HELD.client}: {late}" in " ".join(line.strip() for line in told)


def test_before_the_search_nothing_is_told_of_it() -> None:
    assert not any("Looked for" in line for line in run_text(replace(RUN, clients=(ISSUED,))))


def test_a_preview_warns_on_standard_error_of_what_would_hold_it(tmp_path: Path, rollcall: CommandLine) -> None:
    (tmp_path / "book.yaml").write_text(BOOK)
    rollcall("import", "book.yaml", "--apply", "--on", "2027-01-01")
    ran = rollcall("preview", "acme", "--on", "2029-01-01", "--json")
    assert ran.code == 0
    assert (
        "R19 would hold this: flat would be charged for 24 earlier periods at once, from 1 Jan 2027 on; more" in ran.err
    )
