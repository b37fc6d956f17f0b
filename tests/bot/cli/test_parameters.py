from datetime import date

import pytest
import typer

from bot.cli.parameters import a_date, items_left_out, some_text


def test_a_date_is_read_as_iso_writes_it() -> None:
    assert a_date("2027-05-01") == date(2027, 5, 1)


@pytest.mark.parametrize(
    "text", ["may", "1.5.2027", "20270501", "2027-W18-6", "2027-5-1", "", "\u0662\u0660\u0662\u0667-05-01"]
)
def test_another_form_is_refused_with_the_form_that_is_expected(text: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"is not a date: expected YYYY-MM-DD, such as 2027-05-01\.$"):
        a_date(text)


def test_a_day_that_no_calendar_has_is_refused_as_such() -> None:
    with pytest.raises(typer.BadParameter, match="2027-02-29 is not a day of the calendar"):
        a_date("2027-02-29")


def test_items_may_be_repeated_or_listed() -> None:
    assert items_left_out(["1,3", "4"]) == {1: "", 3: "", 4: ""}


def test_no_items_are_none() -> None:
    assert items_left_out(None) == {}


def test_an_item_may_have_a_reason_of_its_own() -> None:
    assert items_left_out(["1=A trainee, until May", "3 4", "5=x=y"]) == {
        1: "A trainee, until May",
        3: "",
        4: "",
        5: "x=y",
    }


@pytest.mark.parametrize("text", ["ann", "-1", "1.5"])
def test_an_item_is_a_number(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not the number of an item"):
        items_left_out([text])


def test_a_reason_of_blanks_is_none() -> None:
    with pytest.raises(typer.BadParameter):
        some_text("  ")


def test_a_name_is_kept_on_one_line() -> None:
    assert some_text(" Dana\n Doe ") == "Dana Doe"
