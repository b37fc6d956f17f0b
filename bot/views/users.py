"""Who is paid for, and why somebody counts or doesn't."""

from bot.message import Json, Message
from bot.views import limits, parts
from commands.users import RostersView, RosterView, WhyView
from documents.format import day, one_line


def rosters_card(client: RostersView) -> Message:
    """Every roster with its names on a day."""
    counted = ", ".join(f"{roster.billable} on {parts.name(roster.name)}" for roster in client.rosters)
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
