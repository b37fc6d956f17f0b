"""Pictures of every message, window and tab of which the tests keep what it looks like, each alone."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from scripts.pictures.camera import LESS_SHARP, open_context, save, shot
from scripts.pictures.snapshots import ANSWERS, shown, snapshots
from scripts.pictures.stage import Spot, Stage, served
from tests.support.browsing import running_chromium

MOST_BYTES = 60_000

# A desk without the demo's panel, and so high that the longest window need not be scrolled.
_SIZE = 1000, 2400
# The longest messages would be too large a file if they were as sharp as the others.
_SCALES = LESS_SHARP, 1.25, 1
_ALL_LOADED = "() => [...document.images].every(each => each.complete && each.naturalWidth)"
_ZONE_KNOWN = "() => document.cookie.includes('zone=')"
# A window opens with its first field chosen, is never higher than most screens, and what is behind it shines through at
# its corners; so does what is above and below a message whose edge lies between two dots.
_WHOLE_AND_STILL = """element => {
  document.activeElement?.blur();
  element.style.maxHeight = "none";
  element.style.borderRadius = "0";
  element.style.border = "0";
  element.style.outline = "8px solid var(--raised)";
}"""


def take(folder: Path) -> None:
    """Writes a picture of each view into a folder of its own, and takes away those that show none any more."""
    place, headings, stage = folder / "views", dict(shown()), Stage()
    place.mkdir(exist_ok=True)
    spots = {each.name: stage.put(each, only_for_one=headings.get(each.name) == ANSWERS) for each in snapshots()}
    with served(stage.workspace) as url, running_chromium() as chromium:
        gallery = Gallery(chromium, url)
        for name, spot in spots.items():
            gallery.take(spot, place / f"{name}.png")
    for picture in place.glob("*.png"):
        if picture.stem not in spots:
            picture.unlink()


class Gallery:
    """Tabs that go from view to view: a sharp one, and others for what is too large there."""

    def __init__(self, chromium: Browser, url: str) -> None:
        """Open the tabs."""
        self._url = url
        self._tabs = [open_context(chromium, _SIZE, scale=scale).new_page() for scale in _SCALES]
        for tab in self._tabs:
            # The first page of a reader doesn't know their time zone yet, and is drawn once more.
            tab.goto(url)
            tab.wait_for_function(_ZONE_KNOWN)

    def take(self, spot: Spot, file: Path) -> None:
        """A picture of the view, as sharp as its size allows; ValueError where no picture is small enough."""
        *sharper, last = self._tabs
        for tab in sharper:
            with suppress(ValueError):
                return save(shot(self._seen(spot, tab)), file, MOST_BYTES)
        return save(shot(self._seen(spot, last)), file, MOST_BYTES)

    def _seen(self, spot: Spot, tab: Page) -> Locator:
        """The view, once it is there with all of its images."""
        tab.goto(self._url + spot.path)
        element = tab.locator(spot.element)
        expect(element).to_be_visible()
        element.evaluate(_WHOLE_AND_STILL)
        tab.wait_for_function(_ALL_LOADED)
        return element
