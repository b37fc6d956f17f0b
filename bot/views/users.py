"""Who is paid for, and why somebody counts or doesn't."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from bot.message import Json, Message
from bot.views import charts, limits, parts, tables
from bot.views.fitting import Body, Piece
from bot.views.surfaces import message
from commands.headcounts import Month
from commands.history import HistoryView
from commands.users import RostersView, RosterView
from commands.why import WhyView
from documents.format import Format, day, month, one_line

# The month, who joined, who left.
_OTHER_COLUMNS = 3


def rosters_card(client: RostersView) -> Message:
    """Every roster with its names on a day."""
    title = counted(client)
    middle = (piece for roster in client.rosters for piece in _roster(roster))
    everybody = sum(len(roster.seats) or 1 for roster in client.rosters)
    elsewhere = f"/users {parts.name(client.client)} xlsx has everybody"
    return message(title, Body((parts.header(title),), middle, (), everybody, elsewhere))


def counted(client: RostersView) -> str:
    """How many are on each roster: Acme Corp on 11 Apr 2027: 45 on full."""
    rosters = limits.listed(client.rosters, limits.HALF, show=_counted)
    return f"{parts.name(client.client_name)} on {day(client.on)}: {rosters or 'no rosters'}"


def why_card(why: WhyView) -> Message:
    """Each account's verdict in a sentence, with the facts behind it."""
    counts = any(one.counts for one in (why, *why.others))
    title = f"{parts.name(why.who)} at {parts.name(why.client)}: {'counts' if counts else 'does not count'}"
    every = (why, *why.others)
    middle = (Piece((parts.paragraph(one_line(one.sentence)), parts.small("\n".join(_facts(one))))) for one in every)
    elsewhere = f"rollcall users {parts.name(why.client)} why WHO lists all"
    body = Body((parts.header(title),), middle, (), len(every), elsewhere)
    return message(f"{title}. {one_line(why.sentence)}", body)


def _facts(why: WhyView) -> list[str]:
    facts = [
        f"Since {day(why.since)}: {parts.reason(why.because)}",
        f"Account {parts.name(why.account)} in {parts.name(why.directory)}",
    ]
    return facts + ([f"On the bill since {day(why.seated_since)}"] if why.seated_since else [])


def history_card(history: HistoryView) -> Message:
    """The count by month, and who came and went; the chart of it follows."""
    title = (
        f"{parts.name(history.client_name)}: users billed, {month(history.chart.start)} to {day(history.chart.today)}"
    )
    if not history.chart.curves:
        return message(title, Body((parts.header(title), *charts.nobody().blocks)))
    whole = _table(history, title, tables.table, limits.TABLE_COLUMNS)
    plainer = _table(history, title, tables.preformatted, tables.columns_as_text())
    return message(title, whole, picture=charts.picture_of(history), plainer=plainer)


def _table(history: HistoryView, title: str, make: Callable[[tables.Rows], Json], columns: int) -> Body:
    """The card with a table of so many columns, beside those of a roster each one for the month and two for moves."""
    shown = min(len(history.chart.curves), columns - _OTHER_COLUMNS)
    left_out = len(history.chart.curves) - shown
    more = f"\N{HORIZONTAL ELLIPSIS} and {left_out:,} rosters more. " if left_out else ""
    note = "The number of a month's last day; joined and left are counted from the first count on."
    return Body((parts.header(title), make(_rows(history, shown)), parts.small(f"{more}{note}")))


def _rows(history: HistoryView, rosters: int) -> list[tuple[str, ...]]:
    style = history.chart.style
    names = (limits.cut(parts.name(curve.name), limits.COLUMN) for curve in history.chart.curves[:rosters])
    rows = [("month", *names, "joined", "left")]
    for each in history.months:
        counts = (charts.count(number, style) for number in each.counts[:rosters])
        rows.append((month(each.period.start), *counts, *_moved(each, style)))
    return rows


def _moved(each: Month, style: Format) -> tuple[str, ...]:
    numbers = (None if number is None else Decimal(number) for number in (each.joined, each.left))
    return tuple(charts.count(number, style) for number in numbers)


def _counted(roster: RosterView) -> str:
    """How many are paid for; also how many count, while a change of it waits."""
    seats = f"{len(roster.seats)} on {parts.name(roster.name)}"
    return seats if roster.billable == len(roster.seats) else f"{seats} ({roster.billable} count)"


def _roster(roster: RosterView) -> Iterator[Piece]:
    """The names in as many paragraphs as they need, so that a long roster is only cut where the message ends."""
    title = f"{parts.name(roster.name)} ({len(roster.seats)})"
    if not roster.seats:
        yield Piece((parts.titled(title, "Nobody"),))
    for text, count in limits.pieces(roster.seats, limits.HALF, show=lambda seat: parts.name(seat.name)):
        yield Piece((parts.titled(title, text) if title else parts.paragraph(text),), count)
        title = ""
