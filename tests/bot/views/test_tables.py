"""Tables: what Slack takes of them, and that whatever is left out is told."""

import pytest

from bot.message import Json
from bot.views import limits, tables
from bot.views.fitting import Body
from bot.views.surfaces import extended, message, said
from sandbox.workspace.blockkit.judge import is_too_long, message_faults
from tests.bot.views.samples import HOSTILE


def texts(block: Json) -> list[list[str]]:
    return [[cell["text"] for cell in row] for row in block["rows"]]


def some(rows: int, columns: int, cell: str = "42") -> list[list[str]]:
    return [["name"] * columns, *[[cell] * columns for _ in range(rows - 1)]]


def test_names_stand_to_the_left_and_numbers_to_the_right() -> None:
    block = tables.table([["month", "full"], ["May 2027", "42"]])
    assert texts(block) == [["month", "full"], ["May 2027", "42"]]
    assert block["column_settings"] == [{"align": "left"}, {"align": "right"}]


@pytest.mark.parametrize(
    ("rows", "columns", "cell"),
    [
        (1, 1, "x"),
        (100, 3, "42"),
        (101, 3, "42"),
        (5000, 30, "x" * 500),
        (13, 20, "\N{GRINNING FACE}" * 200),
        (50, 20, ""),
    ],
)
def test_slack_takes_a_table_of_any_size(rows: int, columns: int, cell: str) -> None:
    block = tables.table(some(rows, columns, cell))
    assert message_faults([block]) == []
    assert not is_too_long([block])


def test_rows_that_there_is_no_room_for_are_counted_in_the_last_one() -> None:
    assert len(tables.table(some(100, 3))["rows"]) == 100
    cut = texts(tables.table(some(250, 3)))
    assert len(cut) == 100
    assert cut[-1] == ["\N{HORIZONTAL ELLIPSIS} and 151 more", "\N{EN DASH}", "\N{EN DASH}"]
    wide = texts(tables.table(some(90, 20, "x" * 70)))
    assert wide[-1][0] == f"\N{HORIZONTAL ELLIPSIS} and {90 - (len(wide) - 1)} more"


def test_a_hostile_name_is_shown_as_it_is_and_turns_no_writing() -> None:
    shown = texts(tables.table([["name"], *([name] for name in HOSTILE)]))
    assert not [cell for (cell,) in shown if "\u202e" in cell or not cell.strip()]


def test_the_same_as_text_has_columns_of_equal_width() -> None:
    block = tables.preformatted([["month", "full"], ["May 2027", "42"]])
    assert block["elements"][0]["elements"][0]["text"] == "month     full\nMay 2027    42"


def test_a_block_that_is_added_to_a_message_stands_below_both_of_its_forms() -> None:
    table = tables.table(some(2, 2))
    made = message("A table", Body((table,)), plainer=Body((said("Text").blocks[0],)))
    more = extended(made, {"type": "divider"})
    assert [block["type"] for block in more.blocks] == ["table", "divider"]
    assert [block["type"] for block in more.plainer] == ["section", "divider"]
    assert extended(said("Text"), {"type": "divider"}).plainer == ()


def test_room_for_a_table_is_within_what_slack_takes() -> None:
    assert limits.TABLE <= 10_000
