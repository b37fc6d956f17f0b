"""What is said in Slack: blocks, and a text for notifications and screen readers."""

from dataclasses import dataclass
from typing import Any, NewType

from documents.charts import Chart

Json = dict[str, Any]
ModalView = NewType("ModalView", Json)
"""A modal as Slack is sent it; `bot.views.surfaces` makes it."""
HomeTab = NewType("HomeTab", Json)
"""The same of a home tab."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, and what it says in words, for whoever doesn't see it."""

    chart: Chart
    alt: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message, made by `bot.views.surfaces`; `text` is plain, and is escaped on its way out.

    `closes` says that the subject is over: should it come up again, it gets a message of its own. A `picture` takes a
    while, and follows in a message of its own. Under the `reference` that it names, the log says more. Where some of
    the blocks are of a kind that not every workspace takes yet, the `plainer` ones say the same.
    """

    text: str
    blocks: tuple[Json, ...] = ()
    closes: bool = False
    picture: Picture | None = None
    reference: str | None = None
    plainer: tuple[Json, ...] = ()

    def as_arguments(self) -> Json:
        """The arguments of Slack's methods."""
        return {"text": escaped(self.text), "blocks": list(self.blocks)}


def escaped(text: str) -> str:
    """A text without pings and links. Only & < > are escaped: that is what Slack asks for."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
