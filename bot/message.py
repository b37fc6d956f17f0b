"""What is said in Slack: blocks, and a text for notifications and screen readers."""

from dataclasses import dataclass
from typing import Any

from documents.charts import Chart

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, and what it says in words, for whoever doesn't see it."""

    chart: Chart
    alt: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message; `text` is plain, and is escaped on its way out.

    `closes` says that the subject is over: should it come up again, it gets a message of its own. A `picture` takes a
    while, and follows in a message of its own.
    """

    text: str
    blocks: tuple[Json, ...] = ()
    closes: bool = False
    picture: Picture | None = None

    def as_arguments(self) -> Json:
        """The arguments of Slack's methods. Only & < > are escaped: that is what stops pings and links."""
        escaped = self.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return {"text": escaped, "blocks": list(self.blocks)}
