"""Who is paid for, and why somebody counts or doesn't."""

from collections.abc import Sequence
from decimal import Decimal

from billing.headcount import Month
from bot.message import Json, Message
from bot.views import charts, limits, parts
from commands.history import HistoryView
from commands.users import RostersView, RosterView, WhyView
from documents.format import Format, day, month, one_line

_COLUMN = 14


def rosters_card(client: RostersView) -> Message:
    """Every roster with its names on a day."""
    counted = ", ".join(map(_counted, client.rosters))
    title = f"{parts.name(client.client_name)} on {day(client.on)}: {counted or 'no rosters'}"
    note = parts.small(f"There are more than fit here: rollcall users {client.client} lists everybody.")
    middle = [block for roster in client.rosters for block in _roster(roster)]
    return Message(title, limits.fitted((parts.header(title),), middle, (), note))


def why_card(why: WhyView) -> Message:
    """One account's verdict in a sentence, with the facts behind it."""
    title = f"{parts.name(why.who)} at {parts.name(why.client)}: {'counts' if why.counts else 'does not count'}"
    facts = [
        f"Since {day(why.since)}: {one_line(why.because)}",
        f"Account {one_line(why.account)} in {one_line(why.directory)}",
    ]
    if why.seated_since:
        facts.append(f"On the bill since {day(why.seated_since)}")
    blocks = (parts.header(title), parts.paragraph(one_line(why.sentence)), parts.small("\n".join(facts)))
    return Message(f"{title}. {one_line(why.sentence)}", blocks)


def history_card(history: HistoryView) -> Message:
    """The count by month, and who came and went; the chart of it follows."""
    title = (
        f"{parts.name(history.client_name)}: users billed, {month(history.chart.start)} to {day(history.chart.today)}"
    )
    if not history.chart.curves:
        return Message(title, (parts.header(title), *charts.nobody().blocks))
    names = [limits.cut(parts.name(curve.name), _COLUMN) for curve in history.chart.curves]
    style = history.chart.style
    rows = [
        (month(each.period.start), *(charts.count(number, style) for number in each.counts), *_moved(each, style))
        for each in history.months
    ]
    note = "The number of a month's last day; joined and left are counted from the first count on."
    blocks = (
        parts.header(title),
        parts.preformatted(_table((("", *names, "joined", "left"), *rows))),
        parts.small(note),
    )
    return Message(title, blocks, picture=charts.picture_of(history))


def _moved(each: Month, style: Format) -> tuple[str, ...]:
    numbers = (None if number is None else Decimal(number) for number in (each.joined, each.left))
    return tuple(charts.count(number, style) for number in numbers)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns of equal width: names to the left, numbers to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(_aligned(place, cell, widths) for place, cell in enumerate(row)) for row in rows]


def _aligned(place: int, cell: str, widths: Sequence[int]) -> str:
    return cell.rjust(widths[place]) if place else cell.ljust(widths[place])


def _counted(roster: RosterView) -> str:
    """How many are paid for; also how many count, while a change of it waits."""
    seats = f"{len(roster.seats)} on {parts.name(roster.name)}"
    return seats if roster.billable == len(roster.seats) else f"{seats} ({roster.billable} count)"


def _roster(roster: RosterView) -> list[Json]:
    """The names in as many paragraphs as they need, so that a long roster is only cut where the message ends."""
    if not roster.seats:
        return [parts.titled(f"{parts.name(roster.name)} (0)", "Nobody")]
    everyone = [parts.name(seat.name) for seat in roster.seats]
    paragraphs: list[list[str]] = [[]]
    for each in everyone:
        if sum(len(name) + 2 for name in paragraphs[-1]) + len(each) > limits.SECTION // 2:
            paragraphs.append([])
        paragraphs[-1].append(each)
    first, *others = [", ".join(names) for names in paragraphs]
    return [parts.titled(f"{parts.name(roster.name)} ({len(everyone)})", first), *map(parts.paragraph, others)]
