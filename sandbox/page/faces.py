"""The pictures of people: their initials on one of a few colours, always the same for the same person."""

import zlib
from dataclasses import dataclass

from sandbox.workspace.model import SLACKBOT
from sandbox.workspace.state import BOT_USER

_COLOURS = 6


@dataclass(frozen=True, slots=True)
class Face:
    """Initials, and the name of a style; the app has a sign instead of initials."""

    initials: str
    style: str


def face(identity: str, name: str) -> Face:
    """What stands beside somebody's name."""
    if identity in {BOT_USER, SLACKBOT}:
        return Face("", "app" if identity == BOT_USER else "slackbot")
    letters = [word[0] for word in name.split() if word[0].isalnum()]
    return Face("".join(letters[:1] + letters[-1:] if len(letters) > 1 else letters).upper(), _style(identity))


def _style(identity: str) -> str:
    return f"tone-{zlib.crc32(identity.encode()) % _COLOURS + 1}"
