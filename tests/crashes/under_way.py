"""Which card was being posted when a process died: Slack may have it by then, and we have no record of it."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.cards import card
from commands.notices import Owed
from storage.database import Database
from tests.crashes.truth import rows

_LEASED = "SELECT id FROM channels WHERE leased_until IS NOT NULL"
_NEVER_POSTED = """
SELECT id, kind, subject, channel, wanted, attempts, thread_of FROM notices
WHERE wanted > shown AND ts IS NULL ORDER BY not_before IS NOT NULL, id
"""


@dataclass(frozen=True, slots=True)
class Post:
    """A card on its way into a channel; the heading tells it from others, whatever state it shows."""

    channel: str
    heading: str

    def is_of(self, channel: str, words: str) -> bool:
        """Whether a message is this card."""
        return channel == self.channel and self.heading in words


def posts_under_way(file: Path, default_channel: str) -> tuple[Post, ...]:
    """What the dead process may have been posting: the first card in each channel that it held, if that has none yet.

    A sender takes a channel before it posts, sends one card after the other, and gives the channel back. The replies
    stand in a line of their own, since they wait for their cards.
    """
    leased = {channel for (channel,) in rows(file, _LEASED)}
    found: dict[tuple[str, bool], Post] = {}
    with closing(Database(f"sqlite:///{file}")) as database:
        for number, kind, subject, channel, wanted, attempts, thread_of in rows(file, _NEVER_POSTED):
            where = str(channel or default_channel)
            line = (where, thread_of is not None)
            if where in leased and line not in found:
                owed = Owed(
                    int(str(number)), str(kind), str(subject), where, None, int(str(wanted)), int(str(attempts))
                )
                found[line] = Post(where, _heading(database, owed))
    return tuple(found.values())


def unexplained(repeated: Sequence[tuple[str, str]], under_way: Iterable[Post]) -> list[tuple[str, str]]:
    """The repeated messages (channel and words) that aren't each the one repetition of a card that was under way."""
    left, found = list(under_way), []
    for channel, words in repeated:
        post = next((post for post in left if post.is_of(channel, words)), None)
        if post is None:
            found.append((channel, words))
        else:
            left.remove(post)
    return found


def _heading(database: Database, owed: Owed) -> str:
    """How the card begins: a change's headline, or a run without what it counts, which moves on."""
    shown = card(database, owed)
    text = str(shown.blocks[0]["text"]["text"]) if shown else ""
    return text.partition(":")[0] if owed.kind == "run" else text


def _int(value: object) -> int:
    return int(str(value))
