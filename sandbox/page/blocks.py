"""Block Kit as HTML: every block of a message or a modal, drawn by templates that compute nothing.

What the page's script relies on: each usable element carries its path in `data-control`; `data-act` says that using
it tells the bot at once, `data-field` that it is submitted with its modal, `data-many` that its value is a list. A
select that the bot fills is an `input[data-suggest]` with `data-min` letters to type and the list that `aria-controls`
names; what was chosen in it stands in `data-value`, or for several in the `[data-chosen]` list as `button[data-value]`.
"""

import functools
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sandbox.page import controls, inline
from sandbox.page.look import Look
from sandbox.page.markdown import markdown
from sandbox.page.mrkdwn import mrkdwn
from sandbox.page.rich_text import rich_text
from sandbox.workspace.model import Json

__all__ = ["Look", "render_blocks", "render_mrkdwn"]

_TEMPLATES = Path(__file__).with_name("templates")


def render_blocks(blocks: Sequence[Json], look: Look) -> Markup:
    """The blocks one below the other; their block ids and action ids are filled in, as the workspace keeps them."""
    template = _environment().get_template("blocks.html")
    return Markup(template.render(blocks=blocks, pen=_Pen(look)))  # noqa: S704 - the template escapes


def render_mrkdwn(text: str, look: Look) -> Markup:
    """A message's text where it has no blocks."""
    return Markup('<div class="bk"><div class="bk-text" dir="auto">{}</div></div>').format(mrkdwn(text, look))


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Pen:
    """Everything that a template asks for, bound to one reader's look."""

    attributes = staticmethod(controls.attributes)
    is_group = staticmethod(controls.is_group)
    prompt = staticmethod(controls.prompt)
    is_safe = staticmethod(inline.is_safe)
    markdown = staticmethod(markdown)

    def __init__(self, look: Look) -> None:
        self._look = look

    def words(self, text: Json) -> Markup:
        return controls.text_of(text, self._look)

    def rich(self, element: Json) -> Markup:
        return rich_text(element["elements"], self._look)

    def labelled(self, block: Json, element: Json) -> dict[str, str]:
        return controls.labelled(block, element, self._look)

    def id(self, block: Json, element: Json) -> str:
        return controls.element_id(block, element, self._look)

    def held(self, block: Json, element: Json) -> object:
        return controls.held(block, element, self._look)

    def choices(self, block: Json, element: Json) -> list[controls.Choices]:
        return controls.choices(block, element, self._look)

    def chosen(self, block: Json, element: Json) -> list[controls.Choice]:
        return controls.chosen(block, element, self._look)

    def picture(self, image: Json) -> str | None:
        """Where the browser finds an image, or None when it can't be had."""
        if "slack_file" in image:
            return self._look.files.get(image["slack_file"].get("id", ""))
        url = str(image["image_url"])
        return url if url.startswith(("https:", "http:")) and inline.is_safe(url) else None

    def alignment(self, table: Json, column: int) -> str:
        """The classes of a table's column."""
        settings = table.get("column_settings", [])
        setting = settings[column] if column < len(settings) else {}
        wrapped = " bk-wrapped" if setting.get("is_wrapped") else ""
        return f"bk-{setting.get('align', 'left')}{wrapped}"
