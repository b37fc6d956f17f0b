"""The story as it is printed: a heading a day, then what happens, and what a terminal or Slack shows."""

import textwrap
from collections.abc import Mapping
from datetime import date

from sandbox.story.errors import StoryBroke
from sandbox.workspace.records import MessageSeen

_WIDTH = 80
_MARGIN = "  | "


class Teller:
    """Prints on standard output. `people` are users by id, whom Slack's screen shows by name."""

    def __init__(self, people: Mapping[str, str]) -> None:
        """Has told nothing yet."""
        self._people = people

    def name(self, user: str) -> str:
        """What a user is called."""
        return self._people[user]

    def day(self, day: date, title: str) -> None:
        """A new chapter."""
        self.say("", "=" * _WIDTH, f"{day:%A}, {day.day} {day:%B %Y}: {title}")

    def happens(self, sentence: str) -> None:
        """Something that people or companies do."""
        self.say("", sentence)

    def terminal(self, command: str, output: str, *, first: int | None = None, last: int = 0) -> None:
        """A command and what it printed; with `first`, only so many lines from the top and `last` from the bottom."""
        lines = _margined(output)
        if first is not None and len(lines) > first + last:
            left_out = len(lines) - first - last
            lines = [*lines[:first], f"{_MARGIN}... {left_out} lines more ...", *lines[len(lines) - last :]]
        self.say("", f"  $ {command}", *lines)

    def slack(self, where: str, message: MessageSeen) -> None:
        """What somebody sees in Slack."""
        edited = " (edited)" if message.edits else ""
        only = ", for one pair of eyes" if message.only_for else ""
        said = message.said
        for user, name in self._people.items():
            said = said.replace(user, f"@{name}")
        self.say("", f"  {where}, Rollcall{edited}{only}:", *_margined(said))

    def say(self, *lines: str) -> None:
        """Lines as they are."""
        for line in lines:
            print(line, flush=True)  # noqa: T201 - the demo is a program whose answer is what it prints


def _margined(text: str) -> list[str]:
    return [wrapped for line in text.splitlines() for wrapped in _wrapped(line)]


def _wrapped(line: str) -> list[str]:
    if len(line) <= _WIDTH:
        return [f"{_MARGIN}{line}".rstrip()]
    return textwrap.wrap(
        line, _WIDTH, initial_indent=_MARGIN, subsequent_indent=_MARGIN, break_long_words=False, break_on_hyphens=False
    )


def must_say(shown: str, what: str, *words: str) -> None:
    """Raises StoryBroke unless the text says all of these words."""
    missing = [word for word in words if word not in shown]
    if missing:
        raise StoryBroke(f"{what} should say {', '.join(missing)}, but it says:\n{shown}")
