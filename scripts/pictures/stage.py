"""The pretend Slack with every view in it, put there by its rules as the bot would put it, and served with its page."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from documents.charts import as_png
from sandbox.page.app import with_page
from sandbox.serving import serve
from sandbox.workspace.app import create_app
from sandbox.workspace.content import content_of
from sandbox.workspace.model import Json
from sandbox.workspace.pictures import check_pictures
from sandbox.workspace.state import BOT_USER, Workspace
from scripts.pictures.snapshots import Snapshot
from tests.bot.views.samples import HISTORY
from tests.support.browsing import ACME, ALMA

CHANNELS = {ACME: "acme", "C0ELM": "elm"}
PEOPLE = {"U0DANA": "Dana Second"}
"""Whom the samples name beside those who are in every workspace."""

_NOON = 1_807_459_200.0
# The chart of the samples; the bot uploads one before it shows it.
_CHART = "F0CHART01"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a view is seen: the page's address, and the element there."""

    path: str
    element: str


class Stage:
    """A workspace in which the views of the samples are put, at a fixed time."""

    def __init__(self) -> None:
        """Start with everybody whom the samples name, and the chart."""
        self.workspace = Workspace(bot_token="xoxb-pictures", signing_secret="pictures", now=lambda: _NOON)  # noqa: S106 - opens nothing
        for channel, name in CHANNELS.items():
            self.workspace.places.add_channel(name, channel)
        for user, name in PEOPLE.items():
            self.workspace.places.add_user(name.partition(" ")[0].lower(), name, user)
        self._chart = self._upload(as_png(HISTORY.chart))

    def put(self, snapshot: Snapshot, *, only_for_one: bool) -> Spot:
        """Shows a view as the bot does: a message in a channel of its own, anything else on a reader's own screen.

        What else stood there would move it by a part of a dot, and so alter its picture.

        Raises:
            SlackRefusal: Slack would not take it.

        """
        view: Json = json.loads(json.dumps(snapshot.view).replace(_CHART, self._chart))
        check_pictures(self.workspace, view["blocks"], "/blocks", "invalid_blocks")
        if snapshot.is_message:
            return self._post(snapshot.name, view, only_for=ALMA if only_for_one else None)
        reader = self.workspace.places.add_user(snapshot.name).id
        if view["type"] == "home":
            self.workspace.screens.publish(reader, view)
            return Spot(f"/?as={reader}&channel={ACME}&home=1", "article.home")
        self.workspace.screens.open(reader, view)
        return Spot(f"/?as={reader}&channel={ACME}", ".stage")

    def _post(self, name: str, view: Json, only_for: str | None) -> Spot:
        content, channel = content_of(view, self.workspace.stamps), self.workspace.places.add_channel(name).id
        self.workspace.messages.post(channel, BOT_USER, content, only_for=only_for)
        return Spot(f"/?as={ALMA}&channel={channel}", "#log article")

    def _upload(self, png: bytes) -> str:
        files = self.workspace.files
        file = files.expect("head-count.png", len(png))
        files.receive(file.id, png)
        return files.complete(files.uploaded(file.id), "", None).id


@contextmanager
def served(workspace: Workspace) -> Iterator[str]:
    """The workspace's page on a free port, beside a browser that wants this thread's event loop; gives its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    serving = serve(with_page(create_app(workspace), workspace))
    try:
        yield asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
