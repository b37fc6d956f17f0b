"""The views of which there are pictures: what the tests keep of each, and where it stands in the documentation."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.message import Json
from tests.support.browsing import ROOT
from tests.support.snapshots import FOLDER

PAGE = ROOT / "docs" / "reference" / "slack-pictures.md"
PICTURES = "../pictures/views/"
CARDS, ANSWERS, WINDOWS, TABS = "Cards for everybody", "Answers for one person", "Windows", "The home tab"
_PLAINER = "-plainer"
_PART = re.compile(r"^## (?P<heading>.+)\n(?P<text>(?:(?!## ).*\n)*)", re.MULTILINE)
_SHOWN = re.compile(rf"^!\[[^\]]*\]\({re.escape(PICTURES)}(?P<name>[^)]+)\.png\)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A view as the tests keep it. `name` is also that of its picture, `view` is a modal, a home tab, or a message.

    Of a message with blocks that not every workspace takes, the plainer ones are a snapshot of their own.
    """

    name: str
    view: Json

    @property
    def is_message(self) -> bool:
        """Whether it stands in a channel."""
        return "type" not in self.view


def snapshots() -> Iterator[Snapshot]:
    """Every view that the tests keep, by name."""
    for file in sorted(FOLDER.glob("*.json")):
        view = json.loads(file.read_text(encoding="utf-8"))
        yield Snapshot(file.stem, view)
        if "plainer" in view:
            yield Snapshot(f"{file.stem}{_PLAINER}", {**view, "blocks": view["plainer"]})


def shown() -> Iterator[tuple[str, str]]:
    """The pictures on the page, each with the heading under which it stands."""
    for part in _PART.finditer(PAGE.read_text(encoding="utf-8")):
        yield from ((picture["name"], part["heading"]) for picture in _SHOWN.finditer(part["text"]))
