"""Slack's limits and our own, and how what is longer is cut: always visibly, with a count of what was left out.

Slack's numbers are those of its Block Kit reference. That a whole message is refused near 13,200 characters although
every block is within its own limit is not documented; people met it (slackapi/bolt-js issue 2509). Ours keep a text
readable where Slack would take more. No other module of the bot states how long a text may be.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

Thing = TypeVar("Thing")

# Slack's, of single texts.
HEADER = 150
SECTION = 3000
LABEL = 2000
ALT_TEXT = 2000
PLACEHOLDER = 150
BUTTON = 75
BUTTON_VALUE = 2000
OPTION = 75
OPTION_VALUE = 150
URL = 3000
CONFIRM_TITLE = 100
CONFIRM = 300
CONFIRM_BUTTON = 30
MODAL_TITLE = 24
METADATA = 3000
PLAIN_TEXT_INPUT = 3000
# More than any id of a user or a channel has had.
ID = 30
# Of how many there may be; Slack says nothing of the pieces of a sentence.
PIECES = 100
OPTIONS = 100
CHECKBOXES = 10
BLOCKS = 50
TABLE_ROWS = 100
TABLE_COLUMNS = 20
VIEW_BLOCKS = 100
# Of all together. Slack takes 250 kB of a view, and a character may be twelve bytes of its JSON, beside
# what the JSON itself takes.
MESSAGE = 12_000
# Beside them: the button by which an answer is shared, or the line that says who did.
ONE_MORE = 900
VIEW = 18_000
# All cells of a table: Slack takes 10,000 characters of them, but the rest of the message has to fit beside them.
TABLE = 9000
# Slack's advice for the text beside the blocks; it is read aloud, and stands in notifications.
FALLBACK = 4000

# Ours: a name leaves room for others; a line of a digest fits a phone's screen in four; a column, in a row of three.
NAME = 80
LINE = 180
COLUMN = 14
TABLE_WIDTH = 200
# Parts of a block of its own that share it with others, or several of which make up a message.
HALF = SECTION // 2
THIRD = SECTION // 3
QUARTER = SECTION // 4
# How many may be left out of an approval in a modal, each with a field of its own for the reason.
LEFT_OUT = 40
# How many amounts of one price may be asked for in a modal.
FIGURES = 40
# What somebody types into a field on one line, and into one of several.
ANSWER = 300
ADDRESS = 1000
# What all options of a menu may take, of the room of a message.
MENU = MESSAGE * 3 // 4
# What all options of checkboxes may take: they stand there twice, since all are ticked at first.
TICKED = MENU // 2

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_NOTHING = "\N{EN DASH}"


def cut(text: str, most: int) -> str:
    """The text, or as much of it as there is room for."""
    return text if len(text) <= most else text[: most - 1].rstrip() + _ELLIPSIS


def filled(text: str, most: int) -> str:
    """The same; a dash where there is nothing to read, since Slack takes no empty text."""
    return cut(text, most) if text.strip() else _NOTHING


def whole(text: str, most: int) -> str:
    """The text, or nothing where it is too long: half an id would be somebody else's."""
    return text if len(text) <= most else ""


def listed(things: Sequence[Thing], most: int, joint: str = ", ", show: Callable[[Thing], str] = str) -> str:
    """The things in one text of at most so many characters; where they don't all fit, how many more there are.

    No more of them are put into words than there is room for.
    """
    kept: list[str] = []
    room = most
    for thing in things:
        words = show(thing)
        room -= len(words) + (len(joint) if kept else 0)
        kept.append(words)
        if room < 0:
            break
    if room >= 0:
        return joint.join(kept)
    while len(kept) > 1:
        kept.pop()
        text = joint.join([*kept, _more(len(things) - len(kept))])
        if len(text) <= most:
            return text
    rest = f"{joint}{_more(len(things) - 1)}" if len(things) > 1 else ""
    return cut(kept[0], most - len(rest)) + rest


def pieces(
    things: Iterable[Thing], most: int, joint: str = ", ", show: Callable[[Thing], str] = str
) -> Iterator[tuple[str, int]]:
    """The things in order, as many in a text as fit into so many characters, with their number; a longer one is cut.

    They are put into words one by one, as they are asked for.
    """
    kept: list[str] = []
    length = 0
    for thing in things:
        words = cut(show(thing), most)
        if kept and length + len(joint) + len(words) > most:
            yield joint.join(kept), len(kept)
            kept, length = [], 0
        length += len(words) + (len(joint) if kept else 0)
        kept.append(words)
    if kept:
        yield joint.join(kept), len(kept)


def length(value: object) -> int:
    """How long blocks, or parts of them, are for Slack: every text in them, the names of their kinds too."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(length, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(length, value))
    return 0


def shortened(value: Any, most: int) -> Any:
    """Blocks, or parts of them, in which no text that somebody reads is longer than so many characters."""
    if isinstance(value, dict):
        return {
            key: cut(inner, most) if key in {"text", "alt_text"} and isinstance(inner, str) else shortened(inner, most)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [shortened(inner, most) for inner in value]
    return value


def _more(count: int) -> str:
    return f"and {count:,} more"
