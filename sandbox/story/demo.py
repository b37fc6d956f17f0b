"""The two ways to see the demo: played without hands, or kept open for somebody's own hands."""

import asyncio
import shlex
import time
from pathlib import Path

from sandbox.page.app import with_page
from sandbox.story.behind import Behind
from sandbox.story.cast import ROLES
from sandbox.story.folder import fresh_folder
from sandbox.story.hands import Hands
from sandbox.story.office import ENVIRONMENT, Office, open_office
from sandbox.story.opening import open_scene
from sandbox.story.play import play
from sandbox.story.scene import Scene
from sandbox.story.teller import Teller
from sandbox.workspace.places import EVERYBODY


async def play_once(folder: Path, port: int, *, over_http: bool = False) -> None:
    """Plays the story in a fresh folder, in Socket Mode or over HTTP, and leaves the invoice's PDF there.

    Raises:
        FolderIsTaken, PortIsTaken: it can't begin.
        StoryBroke: a step didn't show what it must.

    """
    began = time.monotonic()
    with fresh_folder(folder) as place:
        async with open_office(place, port, over_http=over_http) as office:
            with_page(office.app, office.workspace)
            scene = _scene(office)
            scene.teller.say("Rollcall's story, played with a pretend Slack, a pretend Microsoft, and the real bot.")
            pdf = await play(scene)
    scene.teller.say("", f"The story took {time.monotonic() - began:.0f} seconds. The invoice is in {_near(pdf)}.")


async def keep_open(folder: Path, port: int, *, over_http: bool = False) -> None:
    """Sets the demo up in a fresh folder and serves it until cancelled.

    Raises:
        FolderIsTaken, PortIsTaken: it can't begin.

    """
    began = time.monotonic()
    with fresh_folder(folder) as place:
        async with open_office(place, port, over_http=over_http) as office:
            behind = Behind(office)
            scene = _scene(office)
            scene.teller.say("Three clients are imported, counted and billed for January, and one of them hires…")
            try:
                await open_scene(scene)
                await behind.look()
                await behind.wait_for_bot()
                with_page(office.app, office.workspace, behind)
                scene.teller.say("", *_directions(office, folder, time.monotonic() - began))
                await asyncio.Event().wait()
            finally:
                await behind.close()


def _scene(office: Office) -> Scene:
    return Scene(office, Hands(office.slack), Teller({user.id: user.real_name for user in EVERYBODY}))


def _directions(office: Office, folder: Path, seconds: float) -> list[str]:
    people = ", ".join(f"{user.real_name} ({user.name})" for user in EVERYBODY if user.id in ROLES)
    environment = shlex.quote(str(_near(folder / ENVIRONMENT)))
    return [
        f"Open {office.url}/",
        "",
        f"The page plays Slack, with {people}. It was ready after {seconds:.0f} seconds.",
        f"The business date is {office.today:%d %B %Y}. The page sets it forward; then read the settings again.",
        "To use the command line with it, in another terminal:",
        f"  set -a; . {environment}; set +a; .venv/bin/rollcall changes",
        "Ctrl-C ends everything.",
    ]


def _near(file: Path) -> Path:
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file
