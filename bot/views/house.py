"""The bot itself: its help, how it is doing, and the question which client was meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.actions import Act
from bot.message import Message
from bot.views import limits, parts, undelivered
from bot.views.fitting import Body, Piece
from bot.views.surfaces import message
from commands.examples import Examples
from commands.roles import RoleGrant
from documents.format import day, one_line


@dataclass(frozen=True, slots=True)
class Choice:
    """One client that may have been meant, and the command line that asks for it."""

    name: str
    slug: str
    line: str


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is doing; `fixed` is the business date where settings fix it."""

    version: str
    clients: int
    changes_waiting: int
    cards_owed: int
    problems: tuple[str, ...]
    fixed: date | None
    given_up: int = 0


def help_card(usages: Sequence[tuple[str, str]], about: Examples | None = None) -> Message:
    """Every command that there is, and some as they would be typed about what there is."""
    title = "Rollcall: what you can ask"
    lines = "\n".join(f"{usage}\n    {meaning}" for usage, meaning in usages)
    here = (parts.titled("For example", "\n".join(typed_examples(about))),) if about else ()
    naming = "A client is named by slug, by name, or by any part that only one has."
    threads = "In threads, write @rollcall in place of /rollcall."
    closing = f"{naming} {threads} Answers are for your eyes only, until you press Share."
    return message(title, Body((parts.header(title), parts.paragraph(lines), *here, parts.small(closing))))


def typed_examples(about: Examples) -> tuple[str, ...]:
    """Commands as they would be typed, about what there is."""
    client = parts.name(about.client)
    return (
        f"/invoice {client} preview",
        f"/invoice {client} history",
        f"/invoice {client} xlsx",
        *([f"/quote {client} +3 {parts.name(about.roster)}"] if about.roster else ()),
        f"/users {client}",
        *([f"/users {client} why {parts.name(about.who)}"] if about.who else ()),
        f"/changes {client}",
        f"/reconcile {client}",
        f"/client {client}",
        *([f"/run {about.bill_date} start"] if about.bill_date else ()),
    )


def roles_card(grants: Sequence[RoleGrant]) -> Message:
    """Who may do what: a Slack user or user group each, and its role."""
    title = "Who may do what"
    given = (Piece((parts.rich(parts.text(f"{each.role}: "), parts.who(each.subject)),)) for each in grants)
    told = "Each role may do what the ones before it may: viewer, approver, biller, admin."
    bottom = parts.small(f"{told} They are given on the command line: rollcall role grant.")
    return message(title, Body((parts.header(title),), given, (bottom,), len(grants), "rollcall role list"))


def status_card(health: Health) -> Message:
    """What waits, and what is wrong."""
    title = f"Rollcall {health.version} is running"
    lines = [
        f"Clients: {health.clients}",
        f"Changes waiting for approval: {health.changes_waiting}",
        f"Cards not delivered yet: {health.cards_owed}",
    ]
    if health.given_up:
        lines.append(f"Cards given up after a day, until somebody presses Try again: {health.given_up}")
    if health.fixed:
        lines.append(f"The business date is fixed to {day(health.fixed)} by ROLLCALL_TODAY")
    problems = limits.listed(health.problems, limits.SECTION, "\n", one_line)
    wrong = (parts.titled("What is wrong", problems), undelivered.again()) if problems else ()
    return message(title, Body((parts.header(title), parts.paragraph("\n".join(lines)), *wrong)))


def picker(asked: str, choices: Sequence[Choice]) -> Message:
    """Asks which of several clients was meant."""
    question = f"'{parts.name(asked)}' fits {len(choices):,} clients. Which one?"
    offered = parts.options((f"{parts.name(each.name)} ({each.slug})", each.line) for each in choices)
    menu = (parts.menu("Choose a client", Act.PICK_CLIENT, offered),) if offered else ()
    left_out = len(choices) - len(offered)
    note = (parts.small(f"\N{HORIZONTAL ELLIPSIS} and {left_out:,} more: type more of the name."),) if left_out else ()
    return message(question, Body((parts.paragraph(question), *menu, *note)))
