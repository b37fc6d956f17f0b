"""The chart of head counts."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from billing.quantities import Step
from documents.charts import Chart, ChartCouldNotBeDrawn, Curve, as_png, specification
from documents.format import Format

START, TODAY = date(2026, 5, 1), date(2027, 4, 11)
AMERICAN = Format("en_US", "USD")
GROWTH = Curve("full", (Step(START, Decimal(38)), Step(date(2026, 11, 9), Decimal(42))))
PROPOSED = replace(GROWTH, proposed=Step(TODAY, Decimal(45)))
FRONTLINE = Curve("frontline", (Step(START, Decimal(12)),))
WHITE, GREEN = (255, 255, 255), (15, 92, 110)


def chart(*curves: Curve, style: Format = AMERICAN) -> Chart:
    return Chart(START, TODAY, curves, style)


def layers(drawn: Chart, mark: str) -> list[dict[str, Any]]:
    return [layer for layer in specification(drawn)["layer"] if layer["mark"]["type"] == mark]


def endings(drawn: Chart) -> list[str]:
    return [layer["data"]["values"][0]["text"] for layer in layers(drawn, "text")]


def months(style: Format) -> list[list[str]]:
    expression = layers(chart(GROWTH, style=style), "line")[0]["encoding"]["x"]["axis"]["labelExpr"]
    named: list[list[str]] = json.loads(expression.split("[indexof")[0])
    return named


def pixels(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture)).convert("RGB")


def test_the_picture_is_a_sharp_png_on_a_ground_of_its_own() -> None:
    picture = Image.open(BytesIO(as_png(chart(PROPOSED))))
    assert picture.format == "PNG"
    assert picture.width > 1000
    assert picture.convert("RGB").getpixel((1, 1)) == WHITE
    assert GREEN in {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}


def test_the_same_chart_is_the_same_bytes_and_another_number_is_another_picture() -> None:
    other = replace(PROPOSED, proposed=Step(TODAY, Decimal(46)))
    first = as_png(chart(PROPOSED))
    assert first == as_png(chart(PROPOSED))
    assert first != as_png(chart(other))


def test_a_drawer_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    broken = tmp_path / "drawer.py"
    broken.write_text("raise SystemExit('no engine here')")
    with pytest.raises(ChartCouldNotBeDrawn, match="no engine here"):
        as_png(chart(GROWTH), broken)


def test_a_number_stays_until_it_changes_so_that_the_line_is_drawn_in_steps() -> None:
    (line,) = layers(chart(GROWTH), "line")
    assert line["mark"]["interpolate"] == "step-after"
    assert [(row["day"], row["number"]) for row in line["data"]["values"]] == [
        ("2026-05-01", "38"),
        ("2026-11-09", "42"),
        ("2027-04-11", "42"),
    ]


def test_the_last_number_stands_at_the_end_of_its_line() -> None:
    assert endings(chart(GROWTH)) == ["42"]


def test_a_proposal_is_told_apart_from_what_is_now() -> None:
    assert endings(chart(PROPOSED)) == ["45 proposed", "42 now"]
    branch, line = layers(chart(PROPOSED), "line")
    assert "strokeDash" in branch["mark"]
    assert "strokeDash" not in line["mark"]


def test_several_rosters_are_named_at_the_end_of_their_lines() -> None:
    assert endings(chart(GROWTH, FRONTLINE)) == ["42 full", "12 frontline"]


def test_only_a_single_line_is_filled_below() -> None:
    assert len(layers(chart(GROWTH), "area")) == 1
    assert layers(chart(GROWTH, FRONTLINE), "area") == []


def test_the_scale_begins_at_nothing_and_takes_a_proposal_in() -> None:
    low, high = layers(chart(PROPOSED), "line")[0]["encoding"]["y"]["scale"]["domain"]
    assert low == 0
    assert high > 45


def test_months_are_written_as_the_client_writes_them_with_the_year_below_the_first_and_january() -> None:
    march = "M\N{LATIN SMALL LETTER A WITH DIAERESIS}r"
    assert months(Format("de_DE", "EUR")) == [
        ["Mai", "2026"],
        ["Jul"],
        ["Sep"],
        ["Nov"],
        ["Jan", "2027"],
        [march],
    ]


def test_months_are_english_where_our_font_lacks_the_letters() -> None:
    assert [lines[0] for lines in months(Format("ja_JP", "JPY"))] == ["May", "Jul", "Sep", "Nov", "Jan", "Mar"]


@pytest.mark.parametrize(("style", "mark"), [(AMERICAN, ","), (Format("de_DE", "EUR"), ".")])
def test_thousands_are_grouped_as_the_client_groups_them(style: Format, mark: str) -> None:
    assert specification(chart(GROWTH, style=style))["config"]["locale"]["number"]["thousands"] == mark


def test_a_line_begins_where_the_first_number_was_known() -> None:
    late = Curve("full", (Step(date(2027, 3, 1), Decimal(2)),))
    (line,) = layers(chart(late), "line")
    assert line["data"]["values"][0]["day"] == "2027-03-01"
    assert line["encoding"]["x"]["scale"]["domain"][0] == "2026-05-01"


def test_no_label_lies_upon_another_or_below_the_scale() -> None:
    many = [Curve(f"roster {n}", (Step(START, Decimal(0)),), Step(TODAY, Decimal(1))) for n in range(4)]
    drawn = specification(chart(*many))
    heights = sorted(layer["encoding"]["y"]["value"] for layer in drawn["layer"] if layer["mark"]["type"] == "text")
    assert len(heights) == 8
    assert all(below - above >= 18 for above, below in pairwise(heights))
    assert heights[-1] <= drawn["height"]


def test_there_are_four_colours_and_further_rosters_are_left_to_the_words() -> None:
    many = [Curve(f"r{n}", (Step(START, Decimal(n)),)) for n in range(6)]
    assert endings(chart(*many)) == ["0 r0", "1 r1", "2 r2", "3 r3"]


def test_a_long_name_is_cut_visibly() -> None:
    named = Curve("a roster with a long name", (Step(START, Decimal(1)),))
    assert endings(chart(GROWTH, named))[1] == "1 a roster with\N{HORIZONTAL ELLIPSIS}"


def test_what_looks_like_an_expression_in_a_name_stays_text() -> None:
    hostile = Curve("{{datum}}'+(", GROWTH.steps)
    plain = Curve("roster of one", GROWTH.steps)
    assert as_png(chart(hostile, FRONTLINE)) != as_png(chart(plain, FRONTLINE))


def test_empty_scales_are_drawn_where_nothing_was_counted() -> None:
    assert pixels(as_png(chart())).width > 800
