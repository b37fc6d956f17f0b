import pytest

from bot.cli.printing import WIDTH, Column, complain, few, in_columns, paragraph, table

COLUMNS = (Column("amount", right=True), Column("name"))


def test_figures_stand_on_the_right_and_words_on_the_left() -> None:
    assert table(COLUMNS, [("$1.00", "Ann"), ("$1,000.00", "Bo")]) == [
        "   amount  name",
        "    $1.00  Ann",
        "$1,000.00  Bo",
    ]


def test_a_table_without_headings_has_no_row_for_them() -> None:
    assert table((Column(""), Column("")), [("Due", "today")]) == ["Due  today"]


@pytest.mark.parametrize("name", ["x" * 200, "many words " * 20, "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 60])
def test_a_long_name_is_wrapped_below_itself_within_the_width(name: str) -> None:
    lines = table(COLUMNS, [("$1.00", name)], "  ")
    places = [sum(2 if sign > "\u2e80" else 1 for sign in line) for line in lines]
    assert max(places) <= WIDTH
    assert "".join("".join(lines[1:]).split()) == "$1.00" + "".join(name.split())


def test_signs_of_double_width_keep_the_next_column_in_line() -> None:
    lines = table((Column("name"), Column("state")), [("\N{CJK UNIFIED IDEOGRAPH-4E00}" * 2, "on"), ("abcd", "on")])
    assert lines[1:] == ["\N{CJK UNIFIED IDEOGRAPH-4E00}" * 2 + "  on", "abcd  on"]


def test_a_figure_is_never_broken() -> None:
    assert table(COLUMNS, [("9" * 90, "Ann Ames and others")])[1].startswith("9" * 90)


@pytest.mark.parametrize("name", ["\x1b[2J\x1b]0;owned\x07Ann", "Ann\nrollcall: done", "\u202eAnn"])
def test_a_name_cannot_steer_the_terminal(name: str) -> None:
    printed = "\n".join(table(COLUMNS, [("$1.00", name)]) + paragraph(name))
    assert printed.count("\n") == 2
    assert not [sign for sign in printed if sign != "\n" and not sign.isprintable()]


def test_an_error_begins_with_the_name_of_the_program_and_steers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    complain("No client is called \x1b[31mx.")
    assert capsys.readouterr().err == "rollcall: No client is called [31mx.\n"


def test_a_book_with_several_errors_keeps_a_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    complain("book.yaml:1: one\nbook.yaml:2: two")
    assert capsys.readouterr().err == "rollcall: book.yaml:1: one\nbook.yaml:2: two\n"


def test_short_names_stand_side_by_side_and_are_read_downwards() -> None:
    names = [f"Person number {number:02}" for number in range(1, 10)]
    assert in_columns(names, "  ") == [
        "  Person number 01  Person number 04  Person number 07",
        "  Person number 02  Person number 05  Person number 08",
        "  Person number 03  Person number 06  Person number 09",
    ]


@pytest.mark.parametrize("number", range(1, 12))
def test_no_name_is_lost_between_the_columns(number: int) -> None:
    names = [f"Person-{place}" for place in range(number)]
    assert sorted(" ".join(in_columns(names)).split()) == sorted(names)


def test_one_long_name_puts_all_of_them_below_each_other() -> None:
    assert in_columns(["Ann", "x" * 70, "Bo"]) == ["Ann", "x" * 70, "Bo"]


def test_of_many_words_the_first_few_are_said() -> None:
    assert few(("birch", "cedar")) == "birch, cedar"
    assert few([str(number) for number in range(1, 14)]) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 3 more"
