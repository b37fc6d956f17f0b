"""Images in blocks that come from an uploaded file: Slack shows those alone that were uploaded, and is done with them.

Slack looks a file over after its upload was completed, and refuses a block with it until then, as "invalid slack file"
(slackapi/java-slack-sdk issue 1349, slackapi/python-slack-sdk issue 1658). The trouble `slack_file` plays that.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.workspace.blockkit.shapes import fault
from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.state import Workspace

NOT_READY = "slack_file"


def check_pictures(workspace: Workspace, blocks: object, at: str, code: str) -> None:
    """SlackRefusal with this code when an image of the blocks can't be shown."""
    for pointer, picture in _pictures(blocks, at):
        known = workspace.files.is_picture(str(picture.get("id", "")))
        if not known or workspace.troubles.next_for(NOT_READY) is not None:
            raise SlackRefusal(code, (fault("invalid slack file", pointer),))


def _pictures(value: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _pictures(inner, f"{at}/{place}")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "slack_file" and isinstance(inner, dict):
                yield f"{at}/{key}", inner
            else:
                yield from _pictures(inner, f"{at}/{key}")
