"""The chart of a head count in Slack: the picture, what it says in words, and what stands there until it comes."""

from decimal import Decimal

from slack_sdk.models.blocks import ImageBlock
from slack_sdk.models.blocks.basic_components import SlackFile

from bot.message import Message, Picture
from bot.views import limits, parts
from bot.views.fitting import Body
from bot.views.surfaces import message
from commands.headcounts import Month
from commands.history import HistoryView
from documents.charts import Curve
from documents.format import Format, day, month

_NOBODY_KNOWS = "\N{EN DASH}"


def picture_of(history: HistoryView) -> Picture | None:
    """The chart with its words; None where nobody was ever counted."""
    return Picture(history.chart, _alt(history)) if history.chart.curves else None


def shown(file_id: str, alt: str) -> Message:
    """The picture, once it is uploaded."""
    words = parts.readable(alt, limits.ALT_TEXT)
    return message(words, Body((ImageBlock(slack_file=SlackFile(id=file_id), alt_text=words).to_dict(),)))


def drawing() -> Message:
    """What stands in a modal until the picture comes."""
    return _in_small_print("The chart of the head count is being drawn\N{HORIZONTAL ELLIPSIS}")


def not_shown(reason: str) -> Message:
    """What is said when no picture came."""
    return _in_small_print(f"The chart isn't shown: {reason}")


def nobody() -> Message:
    """What is said where there is nothing to draw."""
    return _in_small_print("There is no head count to draw: no roster was ever counted or stated.")


def _in_small_print(words: str) -> Message:
    return message(words, Body((parts.small(words),)))


def count(number: Decimal | None, style: Format) -> str:
    """A number of people, or a dash where nobody knows."""
    return _NOBODY_KNOWS if number is None else style.number(number)


def _alt(history: HistoryView) -> str:
    """Every figure of the chart in words: each roster now, as proposed, and at the end of each month."""
    chart = history.chart
    span = f"from {day(chart.start)} to {day(chart.today)}"
    opening = f"Users billed to {parts.name(history.client_name)} {span}. "

    def told(place: int) -> str:
        return _told(chart.curves[place], place, history)

    return opening + limits.listed(range(len(chart.curves)), limits.ALT_TEXT - len(opening), " ", told)


def _told(curve: Curve, place: int, history: HistoryView) -> str:
    style, name = history.chart.style, parts.name(curve.name)
    now = f"{name}: {style.number(curve.steps[-1].quantity)} now"
    asked = curve.proposed
    proposed = f", {style.number(asked.quantity)} proposed from {day(asked.on)}" if asked else ""
    monthly = ", ".join(_at_the_end(each, place, style) for each in history.months[:-1])
    return f"{now}{proposed}. At the end of the month: {monthly}."


def _at_the_end(each: Month, place: int, style: Format) -> str:
    # A roster that only a proposal brings has no numbers yet.
    number = each.counts[place] if place < len(each.counts) else None
    return f"{month(each.period.start)} {count(number, style)}"
