"""Files that the bot uploads: a URL is asked for, the content sent there, the upload completed, often in a channel."""

from dataclasses import replace

from sandbox.workspace.errors import NotInThisWorkspace, SlackRefusal
from sandbox.workspace.model import File
from sandbox.workspace.stamps import Stamps

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")
"""How the files begin that Slack takes as images: PNG, JPEG and GIF."""


class Files:
    """All files by id."""

    def __init__(self, stamps: Stamps) -> None:
        """Start with none."""
        self._stamps = stamps
        self._kept: dict[str, File] = {}

    def expect(self, name: str, length: int) -> File:
        """Make room for a file that is about to be uploaded."""
        file = File(self._stamps.id("F"), name, length)
        self._kept[file.id] = file
        return file

    def receive(self, file_id: str, content: bytes) -> None:
        """Take a file's content; SlackRefusal when nobody asked for the URL or the length differs."""
        file = self._kept.get(file_id)
        if file is None:
            raise SlackRefusal("file_not_found")
        if len(content) != file.length:
            raise SlackRefusal("file_length_mismatch")
        self._kept[file_id] = replace(file, content=content)

    def uploaded(self, file_id: str) -> File:
        """A file whose content has arrived and that was not completed yet; SlackRefusal otherwise."""
        file = self._kept.get(file_id)
        if file is None or file.content is None:
            raise SlackRefusal("file_not_found")
        if file.is_complete:
            raise SlackRefusal("file_already_completed")
        return file

    def complete(self, file: File, title: str, channel: str | None) -> File:
        """Complete an upload into a channel; without one only the bot may use the file."""
        shared = replace(file, title=title or file.name, channel=channel, is_complete=True)
        self._kept[file.id] = shared
        return shared

    def is_picture(self, file_id: str) -> bool:
        """Whether this is an uploaded image of a kind that blocks can show."""
        file = self._kept.get(file_id)
        return file is not None and file.is_complete and (file.content or b"").startswith(_PICTURES)

    def get(self, file_id: str) -> File:
        """The file that a person opens."""
        if file_id not in self._kept:
            raise NotInThisWorkspace(f"There is no file {file_id} in this workspace.")
        return self._kept[file_id]

    def all(self) -> list[File]:
        """Every file, oldest first."""
        return list(self._kept.values())
