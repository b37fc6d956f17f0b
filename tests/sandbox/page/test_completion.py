"""What the message box offers for what was typed so far."""

from datetime import date

import pytest

from bot.parsing import USAGES
from sandbox.page.backstage import Client
from sandbox.page.completion import commands, complete

CLIENTS = (Client("acme", "Acme Corp", "C0ACME"), Client("birch", "Birch Dental", None), Client("cedar", "Cedar", None))
FEBRUARY = date(2027, 2, 1)


def words(line: str) -> list[str]:
    return [suggestion.word for suggestion in complete(line, CLIENTS, FEBRUARY)]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("/inv", ["/invoice"]),
        ("/invoice ", ["acme", "birch", "cedar"]),
        ("/invoice b", ["birch"]),
        ("/invoice dent", ["birch"]),
        ("/invoice acme h", ["history"]),
        ("/invoice acme x", ["xlsx"]),
        ("/users acme x", ["xlsx"]),
        ("/changes acme ", ["xlsx"]),
        ("/reconcile x", ["xlsx"]),
        ("/invoice acme preview ", ["2027-02-01", "xlsx"]),
        ("/invoice acme preview 2027-02-01 ", ["xlsx"]),
        ("/users acme w", ["why"]),
        ("/run 2027-02-01 ", ["start", "status", "approve", "issue", "abandon", "xlsx"]),
        ("/run 2027-02-01 st", ["start", "status"]),
        ("/rollcall invoice ce", ["cedar"]),
        ("/rollcall st", ["status"]),
        ("/cl", ["/client"]),
        ("/client b", ["birch"]),
        ("/client ad", ["add"]),
    ],
)
def test_the_next_word_is_offered(line: str, offered: list[str]) -> None:
    assert words(line) == offered


@pytest.mark.parametrize("line", ["", "hello", "/nothing ", "/invoice acme history more ", "/invoice nobody-at-all-x"])
def test_nothing_is_offered_where_nothing_fits(line: str) -> None:
    assert words(line) == []


def test_every_command_is_offered_for_a_slash() -> None:
    assert words("/") == commands()
    assert set(commands()) == {usage.split()[0] for usage, _ in USAGES}


def test_what_is_taken_becomes_the_whole_line() -> None:
    (suggestion,) = complete("/rollcall invoice ac", CLIENTS, FEBRUARY)
    assert suggestion.line == "/rollcall invoice acme "


def test_a_word_that_stands_there_already_is_not_offered() -> None:
    assert "acme" not in words("/invoice acme")


def test_a_client_is_explained_by_its_name_and_a_command_by_its_use() -> None:
    assert complete("/users bi", CLIENTS, None)[0].hint == "Birch Dental"
    assert "<client> preview [date]" in complete("/invoi", CLIENTS, None)[0].hint
