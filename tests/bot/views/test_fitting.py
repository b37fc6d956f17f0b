"""What there is no room for is cut visibly, counted, and not even made."""

from collections.abc import Iterator

import pytest

from bot.message import Json
from bot.views import limits, parts
from bot.views.fitting import IN_A_MESSAGE, Body, Piece, Room, fitted
from bot.views.house import Choice, picker
from bot.views.surfaces import message
from tests.bot.views.outside import texts_of
from tests.support.referees import faults


@pytest.mark.parametrize(
    ("things", "most", "text"),
    [
        ((), 20, ""),
        (("Ann", "Bo"), 20, "Ann, Bo"),
        (("Ann", "Bo", "Cy"), 11, "Ann, Bo, Cy"),
        (("Ann", "Bo", "Cy", "Dee Dee"), 15, "Ann, and 3 more"),
        (("Ann",) * 5000, 22, "Ann, and 4,999 more"),
        (("Annabel Ames", "Bo Brown"), 20, "Annabel…, and 1 more"),
        (("Annabel Ames of Acme",), 12, "Annabel Ame…"),
    ],
)
def test_a_list_says_how_many_there_was_no_room_for(things: tuple[str, ...], most: int, text: str) -> None:
    assert limits.listed(things, most) == text


def test_a_list_puts_into_words_only_what_it_shows() -> None:
    asked: list[int] = []

    def show(number: int) -> str:
        asked.append(number)
        return f"{number:04}"

    assert limits.listed(range(10_000), 30, show=show) == "0000, 0001, and 9,998 more"
    assert len(asked) < 10


def test_pieces_keep_the_order_and_count_what_is_in_them() -> None:
    assert list(limits.pieces(("Ann", "Bo", "Cy", "Annabel Ames"), 8)) == [("Ann, Bo", 2), ("Cy", 1), ("Annabel…", 1)]


def _pieces(made: list[int]) -> Iterator[Piece]:
    for number in range(10_000):
        made.append(number)
        yield Piece((parts.paragraph(f"Person {number}"), parts.divider()))


def test_what_is_in_the_middle_is_cut_in_whole_pieces_and_the_end_stays() -> None:
    made: list[int] = []
    body = Body((parts.header("People"),), _pieces(made), (parts.small("The end"),), 10_000, "rollcall lists all")
    shown = message("People", body)
    blocks = shown.blocks
    assert faults(shown) == []
    assert len(blocks) <= limits.BLOCKS
    assert blocks[-3] == parts.divider()
    assert list(texts_of(blocks))[-2:] == ["… and 9,977 more: rollcall lists all.", "The end"]
    assert len(made) < 30


def test_what_may_not_be_left_out_is_shortened_the_longest_first() -> None:
    fixed = (*(parts.paragraph("x" * 3000) for _ in range(5)), parts.paragraph("Short"))
    blocks = fitted(Body(fixed), IN_A_MESSAGE)
    assert IN_A_MESSAGE.takes(blocks)
    assert [block["type"] for block in blocks] == ["section"] * 6
    assert list(texts_of(blocks))[-1] == "Short"


def test_at_the_worst_the_last_blocks_are_lost() -> None:
    sixty: list[Json] = [parts.paragraph(str(number)) for number in range(60)]
    assert list(texts_of(fitted(Body(sixty), IN_A_MESSAGE))) == [str(number) for number in range(49)]
    assert fitted(Body(sixty), Room(0, 0)) == ()


def test_a_menu_of_long_names_keeps_within_a_message_and_says_how_many_it_leaves_out() -> None:
    line = "users client".ljust(limits.OPTION_VALUE, "x")
    shown = picker("client", [Choice("N" * 200, "client", line)] * 300)
    assert faults(shown) == []
    offered = len(shown.blocks[1]["elements"][0]["options"])
    assert offered > 30
    assert f"and {300 - offered} more: type more of the name." in str(shown.blocks)


def test_a_line_that_a_menu_has_no_room_for_is_left_out_and_never_cut() -> None:
    shown = picker("client", [Choice("Acme", "acme", "u" * 151), Choice("Globex", "globex", "users globex")])
    assert [option["value"] for option in shown.blocks[1]["elements"][0]["options"]] == ["users globex"]
    assert [block["type"] for block in picker("client", [Choice("Acme", "acme", "u" * 151)]).blocks] == [
        "section",
        "context",
    ]
