"""What everything on the page is made from."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sandbox.page.backstage import Backstage
from sandbox.page.blocks import Look
from sandbox.page.unread import Unread
from sandbox.page.visit import Visit
from sandbox.workspace.model import SLACKBOT, File, Json
from sandbox.workspace.state import BOT_USER, Workspace

BOT_DISPLAY_NAME = "Rollcall"
_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Desk:
    """The workspace, what is behind it if anything is, the marks of what was read, and the templates."""

    workspace: Workspace
    backstage: Backstage | None
    unread: Unread
    templates: Environment

    def render(self, template: str, **given: object) -> Markup:
        """A template, filled in; every text in it is escaped."""
        return Markup(self.templates.get_template(template).render(**given))  # noqa: S704 - the templates escape

    def name(self, user: str) -> str:
        """What somebody is called."""
        if user == BOT_USER:
            return BOT_DISPLAY_NAME
        if user == SLACKBOT:
            return "Slackbot"
        known = self.workspace.places.users.get(user)
        return known.real_name if known else user

    def look(self, visit: Visit, scope: str, answers: Json | None = None) -> Look:
        """How blocks are shown to whoever looks; `scope` sets the same blocks at two places of the page apart."""
        places = self.workspace.places
        return Look(
            people={user: self.name(user) for user in (*places.users, BOT_USER, SLACKBOT)},
            channels={channel.id: channel.name for channel in places.channels.values()},
            files={file.id: file_path(file) for file in self.workspace.files.all()},
            answers=answers or {},
            now=datetime.fromtimestamp(self.workspace.now(), UTC),
            locale_zone=visit.zone.key,
            scope=scope,
        )


def open_desk(workspace: Workspace, backstage: Backstage | None) -> Desk:
    """A page over a workspace."""
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Desk(workspace, backstage, Unread(workspace.messages), templates)


def file_path(file: File) -> str:
    """Where a browser finds a file; the name at its end is what the browser calls it."""
    return f"/page/files/{file.id}/{quote(file.name, safe='')}"
