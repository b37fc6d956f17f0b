"""One client at a glance."""

from collections.abc import Iterator
from itertools import chain

from bot.actions import Act
from bot.message import Json, Message
from bot.views import limits, parts, sentences
from bot.views.changes import BEFORE_TAX, headline
from bot.views.fitting import Body, Piece
from bot.views.surfaces import message
from commands.client_cards import AgreementSummary, Amounts, ClientView, DirectoryHealth, RosterCount
from documents.format import Format, day

# In one block, so that many of them take few.
_DIRECTORIES_TOGETHER = 10
_HELD = ", and what it says since is held, since it would change too much at once"
_CYCLES = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}


def client_card(client: ClientView) -> Message:
    """What it pays and for whom, where its people are read, and what is open."""
    about = client.client
    seats = sum(roster.seats for roster in client.rosters)
    title = f"{parts.name(about.name)}: {seats:,} {'user' if seats == 1 else 'users'}"
    facts = [about.slug, about.currency, about.timezone, f"due in {client.terms_days} days"]
    facts += [f"billed on day {client.bill_day}"] if client.bill_day else []
    small = [parts.text(" \N{MIDDLE DOT} ".join(parts.name(fact) for fact in facts))]
    where = [parts.text(" \N{MIDDLE DOT} "), parts.channel(about.channel)] if about.channel else []
    top = (parts.header(title), parts.rich(*small, *where), *_open(client))
    middle = chain(_rosters(client.rosters), _agreements(client.agreements), _directories(client.directories))
    things = len(client.rosters) + len(client.agreements) + len(client.directories)
    elsewhere = f"rollcall export {parts.name(about.slug)} has all of it"
    return message(title, Body(top, middle, (*_billing(client), *_buttons(client)), things, elsewhere))


def _open(client: ClientView) -> Iterator[Json]:
    """What somebody has to see to."""
    if client.held:
        codes = limits.listed(client.held, limits.LINE)
        yield parts.titled(f"Held in the billing run: {codes}", f"/reconcile {client.client.slug} says why.")
    if client.change is not None:
        waits = limits.cut(headline(client.change), limits.HALF)
        yield parts.titled("A change waits", f"{waits}. /changes {client.client.slug} has the buttons.")


def _rosters(rosters: tuple[RosterCount, ...]) -> Iterator[Piece]:
    for text, count in limits.pieces(rosters, limits.HALF, "\n", _roster):
        yield Piece((parts.titled("Paid for", text),), count)
    if not rosters:
        yield Piece((parts.titled("Paid for", "No roster: nobody is counted."),), 0)


def _roster(roster: RosterCount) -> str:
    counted = "" if roster.seats == roster.billable else f" ({roster.billable:,} count in the directories)"
    return f"{parts.name(roster.name)}: {roster.seats:,}{counted}"


def _agreements(agreements: tuple[AgreementSummary, ...]) -> Iterator[Piece]:
    for agreement in agreements:
        cycle = _CYCLES.get(agreement.months, f"every {agreement.months} months")
        end = f" until {day(agreement.end)}" if agreement.end else ""
        told = f"Since {day(agreement.start)}{end}, {cycle} in {agreement.timing}"
        lines = limits.listed(agreement.lines, limits.HALF, "\n", lambda text: f"\N{BULLET} {parts.name(text)}")
        yield Piece((parts.titled(parts.name(agreement.name), f"{told}\n{lines}".rstrip()),))
    if not agreements:
        yield Piece((parts.titled("No agreement", "Nothing is billed."),), 0)


def _directories(directories: tuple[DirectoryHealth, ...]) -> Iterator[Piece]:
    heading = [parts.text("Read from", bold=True)]
    for at in range(0, len(directories), _DIRECTORIES_TOGETHER):
        some = directories[at : at + _DIRECTORIES_TOGETHER]
        yield Piece((parts.rich_list(heading, [_directory(each) for each in some]),), len(some))
        heading = []
    if not directories:
        yield Piece((parts.titled("Read from", "No directory: numbers come from the book."),), 0)


def _directory(directory: DirectoryHealth) -> list[parts.Inline]:
    what = f"{parts.name(directory.name)} ({parts.name(directory.kind)})"
    if directory.failing_since is not None:
        return [parts.text(f"{what}: can't be read since "), sentences.moment(directory.failing_since)]
    if directory.last_read is None:
        return [parts.text(f"{what}: never read")]
    accounts = f"{directory.accounts or 0:,} {'account' if directory.accounts == 1 else 'accounts'}"
    read = [parts.text(f"{what}: {accounts}, read on "), sentences.moment(directory.last_read)]
    return [*read, parts.text(_HELD)] if directory.held else read


def _billing(client: ClientView) -> tuple[Json, ...]:
    if client.next_bill_date is None:
        return (parts.paragraph("No invoice is due after this."),)
    on = day(client.next_bill_date)
    if client.amounts is None:
        return (parts.paragraph(f"Next invoice on {on}."),)
    return (_money(client.amounts, Format(client.client.locale, client.client.currency), on),)


def _buttons(client: ClientView) -> tuple[Json, ...]:
    if not (client.may_change and client.agreements):
        return ()
    says = f"Change a price of {client.client.name}"
    return (parts.buttons(parts.button("Change a price", Act.CHANGE_PRICE, client.client.slug, says=says)),)


def _money(amounts: Amounts, written: Format, on: str) -> Json:
    coming = amounts.next_invoice_minor
    following = f"{written.money(coming)} as it stands" if coming is not None else "nothing to bill as it stands"
    monthly = f"{written.money(amounts.monthly_minor)} a month, {BEFORE_TAX}"
    return parts.titled(monthly, f"Next invoice on {on}: {following}")
