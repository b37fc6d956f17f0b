"""All the stories, each without a kill and then with one at each of its points."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cryptography.fernet import Fernet

from sandbox.microsoft.app import create_app
from sandbox.microsoft.certificate import throw_away_certificate
from sandbox.microsoft.cloud import Cloud
from sandbox.serving import serve
from tests.crashes.errands import Point
from tests.crashes.scenes import SCENES, SECRET_EXPIRES, TENANT, Scene, set_up, staff
from tests.crashes.service import Played, Service
from tests.crashes.shell import Shell, Told
from tests.crashes.sources import open_sources
from tests.crashes.victims import open_nursery

# Commands keep a processor busy; a scene mostly waits for the bot to look again.
_STORIES_AT_ONCE, _SCENES_AT_ONCE = 2, 10
_CLIENT_ID, _SECRET = "aaaaaaaa-0000-4000-8000-000000000001", "right"

Given = TypeVar("Given")
Came = TypeVar("Came")


@dataclass(frozen=True, slots=True)
class Killed:
    """The scene without a kill, and with each."""

    clean: Played
    killed: tuple[Played, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """How everything went."""

    shell: Told
    shell_killed: tuple[Told, ...]
    scenes: dict[str, Killed]

    def points(self) -> set[str]:
        """What was committed or called anywhere, without the moment."""
        met = {death.point.done for death in self.shell.deaths}
        return met | {point.done for scene in self.scenes.values() for point in scene.clean.points}


def run_course(folder: Path, *, whole: bool = True) -> Course:
    """Plays everything; takes ten minutes or more.

    In a scene much is committed and called again and again. Where it isn't to be the `whole`, a scene is killed the
    first and the last time that it comes by each of its points, and not in between.
    """
    templates = {scene.name: set_up(scene, folder) for scene in SCENES}
    return asyncio.run(_run(folder, templates, whole=whole))


async def _run(folder: Path, templates: dict[str, Path], *, whole: bool) -> Course:
    certificate = throw_away_certificate(folder)
    cloud = Cloud()
    # The daily look at what expires finds this one.
    cloud.register(_CLIENT_ID, secret=_SECRET, home=TENANT, secret_expires=SECRET_EXPIRES)
    staff(cloud.add_tenant(TENANT, "acme.example"))
    async with (
        open_nursery() as nursery,
        serve(create_app(cloud), ssl=certificate.server) as url,
        open_sources(certificate) as sources,
    ):
        settings = {
            "ROLLCALL_ENTRA_CLIENT_ID": _CLIENT_ID,
            "ROLLCALL_ENTRA_CLIENT_SECRET": _SECRET,
            "ROLLCALL_ENTRA_AUTHORITY_URL": url,
            "ROLLCALL_GRAPH_URL": url,
            "ROLLCALL_CA_BUNDLE": str(certificate.ca_bundle),
            "ROLLCALL_SECRET_KEY": Fernet.generate_key().decode(),
            # In place of the system's authorities, a long list that every process would read.
            "SSL_CERT_FILE": str(certificate.ca_bundle),
        }
        shell, service = Shell(nursery, cloud, sources, settings, folder), Service(nursery, folder, settings)
        told = await shell.play()
        async with asyncio.TaskGroup() as group:
            stories = group.create_task(_each(told.deaths, shell.play, _STORIES_AT_ONCE))
            scenes = {scene.name: await _scene(service, scene, templates[scene.name], whole=whole) for scene in SCENES}
        return Course(told, stories.result(), scenes)


async def _scene(service: Service, scene: Scene, template: Path, *, whole: bool) -> Killed:
    clean = await service.play(scene, template)
    points = clean.points if whole else first_and_last(clean.points)
    return Killed(clean, await _each(points, lambda point: service.play(scene, template, point), _SCENES_AT_ONCE))


def first_and_last(points: Sequence[Point]) -> list[Point]:
    """Of each name the first and the last point, in their order."""
    last = {point.name: point.nth for point in points}
    return [point for point in points if point.nth in {1, last[point.name]}]


async def _each(given: Iterable[Given], play: Callable[[Given], Awaitable[Came]], at_once: int) -> tuple[Came, ...]:
    """Plays once for each given, a few at a time; what came is in the same order."""
    turns = asyncio.Semaphore(at_once)

    async def one(each: Given) -> Came:
        async with turns:
            return await play(each)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(each)) for each in given]
    return tuple(task.result() for task in tasks)
