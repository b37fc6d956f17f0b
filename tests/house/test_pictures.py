"""The documentation's pictures: each is small, is shown somewhere, and says in words what it shows."""

import re
from pathlib import Path

import pytest
from PIL import Image

from scripts.make_pictures import FOLDER
from scripts.pictures.camera import MOST_BYTES
from tests.house.checks import ROOT, committed_files

PICTURES = sorted(FOLDER.glob("*.png"))
_SHOWN = re.compile(r"!\[(?P<alt>[^\]]*)\]\([^)\s]+\.png\)|<img (?:[^>]*\balt=\"(?P<words>[^\"]*)\")?[^>]*>")
_LINKED = re.compile(r"(?:\]\(|(?:src|href)=\")(?P<file>[^)\"\s]+\.png)[)\"]")


def _pages() -> dict[Path, str]:
    pages = [ROOT / path for path in committed_files() if path.suffix == ".md" and (ROOT / path).is_file()]
    return {page: page.read_text(encoding="utf-8") for page in pages}


def test_there_are_pictures() -> None:
    assert {"change-pending", "invoice-preview", "invoice-page"} <= {picture.stem for picture in PICTURES}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_is_small_whole_and_made_by_the_script(picture: Path) -> None:
    assert picture.stat().st_size < MOST_BYTES
    with Image.open(picture) as opened:
        opened.load()
        assert opened.width >= 700
    assert f'"{picture.stem}' in (ROOT / "scripts" / "pictures" / "demo.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_page_of_the_documentation_leads_to_each_picture(picture: Path) -> None:
    found = [page for page, text in _pages().items() for match in _LINKED.finditer(text) if _is(page, match, picture)]
    assert found


def test_a_picture_that_is_shown_says_in_words_what_it_shows() -> None:
    alts = [match["alt"] or match["words"] or "" for text in _pages().values() for match in _SHOWN.finditer(text)]
    assert alts
    assert [alt for alt in alts if len(alt) < 20] == []


def test_a_link_to_a_picture_leads_to_one() -> None:
    links = [(page, match["file"]) for page, text in _pages().items() for match in _LINKED.finditer(text)]
    assert [link for page, link in links if not (page.parent / link).is_file()] == []


def _is(page: Path, match: re.Match[str], picture: Path) -> bool:
    return (page.parent / match["file"]).resolve() == picture
