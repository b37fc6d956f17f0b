"""How blocks are fitted into a message or a modal: whatever is to be shown, what comes out is within Slack's limits."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.message import Json
from bot.views import limits, parts


@dataclass(frozen=True, slots=True)
class Piece:
    """Blocks that are shown or left out together; `things` is how many of what is counted they are."""

    blocks: tuple[Json, ...]
    things: int = 1


@dataclass(frozen=True, slots=True)
class Body:
    """All of `top` and `bottom`, and between them as much of `middle` as there is room for.

    Where that isn't all, a note says how many of the `things` in it were left out, and `elsewhere` where they are. The
    pieces are asked for one by one, so that none is made that there is no room for.
    """

    top: Sequence[Json]
    middle: Iterable[Piece] = ()
    bottom: Sequence[Json] = ()
    things: int = 0
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """How many blocks, and how many characters in all of them, there is room for."""

    blocks: int
    characters: int

    def takes(self, blocks: Sequence[Json]) -> bool:
        """Whether the blocks fit."""
        left = self.beside(blocks)
        return left.blocks >= 0 and left.characters >= 0

    def beside(self, blocks: Sequence[Json]) -> "Room":
        """The room that is left beside blocks; less than none where they don't fit."""
        return Room(self.blocks - len(blocks), self.characters - limits.length(blocks))


# One block is left for what is put below a message that is made already.
IN_A_MESSAGE = Room(limits.BLOCKS - 1, limits.MESSAGE)
IN_A_VIEW = Room(limits.VIEW_BLOCKS, limits.VIEW)


def fitted(body: Body, room: Room) -> tuple[Json, ...]:
    """The blocks of the body as they fit into the room."""
    kept, left = [], room.beside([*body.top, *body.bottom])
    for piece in body.middle:
        left = left.beside(piece.blocks)
        kept.append(piece)
        if not left.takes(()):
            return _cut(body, kept, room)
    return _squeezed((*body.top, *_blocks(kept), *body.bottom), room)


def in_a_file(noun: str, clients: Collection[str]) -> str:
    """Which command brings the whole of a list that is cut: of the one client that it is about, or of all."""
    of = f" {parts.name(next(iter(clients)))}" if len(clients) == 1 else ""
    return f"/{noun}{of} xlsx has them all"


def _cut(body: Body, kept: list[Piece], room: Room) -> tuple[Json, ...]:
    """The body with as many pieces, of those that were tried, as leave room for the note."""
    while kept:
        kept.pop()
        note = _note(body, sum(piece.things for piece in kept))
        blocks = (*body.top, *_blocks(kept), note, *body.bottom)
        if room.takes(blocks):
            return blocks
    return _squeezed((*body.top, _note(body, 0), *body.bottom), room)


def _squeezed(blocks: Sequence[Json], room: Room) -> tuple[Json, ...]:
    """Blocks of which none may be left out: their texts are cut until all fit, the longest first.

    Only what no view makes, such as a thousand blocks that all must stay, loses its last ones.
    """
    most = limits.SECTION
    while not room.takes(blocks) and most > limits.NAME:
        most = most * 3 // 4
        blocks = [limits.shortened(block, most) for block in blocks]
    while blocks and not room.takes(blocks):
        blocks = blocks[:-1]
    return tuple(blocks)


def _note(body: Body, shown: int) -> Json:
    where = f": {body.elsewhere}" if body.elsewhere else ""
    return parts.small(f"\N{HORIZONTAL ELLIPSIS} and {max(body.things - shown, 1):,} more{where}.")


def _blocks(kept: Iterable[Piece]) -> list[Json]:
    return [block for piece in kept for block in piece.blocks]
