"""The pictures of what Slack shows: one of each view that the tests keep, under the heading of its kind."""

import itertools
import json
import re
from collections import Counter

import pytest
from PIL import Image

from sandbox.workspace.state import Workspace
from scripts.make_pictures import FOLDER
from scripts.pictures.snapshots import ANSWERS, CARDS, PAGE, TABS, WINDOWS, Snapshot, shown, snapshots
from scripts.pictures.stage import CHANNELS, PEOPLE
from scripts.pictures.views import MOST_BYTES

PICTURES = {picture.stem: picture for picture in (FOLDER / "views").glob("*.png")}
SNAPSHOTS = {each.name: each for each in snapshots()}
_KINDS = {"modal": {WINDOWS}, "home": {TABS}}
_MENTIONED = re.compile(r'"(?:user|channel)_id": "(?P<id>[^"]+)"|"initial_conversation": "(?P<chosen>[^"]+)"')


def _headings(snapshot: Snapshot) -> set[str]:
    """Under which it may stand; of a message the tests don't keep who sees it."""
    return {CARDS, ANSWERS} if snapshot.is_message else _KINDS[snapshot.view["type"]]


def test_every_view_that_the_tests_keep_has_its_picture_and_no_picture_is_left_over() -> None:
    assert set(PICTURES) == set(SNAPSHOTS)


def test_every_view_stands_on_the_page_once() -> None:
    assert Counter(name for name, _ in shown()) == Counter(SNAPSHOTS.keys())


@pytest.mark.parametrize(("name", "heading"), [*shown()])
def test_a_view_stands_under_the_heading_of_its_kind(name: str, heading: str) -> None:
    assert heading in _headings(SNAPSHOTS[name])


def test_a_sentence_above_each_picture_says_when_one_meets_it() -> None:
    paragraphs = PAGE.read_text(encoding="utf-8").split("\n\n")
    before = [text for text, after in itertools.pairwise(paragraphs) if after.startswith("![")]
    assert len(before) == len(SNAPSHOTS)
    assert [text for text in before if text.startswith(("#", "!")) or not text.endswith((".", ":"))] == []


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_of_a_view_is_small_and_whole(name: str) -> None:
    assert PICTURES[name].stat().st_size < MOST_BYTES
    with Image.open(PICTURES[name]) as opened:
        opened.load()
        assert opened.width >= 700


@pytest.mark.parametrize("name", sorted(SNAPSHOTS))
def test_everybody_whom_a_view_mentions_has_a_name_in_its_picture(name: str) -> None:
    known = {*CHANNELS, *PEOPLE, *Workspace(bot_token="", signing_secret="").places.users}
    mentioned = {match["id"] or match["chosen"] for match in _MENTIONED.finditer(json.dumps(SNAPSHOTS[name].view))}
    assert mentioned <= known
