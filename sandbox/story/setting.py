"""How every demo begins: the sample book imported, and roles for the people in Slack."""

import shutil
from pathlib import Path

from sandbox.story.cast import ROLES
from sandbox.story.scene import Scene

_SAMPLE_BOOK = Path(__file__).parent.parent / "sample_book.yaml"


async def set_up(scene: Scene) -> None:
    """Imports the book, of which a copy lies in the demo's folder, and grants the roles."""
    await scene.command("import", _copied_book(scene), "--apply", shows=("Imported.",))
    for user, role in ROLES.items():
        await scene.command("role", "grant", user, role)


async def import_book(scene: Scene) -> None:
    """The same without telling it."""
    await scene.quietly("import", _copied_book(scene), "--apply", shows=("Imported.",))
    for user, role in ROLES.items():
        await scene.quietly("role", "grant", user, role)


def _copied_book(scene: Scene) -> str:
    return str(shutil.copy(_SAMPLE_BOOK, scene.office.folder / "book.yaml"))
