"""The two ways to see the demo: played without hands, or kept open for somebody's own hands."""

import asyncio
import shlex
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sandbox.story.cast import ROLES
from sandbox.story.folder import fresh_folder
from sandbox.story.hands import Hands
from sandbox.story.office import Office, open_office
from sandbox.story.play import FIRST_DAY, play
from sandbox.story.scene import Scene
from sandbox.story.setting import set_up
from sandbox.story.teller import Teller
from sandbox.workspace.places import EVERYBODY

_ENVIRONMENT = "demo.env"


async def play_once(folder: Path, port: int) -> None:
    """Plays the story in a fresh folder, and leaves the invoice's PDF there.

    Raises:
        FolderIsTaken, PortIsTaken: it can't begin.
        StoryBroke: a step didn't show what it must.

    """
    began = time.monotonic()
    async with open_office(fresh_folder(folder), port) as office:
        scene = _scene(office)
        scene.teller.say("Rollcall's story, played with a pretend Slack, a pretend Microsoft, and the real bot.")
        pdf = await play(scene)
    scene.teller.say("", f"The story took {time.monotonic() - began:.0f} seconds. The invoice is in {_near(pdf)}.")


async def keep_open(folder: Path, port: int) -> None:
    """Sets the demo up in a fresh folder and serves it until cancelled."""
    async with open_office(fresh_folder(folder), port) as office:
        scene = _scene(office)
        await scene.day(FIRST_DAY, "the first count", with_bot=True)
        await set_up(scene)
        await scene.command("sync")
        await office.bot_ready()
        _write_environment(folder / _ENVIRONMENT, office.settings)
        scene.teller.say("", *_directions(office, folder))
        await asyncio.Event().wait()


def _scene(office: Office) -> Scene:
    return Scene(office, Hands(office.slack), Teller({user.id: user.real_name for user in EVERYBODY}))


def _directions(office: Office, folder: Path) -> list[str]:
    people = ", ".join(f"{user.real_name} ({user.name})" for user in EVERYBODY if user.id in ROLES)
    return [
        f"The pretended Slack is at {office.url}: open it to see what can be done there.",
        f"In it are {people}.",
        f"The business date is {date.fromisoformat(office.settings['ROLLCALL_TODAY']):%d %B %Y}.",
        "To use the command line with it, in another terminal:",
        f"  set -a; . {shlex.quote(str(_near(folder / _ENVIRONMENT)))}; set +a; .venv/bin/rollcall changes",
        "Ctrl-C ends everything.",
    ]


def _write_environment(file: Path, settings: Mapping[str, str]) -> None:
    file.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items()))


def _near(file: Path) -> Path:
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file
