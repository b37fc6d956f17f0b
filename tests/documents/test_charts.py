"""The chart of head counts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image

from billing.quantities import Step
from documents.charts import Chart, Curve, as_png, draw
from documents.drawing import Label, apart, cut, round_step
from documents.format import Format

START, TODAY = date(2026, 5, 1), date(2027, 4, 11)
AMERICAN = Format("en_US", "USD")
GROWTH = Curve("full", (Step(START, Decimal(38)), Step(date(2026, 11, 9), Decimal(42))))
PROPOSED = replace(GROWTH, proposed=Step(TODAY, Decimal(45)))
FRONTLINE = Curve("frontline", (Step(START, Decimal(12)),))
WHITE = (255, 255, 255)


def chart(*curves: Curve, style: Format = AMERICAN) -> Chart:
    return Chart(START, TODAY, curves, style)


def texts(drawn: Chart) -> list[str]:
    return [label.text for label in draw(drawn).labels]


def test_the_picture_is_a_png_of_twice_its_size_in_points_on_a_ground_of_its_own() -> None:
    picture = Image.open(BytesIO(as_png(chart(PROPOSED))))
    assert (picture.format, picture.size) == ("PNG", (1040, 520))
    assert picture.convert("RGB").getpixel((1, 1)) == WHITE


def test_the_same_chart_is_the_same_bytes() -> None:
    assert as_png(chart(PROPOSED)) == as_png(chart(PROPOSED))


def test_another_number_is_another_picture() -> None:
    other = replace(PROPOSED, proposed=Step(TODAY, Decimal(46)))
    assert as_png(chart(PROPOSED)) != as_png(chart(other))


def test_the_last_number_stands_at_the_end_of_its_line() -> None:
    assert texts(chart(GROWTH))[-1] == "42"


def test_a_proposal_is_told_apart_from_what_is_now() -> None:
    assert texts(chart(PROPOSED))[-2:] == ["45 proposed", "42 now"]
    assert [line.dashed for line in draw(chart(PROPOSED)).lines][-2:] == [True, False]


def test_several_rosters_are_named_at_the_end_of_their_lines() -> None:
    assert texts(chart(GROWTH, FRONTLINE))[-2:] == ["42 full", "12 frontline"]


def test_the_scale_begins_at_nothing() -> None:
    assert "0" in texts(chart(GROWTH))


def test_months_are_written_as_the_client_writes_them() -> None:
    german = texts(chart(GROWTH, style=Format("de_DE", "EUR")))
    assert {"Mai", "Jan", "M\N{LATIN SMALL LETTER A WITH DIAERESIS}r"} <= set(german)


def test_months_are_english_where_our_font_lacks_the_letters() -> None:
    assert {"May", "Jan", "Mar"} <= set(texts(chart(GROWTH, style=Format("ja_JP", "JPY"))))


def test_the_year_stands_below_january() -> None:
    assert [text for text in texts(chart(GROWTH)) if text.startswith("20") and len(text) == 4] == ["2026", "2027"]


def test_a_line_begins_where_the_first_number_was_known() -> None:
    late = Curve("full", (Step(date(2027, 3, 1), Decimal(2)),))
    full = draw(chart(GROWTH)).lines[-1].points[0][0]
    assert draw(chart(late)).lines[-1].points[0][0] > full + 300


def test_nothing_lies_outside_the_picture() -> None:
    many = [
        Curve(f"a roster with a long name {n}", (Step(START, Decimal(n)),), Step(TODAY, Decimal(n))) for n in range(9)
    ]
    for drawn in (draw(chart(PROPOSED)), draw(chart(*many)), draw(chart())):
        points = [*(point for line in drawn.lines for point in line.points), *(dot.point for dot in drawn.dots)]
        points += [label.point for label in drawn.labels]
        assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in points)


def test_no_label_lies_upon_another() -> None:
    many = [Curve(f"roster {n}", (Step(START, Decimal(7)),), Step(TODAY, Decimal(8))) for n in range(4)]
    strong = [label for label in draw(chart(*many)).labels if label.strong]
    heights = sorted(label.point[1] for label in strong)
    assert len(heights) == 8
    assert all(below - above >= 17.9 for above, below in pairwise(heights))


def test_markup_in_a_name_stays_text() -> None:
    hostile = Curve('#panic("x") $', GROWTH.steps)
    assert as_png(chart(hostile, FRONTLINE)).startswith(b"\x89PNG")


def test_a_label_keeps_its_place_where_there_is_room() -> None:
    label = next(label for label in draw(chart(GROWTH)).labels if label.strong)
    assert isinstance(label, Label)
    assert label.point[1] == draw(chart(GROWTH)).dots[0].point[1]


@pytest.mark.parametrize(("highest", "step"), [(1, 1), (4, 1), (5, 2), (45, 10), (99, 20), (100, 50), (3000, 1000)])
def test_the_marks_of_a_scale_are_round_and_few(highest: int, step: int) -> None:
    assert round_step(highest) == step


def test_what_is_pushed_out_at_the_bottom_pushes_the_others_up() -> None:
    assert apart([95, 96, 10], 10, 100) == [90, 100, 10]


def test_a_long_name_is_cut_visibly() -> None:
    assert cut("a roster with a long name") == "a roster with\N{HORIZONTAL ELLIPSIS}"
    assert cut("frontline") == "frontline"
