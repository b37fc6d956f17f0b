"""The folder that a demo works in: fresh each time, and never one that somebody else made."""

import shutil
from pathlib import Path

from sandbox.story.errors import FolderIsTaken

_MARK = ".made-by-rollcall-demo"


def fresh_folder(place: Path) -> Path:
    """An empty folder; what an earlier demo left there is removed.

    Raises:
        FolderIsTaken: something is there that no demo made.

    """
    if place.exists() and not (place / _MARK).is_file():
        raise FolderIsTaken(f"{place} exists, and no demo made it. Move it away, or start the demo in another folder.")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    (place / _MARK).touch()
    return place
