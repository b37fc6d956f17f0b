"""What the bot suggested to people for the selects whose options it looks up itself."""

from collections.abc import Mapping, Sequence

from sandbox.workspace.model import Json


class Suggestions:
    """By person and screen (a message or a modal): each option that was suggested there for an element.

    Earlier suggestions stay, because what was chosen from them is still chosen when the next letters are typed.
    """

    def __init__(self) -> None:
        """Start without any."""
        self._kept: dict[tuple[str, str], dict[str, list[Json]]] = {}

    def keep(self, user: str, screen: str, path: str, options: Sequence[Json]) -> None:
        """Let a person choose these for the element of this path."""
        kept = self._kept.setdefault((user, screen), {}).setdefault(path, [])
        kept += [option for option in options if option not in kept]

    def on(self, user: str, screen: str) -> Mapping[str, Sequence[Json]]:
        """What a person may choose on a screen, by the path of the element."""
        return self._kept.get((user, screen), {})
