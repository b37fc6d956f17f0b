"""A digest: what needs somebody first, then the next run and what moved in a month.

It is read on a phone, on the way to work: each list is short, and says how many more there are and where to see them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from billing.money import plain
from bot.message import Json, Message
from bot.views import limits, parts
from bot.views.changes import headline
from bot.views.fitting import Body
from bot.views.limits import Thing
from bot.views.surfaces import message, said
from commands.alerts import AlertView
from commands.digest_cards import DigestView, Movement, NextRun, PeopleView, WaitingChange
from commands.digest_revenue import CurrencyRevenue, RevenueView
from commands.run_cards import RunClientView
from documents.format import Format, day, month, one_line

# What somebody reads on the way to work; the room of a message would do for three times as many.
FEW = 8
"""How many a list shows."""
_NO_CLIENTS = "There is no client yet, so there is nothing to tell: rollcall import BOOK --apply brings them."


def digest_card(digest: DigestView) -> Message:
    """The digest as its channel is sent it: a message of its own, which nothing edits later."""
    return replace(digest_answer(digest), closes=True)


def digest_answer(digest: DigestView) -> Message:
    """The digest for whoever asks."""
    if not digest.clients:
        return said(_NO_CLIENTS)
    if digest.quiet:
        return said(f"Nothing waits, and nothing has moved. {_next_run_in_short(digest.run)}")
    needed = _needed(digest)
    title = "; ".join(needed) if needed else "Nothing waits for you"
    blocks = [parts.header(title), *_needs_somebody(digest), *_facts(digest), parts.small(_small_print(digest))]
    return message(f"{title}. {_next_run_in_short(digest.run)}", Body(blocks))


def _needed(digest: DigestView) -> list[str]:
    """What there is to do, in the order in which it should be done."""
    run = digest.run
    steps = [(len(digest.alerts), "directory needs somebody", "directories need somebody")]
    steps += [(len(digest.changes), "change to decide", "changes to decide")]
    if run is not None:
        steps += [
            (len(run.held), "client held", "clients held"),
            (run.to_approve, "draft to approve", "drafts to approve"),
            (run.to_issue, "invoice to issue", "invoices to issue"),
        ]
    steps.append((digest.given_up, "card given up (/rollcall status)", "cards given up (/rollcall status)"))
    found = [counted(count, one, many) for count, one, many in steps if count]
    return [*found, f"run of {day(run.bill_date)} to start"] if run and run.due and not run.started else found


def _needs_somebody(digest: DigestView) -> list[Json]:
    held = digest.run.held if digest.run else ()
    alerts, changes = digest.alerts, digest.changes
    blocks = [
        few(f"Directories that need somebody ({len(alerts)})", alerts, _alert, "/reconcile xlsx") if alerts else None,
        few(f"Waiting for approval ({len(changes)})", changes, _change, "/changes xlsx") if changes else None,
        few(f"Held in the run ({len(held)})", held, _held, "/run xlsx") if held else None,
    ]
    return [block for block in blocks if block is not None]


def _alert(alert: AlertView) -> str:
    return line(" ".join((f"{alert.title}.", *alert.sentences[:1])))


def _held(client: RunClientView) -> str:
    return line(f"{parts.name(client.client_name)}: {limits.listed(client.causes, limits.LINE * 2, ' ')}")


def _change(waiting: WaitingChange) -> str:
    change = waiting.change
    monthly = Format(change.locale, change.currency).signed(change.monthly_minor)
    since = f"for {counted(waiting.days, 'day', 'days')}" if waiting.days else "since today"
    return line(f"{headline(change)}, {monthly} a month, {since}")


def _facts(digest: DigestView) -> list[Json]:
    run = [parts.titled(run_title(digest.run), run_state(digest.run))] if digest.run else []
    return [*run, _people(digest.people), *revenue_lists(digest.revenue)]


def run_title(run: NextRun) -> str:
    """Which run it is, and how many clients are in it."""
    which = "Run under way" if run.started else "Next run"
    return f"{which}: {day(run.bill_date)}, {counted(run.clients, 'client', 'clients')}"


def run_state(run: NextRun) -> str:
    """How far it is."""
    if not run.started:
        return f"Its day has come: /run {run.bill_date} start" if run.due else "Not started yet"
    stages = (
        (len(run.held), "held"),
        (run.to_approve, "to approve"),
        (run.to_issue, "to issue"),
        (run.issued, "issued"),
    )
    return ", ".join(f"{count} {words}" for count, words in stages if count)


def _next_run_in_short(run: NextRun | None) -> str:
    return f"{run_title(run)}." if run else "No run is ahead."


def _people(people: PeopleView) -> Json:
    moved = people.after - people.before
    against = f"{_moved(moved)} since {day(people.since)}" if moved else f"as on {day(people.since)}"
    title = f"People: {plain(people.after)}, {against}"
    if not people.movements:
        return parts.rich(parts.text(title, bold=True))
    return few(title, people.movements, _movement, "/users <client>")


def _movement(each: Movement) -> str:
    return f"{parts.name(each.client_name)}: {plain(each.before)} → {plain(each.after)}"


def _moved(by: Decimal) -> str:
    return f"+{plain(by)}" if by > 0 else plain(by)


def revenue_lists(revenue: RevenueView) -> list[Json]:
    """The sums of a month against the month before, each currency by itself; nothing where there is none."""
    lines = [_sum(each, revenue) for each in revenue.sums]
    if revenue.unpriced:
        lines.append(f"Without {parts.names(revenue.unpriced, limits.LINE)}: no draft can be made")
    stands = ", as it stands" if revenue.expected else ""
    title = f"Revenue of {month(revenue.month)}{stands}, before tax"
    return [few(title, lines, str, "/run status")] if lines else []


def _sum(currency: CurrencyRevenue, revenue: RevenueView) -> str:
    written = Format(currency.locale, currency.currency)
    # Each currency is written as at home, so two kinds of dollars look the same without their codes.
    code = f"{currency.currency}: " if len(revenue.sums) > 1 else ""
    amount, before = f"{code}{written.money(currency.amount_minor)}", month(revenue.month_before)
    if currency.before_minor is None:
        return f"{amount}, nothing in {before}"
    moved_minor = currency.amount_minor - currency.before_minor
    return f"{amount}, {written.signed(moved_minor)} against {before}" if moved_minor else f"{amount}, as in {before}"


def _small_print(digest: DigestView) -> str:
    return f"{counted(digest.clients, 'client', 'clients')} on {day(digest.on)}. /rollcall digest shows it as of now."


def few(title: str, things: Sequence[Thing], show: Callable[[Thing], str], where: str) -> Json:
    """A line for each of the first few, and how many more there are where."""
    shown = [show(thing) for thing in things[:FEW]]
    if len(things) > len(shown):
        shown.append(f"and {len(things) - len(shown):,} more: {where}")
    return parts.titled(title, "\n".join(shown))


def line(words: str) -> str:
    """What fits into a few lines on a phone."""
    return limits.cut(one_line(words), limits.LINE)


def counted(count: int, one: str, many: str) -> str:
    """A number of things."""
    return f"{count} {one if count == 1 else many}"
