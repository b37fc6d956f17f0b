"""The script of the documentation's pictures still finds what it photographs."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from scripts.pictures.camera import MOST_BYTES, save, shot
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
