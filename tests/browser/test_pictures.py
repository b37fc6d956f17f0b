"""The script of the documentation's pictures still finds what it photographs."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from scripts.pictures.camera import MOST_BYTES, save, shot
from scripts.pictures.snapshots import Snapshot, snapshots
from scripts.pictures.stage import Stage, served
from scripts.pictures.views import Gallery
from tests.browser.conftest import Opens

pytestmark = pytest.mark.needs_tool("chromium")


def test_a_card_becomes_a_small_picture_without_the_time_of_day(opens: Opens, tmp_path: Path) -> None:
    card = opens().card("first count", "Approved by")
    time = card.locator(".byline time")
    expect(time).to_be_visible()

    save(shot(card), tmp_path / "card.png")

    expect(time).to_be_hidden()
    with Image.open(tmp_path / "card.png") as picture:
        assert picture.mode == "P"
        assert picture.width > picture.height > 100
    assert 1000 < (tmp_path / "card.png").stat().st_size < MOST_BYTES


def test_a_picture_that_is_too_large_is_refused_and_not_written(tmp_path: Path) -> None:
    noise = io.BytesIO()
    Image.effect_noise((900, 900), 200).save(noise, "PNG")
    with pytest.raises(ValueError, match="take a smaller part"):
        save(noise.getvalue(), tmp_path / "noise.png")
    assert not (tmp_path / "noise.png").exists()


def _taken(chromium: Browser, snapshot: Snapshot, file: Path, *, only_for_one: bool = False) -> Image.Image:
    stage = Stage()
    spot = stage.put(snapshot, only_for_one=only_for_one)
    with served(stage.workspace) as url:
        Gallery(chromium, url).take(spot, file)
    return Image.open(file).convert("RGB")


def test_a_window_that_is_higher_than_a_screen_is_taken_whole(chromium: Browser, tmp_path: Path) -> None:
    window = next(each for each in snapshots() if each.name == "modal-onboarding-directory")
    picture = _taken(chromium, window, tmp_path / "window.png")
    assert picture.height > 2 * picture.width
    assert {picture.getpixel((x, y)) for x in (0, picture.width - 1) for y in (0, picture.height - 1)} == {(255,) * 3}


def test_an_answer_for_one_person_looks_otherwise_than_a_card(chromium: Browser, tmp_path: Path) -> None:
    quote = next(each for each in snapshots() if each.name == "quote")
    card = _taken(chromium, quote, tmp_path / "card.png")
    answer = _taken(chromium, quote, tmp_path / "answer.png", only_for_one=True)
    assert answer.height > card.height
