"""Where the amounts of a document come from, so that it can be followed on a phone: by line, then by change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from bot.message import Message
from bot.views import limits, parts, sentences
from bot.views.fitting import Body, Piece
from bot.views.surfaces import message
from commands.explain import Explained, Explanation
from documents.document import Document
from documents.format import day, within_sentence
from documents.presentation import outlined
from documents.sources import Source, told


@dataclass(frozen=True, slots=True)
class _Detail:
    """How much is said of a line: so many figures, sources, and names a source."""

    figures: int
    sources: int
    names: int


_IN_SHORT = _Detail(figures=5, sources=4, names=4)
_ALONE = _Detail(figures=40, sources=60, names=60)
# A list of so many points is one block, which is shown or left out as a whole; so a long line is cut at a list's end.
_IN_A_LIST = 10


def explained_card(explained: Explained) -> Message:
    """A paragraph and a list for each line: in short for a whole document, in full for lines that were asked for."""
    document = explained.document
    shown = outlined(document)
    which = document.number or f"of {day(document.draft.bill_date)}, not issued yet,"
    title = f"{parts.name(document.buyer.name)}: {shown.heading.lower()} {which} explained"
    top = [parts.header(title)]
    if explained.asked is None:
        one = parts.name(explained.lines[0].name) if explained.lines else "LINE"
        about = f"Each line in short. In full, one by one: /invoice {parts.name(document.draft.client)} explain {one}"
        top.append(parts.small(f"{shown.total.label} {shown.total.value}. {about}"))
        middle, things = _in_short(explained), len(explained.lines)
    else:
        middle = (piece for line in explained.lines for piece in _alone(line, document))
        things = sum(_points_of(line) for line in explained.lines)
    # Amounts that nobody has issued yet are explained in Slack alone.
    accounts = document.number and parts.small(
        f"The directory accounts behind every name: rollcall explain {document.number}"
    )
    return message(title, Body(top, middle, (accounts,) if accounts else (), things, _pointer(explained)))


def _pointer(explained: Explained) -> str:
    """Where that is for which there is no room."""
    ways = []
    if explained.asked is None and explained.lines:
        ways.append(f"ask for one line, as in explain {parts.name(explained.lines[-1].name)}")
    if explained.document.number:
        ways.append(f"rollcall explain {explained.document.number} has all of it")
    return " or ".join(ways)


def _in_short(explained: Explained) -> Iterator[Piece]:
    """Every line; one that counts what another counted before it only refers to that."""
    before: dict[tuple[Source, ...], int] = {}
    for line in explained.lines:
        same = before.setdefault(line.sources, line.line) if line.sources else line.line
        if same == line.line:
            points = list(_points(line.sources, explained.document, _IN_SHORT))
        else:
            points = [_point(f"Counted as on line {same}")]
        left_out = len(line.sources) - _IN_SHORT.sources
        if same == line.line and left_out > 0:
            points.append(_point(f"and {left_out:,} before: explain {parts.name(line.name)}"))
        yield Piece((parts.rich_list(_heading(line, _IN_SHORT), points),))


def _points_of(line: Explanation) -> int:
    """How many points there are to show of a line, its heading among them."""
    return 1 + min(len(line.sources), _ALONE.sources) + len(line.taxes)


def _alone(line: Explanation, document: Document) -> Iterator[Piece]:
    before = len(line.sources) - _ALONE.sources
    left_out = (_point(f"and {before:,} before these"),) if before > 0 else ()
    points = chain(left_out, _points(line.sources, document, _ALONE), map(_point, line.taxes))
    first = list(islice(points, _IN_A_LIST))
    yield Piece((parts.rich_list(_heading(line, _ALONE), first),), 1 + len(first))
    while more := list(islice(points, _IN_A_LIST)):
        yield Piece((parts.rich_list((), more),), len(more))


def _heading(line: Explanation, detail: _Detail) -> list[parts.Inline]:
    title = limits.cut(f"{line.line}. {line.heading}", limits.QUARTER)
    figures = [limits.cut(figure, limits.QUARTER) for figure in line.workings[: detail.figures]]
    left_out = len(line.workings) - len(figures)
    figures += [f"and {left_out:,} more"] if left_out else []
    return [parts.text(title, bold=True), *(parts.text(f"\n{figure}") for figure in figures)]


def _point(words: str) -> list[parts.Inline]:
    return [parts.text(limits.cut(words, limits.QUARTER))]


def _points(sources: Sequence[Source], document: Document, detail: _Detail) -> Iterator[list[parts.Inline]]:
    """The newest sources, oldest first, each with whoever approved or imported it as Slack shows people."""

    def written(name: str) -> str:
        return within_sentence(parts.name(name))

    for source in sources[-detail.sources :]:
        yield sentences.inline(told(source, document.name_of, detail.names, written))
