"""The folder that a demo works in: fresh each time, and never one that somebody else made or that a demo is using."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.story.errors import FolderIsTaken

_MARK = ".made-by-rollcall-demo"


@contextmanager
def fresh_folder(place: Path) -> Iterator[Path]:
    """An empty folder, ours until the block is left; what an earlier demo left there is removed.

    Raises:
        FolderIsTaken: something is there that no demo made, or a demo that still runs.

    """
    mark = place / _MARK
    if place.exists() and not mark.is_file():
        raise FolderIsTaken(f"{place} exists, and no demo made it. Move it away, or start the demo in another folder.")
    place.mkdir(exist_ok=True)
    with mark.open("a") as held:
        try:
            # The system lets go of it when the process ends, however it ends.
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            what_to_do = "End it first (Ctrl-C there), or start this one in another folder."
            raise FolderIsTaken(f"A demo is running in {place} already. {what_to_do}") from error
        _empty(place)
        yield place


def _empty(place: Path) -> None:
    for thing in place.iterdir():
        if thing.name == _MARK:
            continue
        if thing.is_dir() and not thing.is_symlink():
            shutil.rmtree(thing, ignore_errors=True)
        else:
            thing.unlink(missing_ok=True)
