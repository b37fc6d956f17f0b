"""The story of `rollcall serve`: a scene played without a kill, and with one at each of its points."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from commands.audit import verify
from storage.database import Database
from tests.crashes.bots import NothingHappened
from tests.crashes.errands import Point
from tests.crashes.office import Office, open_office
from tests.crashes.scenes import Scene
from tests.crashes.truth import Truth, damage, differences, truth
from tests.crashes.under_way import Post, unexplained
from tests.crashes.victims import KILLED, Nursery

_POSTED = "slack.chat.postMessage:after"
_RECORDED = "shown:before-commit"
_DIRECT = "D"
_SHOWING = {_POSTED, "slack.chat.update:after"}
_KEPT = "SELECT count(*) FROM interactions"


@dataclass(slots=True)
class Played:
    """How a scene went."""

    scene: str
    died_at: Point | None
    points: Sequence[Point] = ()
    under_way: Sequence[Post] = ()
    truth: Truth = field(default_factory=dict)
    cards: Counter[tuple[str, str]] = field(default_factory=Counter)
    papers: tuple[str, ...] = ()
    strays: int = 0
    complaints: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.scene} at {self.died_at}"


@dataclass(frozen=True, slots=True)
class Service:
    """Plays scenes in folders of their own, each on a copy of the scene's database."""

    nursery: Nursery
    folder: Path
    settings: Mapping[str, str]

    async def play(self, scene: Scene, template: Path, dies_at: Point | None = None) -> Played:
        """One scene, with a kill or without."""
        name = f"{scene.name}-{dies_at.name}-{dies_at.nth}".replace(":", "-") if dies_at else f"{scene.name}-clean"
        folder = self.folder / name
        folder.mkdir()
        file = Path(shutil.copy(template, folder / "rollcall.db"))
        played = Played(scene.name, dies_at)
        opened = open_office(
            self.nursery,
            file,
            self.settings,
            scene.troubles,
            dies_at,
            over_sockets=scene.over_sockets,
            prepare=scene.prepare,
        )
        async with opened as office:
            try:
                await scene.play(office)
                await _end(office, played)
            except NothingHappened as problem:
                played.complaints.append(str(problem))
            played.points, played.under_way = office.bot.first.points(), tuple(office.under_way)
            played.complaints += office.complaints
            played.notes = office.notes
        played.complaints += await asyncio.to_thread(_flaws, file)
        return played


async def _end(office: Office, played: Played) -> None:
    await office.settle()
    if played.died_at is not None:
        await office.until(lambda: office.bot.deaths > 0, f"the death at {played.died_at}")
        await office.up()
        await office.settle()
        code, points = await office.bot.first.ended, office.bot.first.points()
        if code != KILLED or points[-1:] != [played.died_at]:
            played.complaints.append(f"It was to die at {played.died_at}, and ended with {code} at {points[-1:]}")
    played.cards, played.papers, played.truth = Counter(office.cards()), office.papers(), truth(office.file)
    await office.press_strays()
    kept, answered = office.ask(_KEPT), len(office.answers())
    if kept > answered:
        played.complaints.append(f"{kept} clicks were kept, and only {answered} answers given")


def judged(clean: Played, played: Played) -> list[str]:
    """Everything that is wrong with a scene: also that it came out otherwise than without the kill."""
    if not played.truth:
        # It never came to its end, so there is nothing to compare.
        return played.complaints
    found = [*played.complaints, *differences(clean.truth, played.truth)]
    missing, strays = clean.cards - played.cards, played.cards - clean.cards
    played.strays = strays.total()
    if missing:
        found.append(f"these cards are missing: {list(missing)}")
    if played.papers != clean.papers:
        found.append(f"these documents came: {played.papers}, not {clean.papers}")
    wrong = unexplained(list(strays.elements()), played.under_way)
    if wrong:
        found.append(f"these cards were repeated, and only {played.under_way} were being posted: {wrong}")
    if must_repeat(played) and not played.strays:
        found.append("the card that was posted without a record was not posted again")
    return found


def must_repeat(played: Played) -> bool:
    """Whether the process died between Slack's answer to a post and our record of it, so that nobody can know better.

    The sender of cards works beside the answers to people: a process that died elsewhere may have been posting too.
    Where somebody is answered in a direct message, which is no card, it may have been that which was posted.
    """
    if any(channel.startswith(_DIRECT) for channel, _ in played.cards):
        return False
    shown = [point.name for point in played.points if point.name in _SHOWING]
    between = played.died_at is not None and played.died_at.name in {_POSTED, _RECORDED}
    return between and shown[-1:] == [_POSTED] and bool(played.under_way)


def _flaws(file: Path) -> list[str]:
    with closing(Database(f"sqlite:///{file}")) as database:
        return [*damage(file), *verify(database).problems]
