"""Something outside that needs a person: a directory that can't be read, or a reading that the safety catch holds."""

from bot.message import Message
from bot.views import limits, parts
from commands.alerts import AlertView
from documents.format import one_line


def alert_card(alert: AlertView) -> Message:
    """What is wrong, what it means for the bill, and what to do; or that it is over."""
    state = "Solved: " if alert.cleared else "Needs you: "
    title = f"{state}{one_line(alert.title)}"
    body = limits.listed([one_line(each) for each in alert.sentences], limits.SECTION, "\n")
    said = (parts.paragraph(body),) if body else ()
    remedy = () if alert.cleared or not alert.remedy else (parts.titled("What to do", one_line(alert.remedy)),)
    return Message(title, (parts.header(title), *said, *remedy), closes=alert.cleared)
